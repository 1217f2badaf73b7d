import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import stemmer from 'natural/lib/natural/stemmers/porter_stemmer_fr.js';
import { z } from 'zod';
import { DEMANDES, lireDonnees, memoire, RACINE_PROJET, type Demande } from '../vocabulaire/index.ts';
import { ecrituresDe } from './fautes.ts';
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

/** Folded before and after: natural keeps « diplôm » and « diplom » apart. */
const racine = memoire((mot) => plier(stemmer.stem(mot)));

const FICHIER_CONCEPTS = 'knowledge/langage/donnees/concepts.json';
const schemaConcepts = z.strictObject({ concepts: z.record(z.string(), z.string().min(3)) });
let concepts: ReadonlyMap<string, readonly string[]> | undefined;

/**
 * Stem → ideas it belongs to (« bourse », « frais », « cher » → argent): a word never seen in a training phrase still says something.
 */
function conceptsParRacine(): ReadonlyMap<string, readonly string[]> {
  if (concepts !== undefined) return concepts;
  const table = new Map<string, string[]>();
  for (const [concept, mots] of Object.entries(lireDonnees(FICHIER_CONCEPTS, schemaConcepts).concepts))
    for (const mot of mots.split(' ')) {
      const r = racine(mot);
      const liste = table.get(r);
      if (liste === undefined) table.set(r, [concept]);
      else if (!liste.includes(concept)) liste.push(concept);
    }
  concepts = table;
  return table;
}

const SOUHAIT = new Set(
  'veux veut voudrais voudrait souhaite souhaiterais aimerais aimerait envie pense envisage compte projet reve cherche recherche besoin comment vais desire espere'.split(
    ' ',
  ),
);

/** Pieces of stems: « financement » and « finançable », and misspellings that were not corrected, still share something. */
const TAILLE_MORCEAU = 5;

/**
 * What a canonical text is made of, for the model: its stems, its pairs of neighbouring stems, and the stems that follow a wish (« v: »),
 * because « je suis au chômage, je voudrais me former » wants training.
 */
function traits(texte: string): string[] {
  const mots = texte.trim().split(' ').slice(0, 300);
  const table = conceptsParRacine();
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
    for (const idee of table.get(r) ?? []) {
      sortie.add(`:idee ${idee}`);
      if (souhait > 0) sortie.add(`:veut ${idee}`);
    }
    souhait = SOUHAIT.has(mot) ? 5 : souhait - 1;
  }
  return [...sortie];
}

export type Cue = { readonly demande: Demande; readonly poids: number };
export type LireCues = (texte: string, propositions: readonly Proposition[]) => readonly Cue[];

/** Weights by feature and demande. `poids` is read by rows of `DEMANDES.length`; the rows of the cues and of the bias come last. */
export type Modele = { readonly traits: ReadonlyMap<string, number>; readonly poids: Float32Array };

const K = DEMANDES.length;
/** After the features: one row by demande for its cues, one for the bias. */
const RANGEES_FIXES = K + 1;
const TOURS = 15;
const PAS = 0.35;
const REGULARISATION = 3e-3;
/** Divides the lean of a cue: a weak value lets cues drown the words of the phrase. Chosen by cross-validation. */
const FORCE_CUE = 4.5;

type Trait = { readonly rang: number; valeur: number };

function vecteur(rangs: ReadonlyMap<string, number>, mots: readonly string[], cues: readonly Cue[]): Trait[] {
  const base = rangs.size;
  const v: Trait[] = [];
  for (const m of mots) {
    const rang = rangs.get(m);
    if (rang !== undefined) v.push({ rang, valeur: 1 });
  }
  // Long stories do not shout louder than short sentences.
  const norme = 1 / Math.sqrt(Math.max(4, v.length) / 4);
  for (const t of v) t.valeur *= norme;
  for (const cue of cues)
    v.push({ rang: base + DEMANDES.indexOf(cue.demande), valeur: cue.poids / FORCE_CUE });
  v.push({ rang: base + K, valeur: 0.5 });
  return v;
}

function probabilites(poids: Float32Array, v: readonly Trait[], sortie: Float64Array): Float64Array {
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
}

/**
 * A multinomial logistic regression on stems, pairs of stems, ideas and cues: natural's own takes seconds on these phrases and its Bayes gives no
 * usable probability (technique § 4.2). Same phrases, same order, same numbers. Three seconds: done by `npm run eval:langage -- --entrainer`,
 * never while people wait.
 */
