import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { RACINE_PROJET } from '../../../knowledge/vocabulaire/index.ts';

const objet = z.looseObject({});
const schema = z.strictObject({ note: z.string(), commun: objet, activites: z.record(z.string(), objet) });
const ENREGISTREES = schema.parse(
  JSON.parse(readFileSync(join(RACINE_PROJET, 'test', 'scenarios', 'teams', 'activites.json'), 'utf8')),
);

/** A recorded activity by its name, posted from the given connector. */
export function enregistree(nom: string, service: string, plus: object = {}): Record<string, unknown> {
  const propre = ENREGISTREES.activites[nom];
  if (propre === undefined) throw new Error(`pas d’activité « ${nom} »`);
  return { ...ENREGISTREES.commun, serviceUrl: service, ...propre, ...plus };
}
