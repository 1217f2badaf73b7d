import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RACINE_PROJET } from '../../knowledge/vocabulaire/index.ts';

/**
 * The path of a real open-data file kept beside the project for its importers, or `undefined` after saying on the console what is then
 * checked on small hand-written data only. Raw files never enter the repository.
 */
export function echantillon(chemin: string, nonExerce: string): string | undefined {
  const complet = join(RACINE_PROJET, '../shared/samples', chemin);
  if (existsSync(complet)) return complet;
  console.warn(`Échantillon absent (${chemin}) : ${nonExerce}.`);
  return undefined;
}