export function entrainer(lireCues: LireCues, exemples: readonly Exemple[]): Modele {
  /** In how many phrases each feature is, however often one of them is written again. */
  const compte = new Map<string, number>();
  // Each phrase is also learnt as it gets misspelt: about a third of the mistakes on phrases never read go away.
  const lus = exemples.flatMap(({ texte, demande }) => {
    const ecritures = [texte, ...ecrituresDe(texte)].map((t) => {
      const c = canonique(t);
      return {
        mots: traits(c),
        cues: lireCues(c, decouperPropositions(c)),
        classe: DEMANDES.indexOf(demande),
      };
    });
    for (const m of new Set(ecritures.flatMap((e) => e.mots))) compte.set(m, (compte.get(m) ?? 0) + 1);
    return ecritures;
  });
  // A pair seen once is an accident of wording; a word seen once still names a thing.
  const rangs = new Map<string, number>();
  for (const [m, n] of compte) if (n > 1 || !/[_:]/u.test(m)) rangs.set(m, rangs.size);
  const base = rangs.size;
  const poids = new Float32Array((base + RANGEES_FIXES) * K);
  // A cue leans to its own demande before any training: rare demandes keep their words.
  for (let k = 0; k < K; k++) poids[(base + k) * K + k] = 2;

  const vecteurs = lus.map((l) => ({ v: vecteur(rangs, l.mots, l.cues), classe: l.classe }));
  const sortie = new Float64Array(K);
  const n = vecteurs.length;
  const enjambee = premierAvec(n);
  for (let tour = 0; tour < TOURS; tour++) {
    const pas = PAS / (1 + tour / 4);
    // A fixed stride visits every phrase once, out of the order of the files.
    for (let j = 0, i = tour % Math.max(1, n); j < n; j++, i = (i + enjambee) % n) {
      const exemple = vecteurs[i];
      if (exemple === undefined) continue;
      const p = probabilites(poids, exemple.v, sortie);
      for (const { rang, valeur } of exemple.v)
        for (let k = 0; k < K; k++) {
          const place = rang * K + k;
          const w = poids[place] ?? 0;
          poids[place] =
            w + pas * (((k === exemple.classe ? 1 : 0) - (p[k] ?? 0)) * valeur - REGULARISATION * w);
        }
    }
  }
  return { traits: rangs, poids };
}

export type Estimation = {
  /** By demande; they add up to 1. */
  readonly scores: ReadonlyMap<Demande, number>;
  /** Informative words the model knows: with none, its answer means nothing. */
  readonly connus: number;
  /** The words that pulled towards a demande, strongest first. */
  readonly mots: (demande: Demande) => string[];
};

/** How likely each demande is for a canonical text and its cues. About 0.03 ms. */
export function estimer(modele: Modele, texte: string, cues: readonly Cue[]): Estimation {
  const mots = traits(texte);
  const p = probabilites(modele.poids, vecteur(modele.traits, mots, cues), new Float64Array(K));
  return {
    scores: new Map(DEMANDES.map((d, k) => [d, p[k] ?? 0])),
    connus: mots.filter((m) => !/[_:?]/u.test(m) && modele.traits.has(m)).length,
    mots: (demande) => {
      const k = DEMANDES.indexOf(demande);
      const forts = mots
        .filter((m) => !m.includes(':'))
        .map((m) => ({ m, w: modele.poids[(modele.traits.get(m) ?? -1) * K + k] ?? 0 }))
        .filter(({ w }) => w > 0.1)
        .toSorted((a, b) => b.w - a.w)
        .slice(0, 3)
        .map(({ m }) => m.replace('_', ' '));
      // Pieces of words decided (« autoentreprenariat »): the first word stands for them.
      return forts.length > 0 ? forts : mots.filter((m) => !/[_:?]/u.test(m)).slice(0, 1);
    },
  };
}

/** A step that shares no divisor with `n`. */
function premierAvec(n: number): number {
  const pgcd = (a: number, b: number): number => (b === 0 ? a : pgcd(b, a % b));
  for (let pas = Math.max(1, Math.floor(n * 0.618)); ; pas++) if (n <= 1 || pgcd(pas, n) === 1) return pas;
}
