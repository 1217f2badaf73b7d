import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonique } from '../../../knowledge/langage/lecture.ts';
import { Motifs, reperer } from '../../../knowledge/langage/motifs.ts';
import { lirePhrases } from '../../../knowledge/langage/statistiques.ts';
import { RACINE_PROJET } from '../../../knowledge/vocabulaire/index.ts';

/** Every list of patterns of a data file, wherever it stands. */
function listesDe(valeur: unknown): string[][] {
  if (Array.isArray(valeur))
    return valeur.length > 0 && valeur.every((v) => typeof v === 'string')
      ? [valeur]
      : valeur.flatMap(listesDe);
  return typeof valeur === 'object' && valeur !== null ? Object.values(valeur).flatMap(listesDe) : [];
}

const listes = ['faits', 'demandes', 'alertes', 'faq', 'reponses'].flatMap((nom) =>
  listesDe(
    JSON.parse(readFileSync(join(RACINE_PROJET, 'knowledge', 'langage', 'donnees', `${nom}.json`), 'utf8')),
  ),
);

/** What the patterns mean: one expression, each way of saying tried in its order at each place. */
const entiere = (liste: readonly string[]): RegExp =>
  new RegExp(
    `(?<= )(?:${liste.map((m) => m.replaceAll(' … ', String.raw`(?: (?![.?])\S+){0,3}? `)).join('|')})(?= )`,
    'gu',
  );
const places = (trouvees: Iterable<RegExpExecArray>): string[] =>
  [...trouvees].map((m) => `${m.index} ${m[0]}`);

describe('les motifs', () => {
  const paires = listes.map((liste) => ({ motifs: new Motifs(liste), entiere: entiere(liste) }));
  /** What the patterns find otherwise than the whole expression, and how much that one finds. */
  const comparer = (texte: string): { ecarts: string[]; attendues: number } => {
    const ecarts: string[] = [];
    let attendues = 0;
    reperer(texte);
    for (const { motifs, entiere: voulue } of paires) {
      const attendu = places(texte.matchAll(voulue));
      attendues += attendu.length;
      const premier = motifs.premier(texte);
      const [tous, une] = [places(motifs.tous(texte)), places(premier === undefined ? [] : [premier])];
      if (tous.join('|') !== attendu.join('|') || une[0] !== attendu[0])
        ecarts.push(`« ${texte} » : ${tous.join('|')} au lieu de ${attendu.join('|')}`);
    }
    return { ecarts, attendues };
  };

  it('trouvent dans chaque phrase d’entraînement ce que trouve l’expression entière', () => {
    const phrases = lirePhrases().filter((_, i) => i % 4 === 0);
    const comparees = phrases.map((p) => comparer(canonique(p.texte)));
    expect(paires.length).toBeGreaterThan(150);
    expect(comparees.flatMap((c) => c.ecarts)).toEqual([]);
    expect(comparees.filter((c) => c.attendues > 0).length).toBeGreaterThan(phrases.length / 2);
  });

  it('et dans des phrases faites de leurs propres morceaux', () => {
    const mots = [...new Set(listes.flat().flatMap((m) => m.match(/[a-z0-9]+/gu) ?? []))];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...mots, '.', ',', '?'), { minLength: 1, maxLength: 40 }),
        (tires) => {
          expect(comparer(` ${tires.join(' ')} `).ecarts).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('se lisent aussi dans un texte que personne n’a parcouru', () => {
    const motifs = new Motifs(['je suis (?:a|au) (?:chomage|rsa)', 'cherche … travail']);
    reperer(' rien ');
    expect(motifs.dans(' je suis au chomage ')).toBe(true);
    expect(motifs.dans(' je cherche un peu de travail ')).toBe(true);
    expect(motifs.dans(' je suis au marche ')).toBe(false);
    expect(motifs.tous(' ')).toEqual([]);
  });
});
