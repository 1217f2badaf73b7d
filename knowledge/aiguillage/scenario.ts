import { z } from 'zod';
import { ALERTES, DEMANDES, estJour, lireProfil, type Profil } from '../vocabulaire/index.ts';
import type { EntreeAiguillage } from './types.ts';

/**
 * A scenario of the rules as a file says it: who, on which day, from which source. What is expected of it is `attendu`, which the tests read
 * in full. Strict: a misspelt key must be one clear message.
 */
export const schemaScenario = z.strictObject({
  titre: z.string().min(1),
  source: z.string().min(1),
  le: z.string().refine(estJour, 'jour attendu : AAAA-MM-JJ'),
  demande: z.enum(DEMANDES).optional(),
  commune: z.string().optional(),
  alerte: z.enum(ALERTES).optional(),
  profil: z.custom<Profil>((brut) => lireProfil(brut).ok, 'profil refusé'),
  attendu: z.looseObject({ type: z.string() }),
});
export type ScenarioDeclare = z.output<typeof schemaScenario>;

/** What the rules read of a scenario. */
export const entreeDuScenario = (s: Omit<ScenarioDeclare, 'attendu'>): EntreeAiguillage => ({
  le: s.le,
  profil: s.profil,
  ...(s.demande === undefined ? {} : { demande: s.demande }),
  ...(s.commune === undefined ? {} : { commune: s.commune }),
  ...(s.alerte === undefined ? {} : { alerte: s.alerte }),
});
