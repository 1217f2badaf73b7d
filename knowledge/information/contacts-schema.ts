import { z } from 'zod';
import { estJour, OPERATEURS } from '../vocabulaire/index.ts';

const jour = z.string().refine(estJour, 'jour attendu : AAAA-MM-JJ');
/** A year, a month or a day: sources are not all dated to the day. */
const dateSource = z
  .string()
  .regex(/^\d{4}(-\d{2}(-\d{2})?)?$/, 'date attendue : AAAA, AAAA-MM ou AAAA-MM-JJ');
const adresse = z.url({ protocol: /^https$/, error: 'adresse https attendue' });
const telephone = z
  .string()
  .regex(/^(?:0(?: ?\d){9}|\d{2,4}|\d{2} \d{2})$/, 'numéro de téléphone français attendu');

export const schemaSource = z.strictObject({
  titre: z.string().min(1),
  url: adresse,
  date: dateSource,
  confiance: z.enum(['sur', 'sur-tiers', 'deduit']),
});

export const deuxRegistres = z.strictObject({ standard: z.string().min(1), falc: z.string().min(1) });

/** `note` and `description` are text keys of « information-contacts ». */
export const schemaOperateurs = z.strictObject({
  verifieLe: jour,
  operateurs: z
    .array(
      z.strictObject({
        id: z.enum(OPERATEURS),
        nom: z.string().min(1),
        telephone: telephone.optional(),
        horaires: z.string().min(1).optional(),
        url: adresse,
        libelleUrl: z.string().min(1),
        note: z.string().min(1),
        description: z.string().min(1),
        source: schemaSource,
      }),
    )
    .length(OPERATEURS.length),
});

/** `telephone` only where the number was read for that very region (domaine § 3.1, U2). */
export const schemaRegions = z.strictObject({
  verifieLe: jour,
  licence: z.string().min(1),
  defauts: z.strictObject({ cep: adresse, transitionsPro: adresse, conseilRegional: adresse }),
  source: schemaSource,
  regions: z
    .array(
      z.strictObject({
        id: z.string().regex(/^\d{2}$/),
        portailCep: adresse,
        transitionsPro: adresse,
        conseilRegional: adresse,
        /** The regional observatory of jobs and training (Carif-Oref), only where its address was read somewhere. */
        observatoire: z
          .strictObject({ nom: z.string().min(1), url: adresse, source: schemaSource })
          .optional(),
        telephone: z
          .strictObject({ numero: telephone, horaires: z.string().min(1).optional(), source: schemaSource })
          .optional(),
      }),
    )
    .length(18, 'une entrée pour chacune des 18 régions')
    .refine((lues) => new Set(lues.map((r) => r.id)).size === lues.length, 'une région y est deux fois'),
});

export type PaquetPortails = z.output<typeof schemaRegions>;

export const schemaRelais = z.strictObject({
  verifieLe: jour,
  relais: z.array(
    z.strictObject({
      id: z.string().regex(/^[a-z0-9-]+$/),
      nom: z.string().min(1),
      description: deuxRegistres,
      contact: z
        .strictObject({ telephone: telephone.optional(), url: adresse, libelleUrl: z.string().min(1) })
        .optional(),
      source: schemaSource,
    }),
  ),
});
