import { z } from 'zod';
import { DEMANDES, estJour } from '../vocabulaire/index.ts';

const jour = z.string().refine(estJour, 'jour attendu : AAAA-MM-JJ');

/** The five contents of the arrêté of 29 March 2019, § 2.3, and what makes them usable by a counsellor. */
export const SECTIONS_DOCUMENT = [
  'demande',
  'besoin',
  'situation',
  'informations',
  'decision',
  'orientation',
  'contact',
] as const;

/** The line that tells Cap emploi, and nobody else, that the person did not keep why they come. */
export const LIGNE_NON_DETAILLEE = 'orientation-non-detaillee';

/**
 * The level-1 document, versions 2 and 3 (`document-versions.ts` publishes each version as it is, and reads them all). Version 3 says how long
 * what was sent is kept, in the place of the date of what was not; a document sent in version 2 stays in it: rewriting it would break its seal. Every line is worded for people; `retirable` lines can be cut by the
 * person; `sensible: 'sante'` marks what reveals health (an orientation to Cap emploi included), shown to a recipient only if kept.
 */
export const schemaDocumentNiveau1 = z.strictObject({
  version: z.union([z.literal(2), z.literal(3)]),
  /** 1: as the person sent it; each confirmation by a counsellor makes the next one. */
  edition: z.strictObject({
    numero: z.int().min(1),
    confirmee: z.strictObject({ nom: z.string(), service: z.string(), le: jour }).optional(),
  }),
  reference: z.string().min(4).max(32),
  etabliLe: jour,
  /** Until when what was not sent is kept. A document sent in version 2 carries it too, and it does not hold there. */
  expireLe: jour.optional(),
  /** How long what was sent is kept: no date is known before the request is closed. */
  conservation: z
    .strictObject({ moisApresCloture: z.int().min(1), joursSansSuivi: z.int().min(1) })
    .optional(),
  preparePar: z.string(),
  demande: z.enum(DEMANDES),
  decision: z.enum(['poursuivre', 'arreter', 'a-decider']),
  /** Its code when the document was made: an operator that left the data since does not make a document unreadable. */
  operateur: z
    .string()
    .regex(/^[a-z][a-z-]{1,40}$/)
    .optional(),
  /** INSEE code of the commune, and the codes that follow from it. */
  territoire: z.strictObject({
    commune: z.string().optional(),
    departement: z.string().optional(),
    region: z.string().optional(),
  }),
  avertissements: z.array(z.string()),
  sections: z.array(
    z.strictObject({
      id: z.enum(SECTIONS_DOCUMENT),
      titre: z.string(),
      lignes: z.array(
        z.strictObject({
          id: z.string(),
          libelle: z.string(),
          texte: z.string(),
          retirable: z.boolean(),
          sensible: z.literal('sante').optional(),
        }),
      ),
    }),
  ),
  /** Figures the person was shown, as charts: `null` is « non publié », never 0; `texte` says the same in words. */
  reperes: z.array(
    z.strictObject({
      titre: z.string(),
      unite: z.string(),
      barres: z.array(z.strictObject({ libelle: z.string(), valeur: z.number().nullable() })),
      texte: z.string(),
      source: z.string(),
    }),
  ),
  sources: z.array(z.strictObject({ titre: z.string(), url: z.string(), date: z.string() })),
});
export type DocumentNiveau1 = z.output<typeof schemaDocumentNiveau1>;
export type ConservationEnvoi = NonNullable<DocumentNiveau1['conservation']>;
