import { readFileSync } from 'node:fs';
import { analyserRome } from '../../knowledge/information/index.ts';
import { comprendre, utiliserAppellations } from '../../knowledge/langage/index.ts';
import { repererLieux } from '../../knowledge/langage/lieux.ts';
import { chercherCommunes } from '../../knowledge/territoire/index.ts';
import { echantillon } from '../support/echantillons.ts';

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
  bencherAvecLeRome(dire);
}

/** The same sentences once the 13,120 names of the full ROME are in service, when the real files are beside the project. */
function bencherAvecLeRome(dire: (quoi: string, ms: number, promesse: string) => boolean): void {
  const lire = (nom: string): Uint8Array | undefined => {
    const chemin = echantillon(`rome/${nom}`, 'phrases lues avec tout le ROME');
    return chemin === undefined ? undefined : readFileSync(chemin);
  };
  const metiers = lire('unix_referentiel_code_rome_v460_utf8.csv');
  const appellations = lire('unix_referentiel_appellation_v460_utf8.csv');
  if (metiers === undefined || appellations === undefined) return;
  const paquet = analyserRome({ metiers, appellations }, { version: 'v460', importeLe: '2026-11-21' });
  if (!paquet.ok) return;
  const debut = performance.now();
  utiliserAppellations(paquet.valeur.appellations ?? []);
  dire('mettre les appellations du ROME en service', performance.now() - debut, 'une fois, au démarrage');
  dire(
    'une phrase, avec tout le ROME',
    mediane((i) => comprendre(PHRASES[i % PHRASES.length] ?? '', { le: '2026-11-21' }), 400),
    '2',
  );
  dire(
    'une phrase, métier mal écrit cherché dans tout le ROME',
    mediane(() => comprendre('jveu devenir acastileur greeur', { le: '2026-11-21' }), 100),
    '2',
  );
  utiliserAppellations([]);
}
