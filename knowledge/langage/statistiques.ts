import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import stemmer from 'natural/lib/natural/stemmers/porter_stemmer_fr.js';
import { z } from 'zod';
import { DEMANDES, lireDonnees, RACINE_PROJET, type Demande } from '../vocabulaire/index.ts';
import { canonique } from './lecture.ts';
import { plier } from './normaliser.ts';
import { decouperPropositions, type Proposition } from './propositions.ts';

const DOSSIER = 'knowledge/langage/donnees/phrases';
const schema = z.strictObject({
  demande: z.enum(DEMANDES),
  phrases: z.strictObject({
    courant: z.array(z.string().min(3)),
    sms: z.array(z.string().min(2)),
    fautes: z.array(z.string().min(3)),
    falc: z.array(z.string().min(3)),
  }),
});

export type Exemple = { readonly texte: string; readonly demande: Demande };

/** The training phrases, every register, in the order of the files. Written for this project. */
export function lirePhrases(): Exemple[] {
  return readdirSync(join(RACINE_PROJET, DOSSIER))
    .filter((f) => f.endsWith('.json'))
    .sort()
    .flatMap((fichier) => {
      const { demande, phrases } = lireDonnees(`${DOSSIER}/${fichier}`, schema);
      return Object.values(phrases)
        .flat()
        .map((texte) => ({ texte, demande }));
    });
}

/** Words that say nothing of the wish. Negations and questions are NOT here: they change everything (natural's own list drops them). */
const VIDES = new Set(
  'le la l les un une des du de d et a au aux en dans sur ce cet cette ces mon ma mes ton ta son sa ses je tu il elle me m te se s y que est suis ai , . ? inverse bonjour merci sil vous plait ai avec tres trop bien plus'.split(
    ' ',
  ),
);

const racines = new Map<string, string>();
/** Folded before and after: natural keeps « diplôm » and « diplom » apart. */
function racine(mot: string): string {
  let r = racines.get(mot);
  if (r === undefined) {
    r = plier(stemmer.stem(mot));
    if (racines.size < 20_000) racines.set(mot, r);
  }
  return r;
}

const SOUHAIT = new Set(
  'veux veut voudrais voudrait souhaite souhaiterais aimerais aimerait envie pense envisage compte projet reve cherche recherche besoin comment vais desire espere'.split(
    ' ',
  ),
);

/** Pieces of stems: « financement » and « finançable », and misspellings that were not corrected, still share something. */
const TAILLE_MORCEAU = 4;

/**
 * What a canonical text is made of, for the model: its stems, its pairs of neighbouring stems, and the stems that follow a wish (« v: »),
 * because « je suis au chômage, je voudrais me former » wants training.
 */
function traits(texte: string): string[] {
  const mots = texte.trim().split(' ').slice(0, 300);
  const sortie = new Set<string>();
  let precedent = '';
  let souhait = 0;
  for (const mot of mots) {
    if (/^[,.?]$/u.test(mot)) {
      if (mot === '?') sortie.add('?');
      precedent = '';
      souhait = 0;
      continue;
    }
    if (/^\d+$/u.test(mot)) continue;
    const r = racine(mot);
    if (precedent !== '') sortie.add(`${precedent}_${r}`);
    precedent = r;
    if (VIDES.has(mot)) continue;
    sortie.add(r);
    for (let q = 0; q + TAILLE_MORCEAU <= r.length; q++) sortie.add(`:${r.slice(q, q + TAILLE_MORCEAU)}`);
    if (souhait > 0) sortie.add(`v:${r}`);
    souhait = SOUHAIT.has(mot) ? 5 : souhait - 1;
  }
  return [...sortie];
}

type Cue = { readonly demande: Demande; readonly poids: number };
type LireCues = (texte: string, propositions: readonly Proposition[]) => readonly Cue[];

export type Statistiques = {
  /** Probabilities by demande (they add up to 1), the number of known informative words, and which words pulled towards a demande. */
  readonly estimer: (
    texte: string,
    cues: readonly Cue[],
  ) => { scores: ReadonlyMap<Demande, number>; connus: number; mots: (d: Demande) => string[] };
};

const TOURS = 12;
const PAS = 0.35;
const REGULARISATION = 5e-3;

/**
 * A multinomial logistic regression on stems, pairs of stems and cues, trained at load (well under 100 ms): natural's own takes seconds and its
 * Bayes gives no usable probability (technique § 4.2). Same phrases, same order, same numbers: the result is deterministic.
 */
