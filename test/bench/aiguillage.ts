import { aiguiller, chargerRegles, type EntreeAiguillage } from '../../knowledge/aiguillage/index.ts';
import { lirePersonas, parcourir, quantile } from '../knowledge/aiguillage/personas.ts';
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

/** Prints what one evaluation costs, and how many questions people get after their own first sentence. */
export async function bencherAiguillage(
  ecrire: (ligne: string) => void = (ligne) => {
    process.stdout.write(`${ligne}\n`);
  },
): Promise<void> {
  const { evaluations, microsecondes } = coutEvaluation();
  ecrire(
    `aiguillage : ${microsecondes.toFixed(2)} µs par évaluation (${evaluations} évaluations) ; promesse : moins de 10 µs`,
  );
  const scenarios = lireScenarios();
  const justes = scenarios.filter((s) => differences(s, aiguiller(entreeDuScenario(s))).length === 0);
  ecrire(`aiguillage : ${justes.length} scénarios justes sur ${scenarios.length}`);
  const parcours = lirePersonas().map(parcourir);
  const nombres = parcours.map((p) => p.questions.length);
  ecrire(
    `aiguillage : ${parcours.filter((p) => p.juste).length} personnes bien orientées sur ${parcours.length} ; ` +
      `questions après la première phrase : médiane ${quantile(nombres, 0.5)} (promesse 3), 90e centile ${quantile(nombres, 0.9)} (promesse 5)`,
  );
  for (const { persona, obtenu } of parcours.filter((p) => !p.juste))
    ecrire(`  à revoir : « ${persona.phrase} » → ${obtenu?.type ?? 'refus'}`);
}
