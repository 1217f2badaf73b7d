import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  aiguiller,
  entreeDuScenario,
  reglesDe,
  schemaScenario,
  type ScenarioDeclare,
} from '../../knowledge/aiguillage/index.ts';
import { RACINE_PROJET } from '../../knowledge/vocabulaire/index.ts';

const DOSSIER = join(RACINE_PROJET, 'test/scenarios/aiguillage');

/** A scenario and the name of its file, without the extension. */
export type ScenarioNomme = ScenarioDeclare & { readonly nom: string };

/**
 * The scenarios that check the rules, in name order: what `npm run regles` and `/regles` show beside each rule. None where the tests were
 * not shipped; a file that is not a scenario is left out here (the tests say why, precisely).
 */
export function lireScenarios(dossier = DOSSIER): readonly ScenarioNomme[] {
  if (!existsSync(dossier)) return [];
  return readdirSync(dossier)
    .filter((f) => f.endsWith('.json'))
    .sort()
    .flatMap((f): ScenarioNomme[] => {
      const lu = schemaScenario.safeParse(JSON.parse(readFileSync(join(dossier, f), 'utf8')));
      return lu.success ? [{ ...lu.data, nom: f.replace('.json', '') }] : [];
    });
}

/** Which scenarios exercise each rule. */
export function scenariosParRegle(
  scenarios: readonly ScenarioNomme[],
): ReadonlyMap<string, readonly ScenarioNomme[]> {
  const par = new Map<string, ScenarioNomme[]>();
  for (const s of scenarios) {
    const resultat = aiguiller(entreeDuScenario(s));
    if (!resultat.ok) continue;
    for (const regle of new Set(reglesDe(resultat.valeur))) par.set(regle, [...(par.get(regle) ?? []), s]);
  }
  return par;
}
