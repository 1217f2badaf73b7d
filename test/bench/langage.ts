import { comprendre } from '../../knowledge/langage/index.ts';
import { repererLieux } from '../../knowledge/langage/lieux.ts';
import { chercherCommunes } from '../../knowledge/territoire/index.ts';

const SAISIES = [
  'Lille',
  'au mans',
  '35000',
  'Saint-Denis',
  'Charleville-Mézières',
  'Tarbes',
  'Nantes',
  'Tours',
];
const PHRASES = [
  'je suis caissière à Lille, j’en peux plus, je voudrais devenir aide-soignante',
  'g 19 ans jai pas de diplome et je trouve pas de taf',
  'cadre + RQTH, Grenoble, au chômage depuis mars',
  'c’est payant ?',
];
const HOSTILES = [
  'à saint '.repeat(12_500),
  'a'.repeat(100_000),
  '5'.repeat(100_000),
  'j’habite à xqzhjkml '.repeat(5_000),
];

const mediane = (faire: (i: number) => unknown, tours: number): number => {
  const temps = Array.from({ length: tours }, (_, i) => {
    const debut = performance.now();
    faire(i);
    return performance.now() - debut;
  }).toSorted((a, b) => a - b);
  return temps[Math.floor(tours / 2)] ?? 0;
};

/** Prints what reading costs: a place, a sentence, and text made to hurt. */
export async function bencherLangage(): Promise<void> {
  const dire = (quoi: string, ms: number, promesse: string): boolean =>
    process.stdout.write(`langage : ${quoi} ${ms.toFixed(3)} ms (promesse : ${promesse})\n`);
  dire(
    'recherche d’une commune',
    mediane((i) => chercherCommunes(SAISIES[i % SAISIES.length] ?? ''), 400),
    '0,1',
  );
  dire(
    'une phrase',
    mediane((i) => comprendre(PHRASES[i % PHRASES.length] ?? '', { le: '2026-11-21' }), 400),
    '0,5',
  );
  dire(
    'lieux, 100 ko hostiles',
    mediane((i) => repererLieux(HOSTILES[i % HOSTILES.length] ?? ''), 12),
    '50',
  );
  dire(
    'phrase, 100 ko hostiles',
    mediane((i) => comprendre(HOSTILES[i % HOSTILES.length] ?? '', { le: '2026-11-21' }), 12),
    '50',
  );
}
