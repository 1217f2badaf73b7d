import { aiguiller, chargerRegles, type EntreeAiguillage } from '../../knowledge/aiguillage/index.ts';
import { lirePersonas, parcourir, quantile } from '../knowledge/aiguillage/personas.ts';
import { differences, entreeDuScenario, lireScenarios } from '../knowledge/aiguillage/scenarios.ts';

/**
 * Time of one evaluation over every scenario, warm: the mean of all batches, and of the best batch, which is what the code costs when
 * nothing else holds the machine. The promise is under 10 µs.
 */
export function coutEvaluation(
  lots = 20,
  toursParLot = 20,
): {
  readonly evaluations: number;
  readonly moyenne: number;
  readonly meilleurLot: number;
} {
  chargerRegles();
  const entrees: readonly EntreeAiguillage[] = lireScenarios().map(entreeDuScenario);
  const tourner = (n: number): number => {
    const debut = performance.now();
    for (let i = 0; i < n; i += 1) for (const e of entrees) aiguiller(e);
    return ((performance.now() - debut) * 1000) / (n * entrees.length);
  };
  tourner(toursParLot * 5);
  const couts = Array.from({ length: lots }, () => tourner(toursParLot));
  return {
    evaluations: lots * toursParLot * entrees.length,
    moyenne: couts.reduce((a, b) => a + b, 0) / lots,
    meilleurLot: Math.min(...couts),
  };
}

/** Prints what one evaluation costs, and how many questions people get after their own first sentence. */
export async function bencherAiguillage(
  ecrire: (ligne: string) => void = (ligne) => {
    process.stdout.write(`${ligne}\n`);
  },
): Promise<void> {
  const { evaluations, moyenne, meilleurLot } = coutEvaluation();
  ecrire(
    `aiguillage : ${moyenne.toFixed(2)} µs par évaluation en moyenne, ${meilleurLot.toFixed(2)} µs dans le meilleur lot (${evaluations} évaluations) ; promesse : moins de 10 µs`,
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
