import { z } from 'zod';
import { OPERATEURS, type Operateur } from '../../knowledge/vocabulaire/index.ts';

/**
 * A service that receives handovers: configuration, never code. Sending is offered only where one is connected: nobody is told that
 * a human will call where no human is there.
 */
export const schemaService = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  /** What people see: « Avenir Actifs Hauts-de-France ». */
  nom: z.string().min(2).max(120),
  operateur: z.enum(OPERATEURS),
  /** INSEE codes of the régions it serves. */
  regions: z.union([z.literal('toutes'), z.array(z.string().regex(/^[0-9]{2}$/)).min(1)]),
  /** True: nobody reads it; the pages say so. */
  demonstration: z.boolean(),
  /** Working days within which it promises to call back; absent: it promises nothing and the pages announce nothing. */
  delaiJoursOuvres: z.int().min(0).max(30).optional(),
  /** Its counsellors sometimes answer in the conversation itself: people may agree to it. Absent: they are not asked. */
  enDirect: z.boolean().optional(),
  telephone: z.string().max(30).optional(),
  horaires: z.string().max(200).optional(),
  /** Where to write that a file waits: a link, never the content. */
  courriel: z.email('une adresse électronique est attendue').max(254).optional(),
  /** Where to post that a file waits, signed with a secret this service alone shares. */
  webhook: z
    .strictObject({
      url: z
        .string()
        .refine(
          (v) => URL.canParse(v) && /^https?:$/.test(new URL(v).protocol),
          'une adresse https est attendue',
        ),
      secret: z.string().min(32, 'le secret doit compter au moins 32 caractères').max(200),
    })
    .optional(),
});
export type ServiceReceveur = z.output<typeof schemaService>;

/** The service for an operator and région: one that names the région rather than one that serves them all. */
export function servicePour(
  services: readonly ServiceReceveur[],
  operateur: Operateur,
  region: string | undefined,
): ServiceReceveur | undefined {
  const candidats = services.filter((s) => s.operateur === operateur);
  return (
    candidats.find((s) => s.regions !== 'toutes' && region !== undefined && s.regions.includes(region)) ??
    candidats.find((s) => s.regions === 'toutes')
  );
}
