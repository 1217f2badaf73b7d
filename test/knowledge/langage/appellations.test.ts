import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import {
  comprendre,
  nombreDAppellations,
  utiliserAppellations,
  type Appellation,
} from '../../../knowledge/langage/index.ts';
import { analyserRome } from '../../../knowledge/information/index.ts';
import { echantillon } from '../../support/echantillons.ts';

const LE = '2026-11-21';
const metiers = (phrase: string): readonly string[] =>
  comprendre(phrase, { le: LE }).metiers.map((m) => `${m.role} ${m.rome} ${m.libelle}`);

/** A few names, in the shape of the official file, written for the test. */
const QUELQUES: readonly Appellation[] = [
  ['Accordeur / Accordeuse de pianos', 'B1501'],
  ['Archetier / Archetière', 'B1501'],
  ['Gréeur / Gréeuse', 'H2914'],
];

afterEach(() => utiliserAppellations([]));

describe('les appellations du ROME, quand elles sont importées', () => {
  test('sans elles, rien de plus que le lexique', () => {
    expect(nombreDAppellations()).toBe(0);
    expect(metiers('je voudrais devenir accordeuse de pianos')).toEqual([]);
  });

  test.each([
    ['je voudrais devenir accordeuse de pianos', ['vise B1501 accordeuse de pianos']],
    ['je suis accordeur de pianos depuis dix ans', ['actuel B1501 accordeur de pianos']],
    [
      'je suis caissière et je voudrais devenir archetier',
      ['actuel D1505 caissière', 'vise B1501 archetier'],
    ],
    ['jveu devenir acordeur de piano', ['vise B1501 accordeur de pianos']],
    ['c’est quoi le métier de gréeur ?', ['vise H2914 gréeur']],
    ['le gréeur du port est mon voisin', []],
    ['je ne veux plus rien devenir', []],
  ])('« %s »', (phrase, attendus) => {
    utiliserAppellations(QUELQUES);
    expect(metiers(phrase).toSorted()).toEqual([...attendus].sort());
  });

  test('les treize mille vraies : trouvées, sans rien inventer dans les phrases gelées, vite', () => {
    const fichier = (nom: string): Uint8Array | undefined => {
      const chemin = echantillon(`rome/${nom}`, 'les appellations du ROME');
      return chemin === undefined ? undefined : readFileSync(chemin);
    };
    const liste = fichier('unix_referentiel_code_rome_v460_utf8.csv');
    const appellations = fichier('unix_referentiel_appellation_v460_utf8.csv');
    if (liste === undefined || appellations === undefined) return;
    const paquet = analyserRome({ metiers: liste, appellations }, { version: 'v460', importeLe: LE });
    if (!paquet.ok) throw new Error(paquet.refus.message);
    expect(paquet.valeur.appellations?.length).toBe(13_120);
    utiliserAppellations(paquet.valeur.appellations ?? []);
    // Typed from the official file.
    expect(metiers('je veux devenir abatteur de carrière')).toEqual(['vise F1402 abatteur de carrière']);
    expect(metiers('je suis accastilleuse-gréeuse à Lorient')).toEqual([
      'actuel I1601 accastilleuse-gréeuse',
    ]);
    const phrases = readFileSync('test/scenarios/langage/phrases-gelees.jsonl', 'utf8')
      .trim()
      .split('\n')
      .map((l): string => JSON.parse(l).texte);
    const avec = phrases.map((p) => comprendre(p, { le: LE }).metiers.length);
    utiliserAppellations([]);
    const sans = phrases.map((p) => comprendre(p, { le: LE }).metiers.length);
    const enPlus = phrases.filter((_, i) => (avec[i] ?? 0) > (sans[i] ?? 0));
    expect(enPlus.length, enPlus.join('\n')).toBeLessThan(phrases.length * 0.05);
  });
});
