import { aiguiller, chargerRegles, type EntreeAiguillage } from '../../knowledge/aiguillage/index.ts';
import { differences, entreeDuScenario, lireScenarios } from '../knowledge/aiguillage/scenarios.ts';

/** Mean time of one evaluation over every scenario, warm; the promise is under 10 µs. */
export function coutEvaluation(tours = 400): {
  readonly evaluations: number;
  readonly microsecondes: number;
} {
  chargerRegles();
  const entrees: readonly EntreeAiguillage[] = lireScenarios().map(entreeDuScenario);
  for (let i = 0; i < 20; i += 1) for (const e of entrees) aiguiller(e);
  const debut = performance.now();
  for (let i = 0; i < tours; i += 1) for (const e of entrees) aiguiller(e);
  const evaluations = tours * entrees.length;
  return { evaluations, microsecondes: ((performance.now() - debut) * 1000) / evaluations };
}

/** Prints what the routing costs and how many questions it asks. */
export async function bencherAiguillage(ecrire: (ligne: string) => void = console.log): Promise<void> {
  const { evaluations, microsecondes } = coutEvaluation();
  const scenarios = lireScenarios();
  const justes = scenarios.filter((s) => differences(s, aiguiller(entreeDuScenario(s))).length === 0).length;
  ecrire(
    `aiguillage : ${microsecondes.toFixed(2)} µs par évaluation (${evaluations} évaluations), promesse : moins de 10 µs`,
  );
  ecrire(`aiguillage : ${justes} scénarios justes sur ${scenarios.length}`);
}
