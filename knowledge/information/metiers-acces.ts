import { z } from 'zod';
import { lireDonnees, type Registre } from '../vocabulaire/index.ts';
import type { Source } from './types.ts';

const FICHIER = 'knowledge/information/donnees/metiers-acces.json';
const registres = z.strictObject({ standard: z.string().min(10), falc: z.string().min(10) });
const schema = z.strictObject({
  source: z.strictObject({
    titre: z.string(),
    url: z.url(),
    date: z.string(),
    confiance: z.enum(['sur', 'sur-tiers', 'deduit']),
  }),
  acces: z.array(
    z.strictObject({
      rome: z.array(z.string().regex(/^[A-N]\d{4}$/u)).min(1),
      texte: registres,
    }),
  ),
});

export type AccesEcrit = { readonly texte: Readonly<Record<Registre, string>>; readonly source: Source };

let charge: ReadonlyMap<string, AccesEcrit> | undefined;

/** The checked sentence on what a métier asks for; `undefined` where none was written. */
export function accesDe(rome: string): AccesEcrit | undefined {
  if (charge === undefined) {
    const { source, acces } = lireDonnees(FICHIER, schema);
    charge = new Map(
      acces.flatMap(({ rome: codes, texte }) => codes.map((c) => [c, { texte, source }] as const)),
    );
  }
  return charge.get(rome);
}