export function preparerStatistiques(
  lireCues: LireCues,
  exemples: readonly Exemple[] = lirePhrases(),
): Statistiques {
  const K = DEMANDES.length;
  const rangs = new Map<string, number>();
  const compte = new Map<string, number>();
  const lus = exemples.map(({ texte, demande }) => {
    const c = canonique(texte);
    const mots = traits(c);
    for (const m of mots) compte.set(m, (compte.get(m) ?? 0) + 1);
    return { mots, cues: lireCues(c, decouperPropositions(c)), classe: DEMANDES.indexOf(demande) };
  });
  // A pair seen once is an accident of wording; a word seen once still names a thing.
  for (const [m, n] of compte) if (n > 1 || !/[_:]/u.test(m)) rangs.set(m, rangs.size);
  const base = rangs.size;
  const taille = base + K + 1;
  const poids = new Float64Array(taille * K);

  const vecteur = (mots: readonly string[], cues: readonly Cue[]): { rang: number; valeur: number }[] => {
    const v: { rang: number; valeur: number }[] = [{ rang: taille - 1, valeur: 0.5 }];
    let n = 0;
    for (const m of mots) {
      const rang = rangs.get(m);
      if (rang === undefined) continue;
      v.push({ rang, valeur: 1 });
      n += 1;
    }
    // Long stories do not shout louder than short sentences.
    const norme = 1 / Math.sqrt(Math.max(4, n) / 4);
    for (const t of v) if (t.rang !== taille - 1) t.valeur *= norme;
    for (const cue of cues) v.push({ rang: base + DEMANDES.indexOf(cue.demande), valeur: cue.poids / 2.5 });
    return v;
  };
  const sortie = new Float64Array(K);
  const propager = (v: readonly { rang: number; valeur: number }[]): Float64Array => {
    sortie.fill(0);
    for (const { rang, valeur } of v)
      for (let k = 0; k < K; k++) sortie[k] = (sortie[k] ?? 0) + (poids[rang * K + k] ?? 0) * valeur;
    let max = -Infinity;
    for (const s of sortie) max = Math.max(max, s);
    let somme = 0;
    for (let k = 0; k < K; k++) {
      const e = Math.exp((sortie[k] ?? 0) - max);
      sortie[k] = e;
      somme += e;
    }
    for (let k = 0; k < K; k++) sortie[k] = (sortie[k] ?? 0) / somme;
    return sortie;
  };
  // A cue leans to its own demande before any training: rare demandes keep their words.
  for (let k = 0; k < K; k++) poids[(base + k) * K + k] = 2;

  const vecteurs = lus.map((l) => ({ v: vecteur(l.mots, l.cues), classe: l.classe }));
  for (let tour = 0; tour < TOURS; tour++) {
    const pas = PAS / (1 + tour / 4);
    // A fixed stride visits every phrase once, out of the order of the files.
    const n = vecteurs.length;
    const enjambee = premierAvec(n);
    for (let j = 0, i = tour % Math.max(1, n); j < n; j++, i = (i + enjambee) % n) {
      const exemple = vecteurs[i];
      if (exemple === undefined) continue;
      const p = propager(exemple.v);
      for (const { rang, valeur } of exemple.v)
        for (let k = 0; k < K; k++) {
          const place = rang * K + k;
          const w = poids[place] ?? 0;
          poids[place] =
            w + pas * (((k === exemple.classe ? 1 : 0) - (p[k] ?? 0)) * valeur - REGULARISATION * w);
        }
    }
  }

  return {
    estimer: (texte, cues) => {
      const mots = traits(texte);
      const p = propager(vecteur(mots, cues));
      const scores = new Map<Demande, number>(DEMANDES.map((d, k) => [d, p[k] ?? 0]));
      const connus = mots.filter((m) => !/[_:?]/u.test(m) && rangs.has(m)).length;
      const poussent = (d: Demande): string[] => {
        const k = DEMANDES.indexOf(d);
        return mots
          .map((m) => ({ m, w: poids[(rangs.get(m) ?? -1) * K + k] ?? 0 }))
          .filter(({ w }) => w > 0.3)
          .toSorted((a, b) => b.w - a.w)
          .slice(0, 3)
          .map(({ m }) => m.replace('_', ' '));
      };
      return { scores, connus, mots: poussent };
    },
  };
}

/** A step that shares no divisor with `n`. */
function premierAvec(n: number): number {
  const pgcd = (a: number, b: number): number => (b === 0 ? a : pgcd(b, a % b));
  for (let pas = Math.max(1, Math.floor(n * 0.618)); ; pas++) if (n <= 1 || pgcd(pas, n) === 1) return pas;
}
