import { OPERATEURS, type Operateur } from '../vocabulaire/index.ts';
import type { Regle } from './regles.ts';

/**
 * Puts the rules that apply in the order to show them: danger → démission-reconversion → continuité → agent public → the rest (design § 2);
 * inside « the rest », the order of `THEMES`, the most particular situation first. Main orientations come before the alternatives the law
 * leaves open. An operator that sent the person away (`refusePar`) comes after those that did not, so that we do not send them in a loop;
 * it stays in the list, since it owes them an answer. Ties follow the order of `OPERATEURS`, never the order of a file.
 */
export function classer(regles: readonly Regle[], refusePar: readonly Operateur[] = []): readonly Regle[] {
  return [...regles].sort(
    (a, b) => Number(estRefusee(a, refusePar)) - Number(estRefusee(b, refusePar)) || comparerRegles(a, b),
  );
}

/** The order of two rules, apart from what the person said of the operators. */
export const comparerRegles = (a: Regle, b: Regle): number =>
  a.rang - b.rang || placeDe(a) - placeDe(b) || (a.id < b.id ? -1 : 1);

const operateurDe = ({ effet }: Regle): Operateur | undefined =>
  effet.type === 'orientation' || effet.type === 'ecart' ? effet.operateur : undefined;

function estRefusee(regle: Regle, refusePar: readonly Operateur[]): boolean {
  const operateur = operateurDe(regle);
  return operateur !== undefined && refusePar.includes(operateur);
}

function placeDe(regle: Regle): number {
  const operateur = operateurDe(regle);
  return operateur === undefined ? -1 : OPERATEURS.indexOf(operateur);
}
