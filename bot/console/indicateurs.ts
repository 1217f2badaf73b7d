import { jourDe } from '../../knowledge/vocabulaire/index.ts';
import type { ResumeTransmission } from '../handover/index.ts';

/**
 * Below that many, a count is not shown: somebody who knows a person of a small place could recognise them (the threshold used for the
 * release of French health data).
 */
export const SEUIL = 11;

/** `nombre` is `null` when it is hidden. */
export type Compte = { readonly code: string; readonly nombre: number | null };
export type Tableau = { readonly id: string; readonly lignes: readonly Compte[] };
export type Indicateurs = {
  readonly total: number | null;
  readonly seuil: number;
  readonly tableaux: readonly Tableau[];
};

/**
 * Hides small counts, then the smallest of the others until what a subtraction from the total would give back is itself large enough, and
 * never one cell alone.
 */
export function cacherPetits(comptes: ReadonlyMap<string, number>): readonly Compte[] {
  const croissants = [...comptes].filter(([, n]) => n > 0).sort(([, a], [, b]) => a - b);
  const caches = new Set(croissants.filter(([, n]) => n < SEUIL).map(([code]) => code));
  if (caches.size > 0)
    for (const [code] of croissants) {
      const somme = croissants.reduce((s, [c, n]) => (caches.has(c) ? s + n : s), 0);
      if (caches.size > 1 && somme >= SEUIL) break;
      caches.add(code);
    }
  return croissants
    .toReversed()
    .map(([code, nombre]) => ({ code, nombre: caches.has(code) ? null : nombre }));
}

/**
 * Puts what reveals health in « autre », with the smallest of the rest until that company alone passes the threshold: « autre » that held
 * nothing else would be its name. Done whether or not there is anything to hide, so that the line itself tells nothing.
 */
export function fondreDansAutre(
  comptes: ReadonlyMap<string, number>,
  sensible: string,
): ReadonlyMap<string, number> {
  const fondus = new Map(comptes);
  let autre = fondus.get(sensible) ?? 0;
  fondus.delete(sensible);
  let compagnie = 0;
  for (const [code, n] of [...fondus].sort(([x, a], [y, b]) => a - b || (x < y ? -1 : 1))) {
    if (compagnie >= SEUIL) break;
    compagnie += n;
    autre += n;
    fondus.delete(code);
  }
  return autre === 0 ? fondus : fondus.set('autre', autre);
}

function compter(
  resumes: readonly ResumeTransmission[],
  codeDe: (r: ResumeTransmission) => string,
): ReadonlyMap<string, number> {
  const comptes = new Map<string, number>();
  for (const r of resumes) {
    const code = codeDe(r);
    comptes.set(code, (comptes.get(code) ?? 0) + 1);
  }
  return comptes;
}

/**
 * Counts of handovers, one question at a time and never crossed: where they stand, for whom, where, for what, since when. What reveals
 * health is counted in « autre », never alone there, and nowhere else (design § 6). Every table adds up to the same total: one that left some
 * out would give back, by a subtraction, how many were withdrawn.
 */
export function indicateurs(resumes: readonly ResumeTransmission[]): Indicateurs {
  const tableau = (id: string, codeDe: (r: ResumeTransmission) => string, sensible?: string): Tableau => {
    const comptes = compter(resumes, codeDe);
    return {
      id,
      lignes: cacherPetits(sensible === undefined ? comptes : fondreDansAutre(comptes, sensible)),
    };
  };
  return {
    total: resumes.length < SEUIL ? null : resumes.length,
    seuil: SEUIL,
    tableaux: [
      tableau('etat', (r) => r.etat),
      tableau('operateur', (r) => r.operateur, 'cap-emploi'),
      tableau('region', (r) => r.region ?? 'inconnue'),
      tableau('demande', (r) => r.demande ?? 'inconnue', 'sante-handicap'),
      tableau('mois', (r) => jourDe(r.creeeLe).slice(0, 7)),
      tableau('promesse', (r) => (r.promesseManquee ? 'manquee' : 'tenue-ou-en-cours')),
    ],
  };
}
