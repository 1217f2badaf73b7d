import { z } from 'zod';
import { COMPLEMENT_MAX, SECTIONS_A_COMPLETER, type Confirmation } from '../../knowledge/dossier/index.ts';
import { masquer } from '../../knowledge/langage/index.ts';
import { ErreurHttp } from '../http/index.ts';

const schema = z.strictObject({
  /** Ticked by the counsellor: read again with the person, who agreed. Without it nothing is made in their name. */
  accord: z.literal(true),
  complements: z
    .array(
      z.strictObject({
        section: z.enum(SECTIONS_A_COMPLETER),
        texte: z.string().trim().min(1).max(COMPLEMENT_MAX),
      }),
    )
    .max(SECTIONS_A_COMPLETER.length),
});

/** What a counsellor confirms with the person, its numbers masked like everybody's. @throws {ErreurHttp} 400 */
export function lireComplements(corps: Readonly<Record<string, unknown>>): Confirmation['complements'] {
  const lu = schema.safeParse(corps);
  if (!lu.success)
    throw new ErreurHttp(
      400,
      'BadArgument',
      'The agreement of the person and 1 to 500 characters are expected.',
    );
  return lu.data.complements.map(({ section, texte }) => ({
    section,
    texte: masquer(texte).texte.slice(0, COMPLEMENT_MAX),
  }));
}
