import {
  ageAu,
  CHAMPS,
  definitionDe,
  jamais,
  NE_SAIT_PAS,
  type Champ,
  type Jour,
  type Profil,
} from '../vocabulaire/index.ts';
import type { Condition } from './schema.ts';
import type { EntreeAiguillage } from './types.ts';

/**
 * A condition is worth one of five things, ordered so that « and » is the minimum and « or » the maximum:
 * false; false today but an answer we do not ask for could make it true; asked and unknown; never asked (worth asking); true.
 * The result of a test is one number: the value in the three low bits, above them one bit per field that explains an unknown value.
 */
export const FAUX = 0;
export const RAFFINABLE = 1;
export const INCONNU = 2;
export const A_DEMANDER = 3;
export const VRAI = 4;
const BITS_VALEUR = 3;

export const valeurDe = (resultat: number): number => resultat & 7;
export const masqueDe = (resultat: number): number => resultat >> BITS_VALEUR;

/** Fields that conditions may read, one bit each: 28 bits are left above the value in a signed 32-bit integer. */
const NUMEROS = new Map(
  CHAMPS.filter((c) => definitionDe(c).nature !== 'personnalisation').map((c, i) => [c, i]),
);
export const bitDe = (champ: Champ): number => {
  const numero = NUMEROS.get(champ);
  return numero === undefined ? 0 : 1 << numero;
};

/** What the tests read: the entry, with the age settled once (birth date first, since it is to the day). */
export type Lecture = {
  readonly profil: Profil;
  readonly age: number | typeof NE_SAIT_PAS | undefined;
  readonly le: Jour;
  readonly demande: string | undefined;
  readonly commune: string | undefined;
  readonly alerte: string | undefined;
};

export function lectureDe(entree: EntreeAiguillage): Lecture {
  const { profil, le } = entree;
  const age = profil.naissance === undefined ? profil.age : ageAu(profil.naissance, le);
  return { profil, age, le, demande: entree.demande, commune: entree.commune, alerte: entree.alerte };
}

export type Test = (l: Lecture) => number;
export type Situations = ReadonlyMap<string, Condition>;

type SiInconnu = 'faux' | 'faux-si-ne-sait-pas' | undefined;

/** What is worth a déterminant without a usable answer; a circonstance without one is simply not in play. */
function inconnu(
  champ: Champ,
  siInconnu: SiInconnu,
): { readonly absent: number; readonly neSaitPas: number } {
  const bit = bitDe(champ) << BITS_VALEUR;
  if (definitionDe(champ).nature !== 'determinant') return { absent: FAUX, neSaitPas: FAUX };
  if (siInconnu === 'faux') return { absent: bit | RAFFINABLE, neSaitPas: FAUX };
  return {
    absent: bit | A_DEMANDER,
    neSaitPas: siInconnu === 'faux-si-ne-sait-pas' ? FAUX : bit | INCONNU,
  };
}

function compilerParmi(c: Extract<Condition, { test: 'parmi' }>): Test {
  const { champ } = c;
  const valeurs = new Set<unknown>(c.valeurs);
  const { absent, neSaitPas } = inconnu(champ, c.siInconnu);
  return (l) => {
    const valeur = l.profil[champ];
    if (valeur === undefined) return absent;
    if (valeurs.has(valeur)) return VRAI;
    return valeur === NE_SAIT_PAS ? neSaitPas : FAUX;
  };
}

function compilerAge(c: Extract<Condition, { test: 'age' }>): Test {
  const min = c.min ?? 0;
  const moins = c.moins ?? Number.POSITIVE_INFINITY;
  const { absent, neSaitPas } = inconnu('age', c.siInconnu);
  return ({ age }) => {
    if (age === undefined) return absent;
    if (age === NE_SAIT_PAS) return neSaitPas;
    return age >= min && age < moins ? VRAI : FAUX;
  };
}

/** All must hold: the least of the values; the fields that explain it are those of the conditions worth that value. */
function compilerTous(tests: readonly Test[]): Test {
  const [seul] = tests;
  if (tests.length === 1 && seul !== undefined) return seul;
  return (l) => {
    let pire = VRAI;
    let masque = 0;
    for (const test of tests) {
      const r = test(l);
      const v = r & 7;
      if (v === FAUX) return FAUX;
      if (v < pire) {
        pire = v;
        masque = r;
      } else if (v === pire) masque |= r;
    }
    return (masque & ~7) | pire;
  };
}

/** One must hold: the greatest of the values. */
function compilerUne(tests: readonly Test[]): Test {
  return (l) => {
    let mieux = FAUX;
    let masque = 0;
    for (const test of tests) {
      const r = test(l);
      const v = r & 7;
      if (v === VRAI) return VRAI;
      if (v > mieux) {
        mieux = v;
        masque = r;
      } else if (v === mieux) masque |= r;
    }
    return mieux === FAUX ? FAUX : (masque & ~7) | mieux;
  };
}

function compilerPas(test: Test): Test {
  return (l) => {
    const r = test(l);
    const v = r & 7;
    if (v === VRAI) return FAUX;
    return v === FAUX || v === RAFFINABLE ? VRAI : r;
  };
}

/** Turns a condition of the data into a function. @throws when it names a situation that does not exist. */
export function compiler(c: Condition, situations: Situations): Test {
  switch (c.test) {
    case 'parmi':
      return compilerParmi(c);
    case 'age':
      return compilerAge(c);
    case 'fin-contrat':
      return ({ profil, le }) => {
        const fin = profil.finContrat;
        if (fin === undefined || fin === 'aucune') return FAUX;
        const aVenir = fin === 'preavis' || fin >= le;
        return aVenir === (c.etat === 'a-venir') ? VRAI : FAUX;
      };
    case 'renvoi':
      return ({ profil }) => (profil.refusePar?.some((o) => c.operateurs.includes(o)) === true ? VRAI : FAUX);
    case 'demarche':
      return ({ profil }) =>
        profil.demarcheAnterieure !== undefined && c.operateurs.includes(profil.demarcheAnterieure.operateur)
          ? VRAI
          : FAUX;
    case 'demande': {
      const valeurs = new Set<string>(c.valeurs);
      return ({ demande }) => (demande !== undefined && valeurs.has(demande) ? VRAI : FAUX);
    }
    case 'alerte': {
      const valeurs = new Set<string>(c.valeurs);
      return ({ alerte }) => (alerte !== undefined && valeurs.has(alerte) ? VRAI : FAUX);
    }
    case 'territoire':
      return ({ commune }) =>
        commune !== undefined && c.codes.some((code) => commune.startsWith(code)) ? VRAI : FAUX;
    case 'situation': {
      const situation = situations.get(c.est);
      if (situation === undefined) throw new Error(`situation inconnue « ${c.est} »`);
      return compiler(situation, situations);
    }
    case 'tous':
      return compilerTous(c.conditions.map((x) => compiler(x, situations)));
    case 'une':
      return compilerUne(c.conditions.map((x) => compiler(x, situations)));
    case 'pas':
      return compilerPas(compiler(c.condition, situations));
    default:
      return jamais(c);
  }
}

export const compilerToutes = (conditions: readonly Condition[], situations: Situations): Test =>
  compilerTous(conditions.map((c) => compiler(c, situations)));

/**
 * The mask of the fields to ask first: a condition is read in the order it is written, so only its first unknown part opens a question
 * (« déjà accompagné par la mission locale, et moins de 26 ans » asks the age only of those who said mission locale).
 */
export function compilerPorte(c: Condition, situations: Situations): Test {
  if (c.test === 'situation') {
    const situation = situations.get(c.est);
    if (situation !== undefined) return compilerPorte(situation, situations);
  }
  if (c.test === 'pas') return compilerPorte(c.condition, situations);
  if (c.test !== 'tous' && c.test !== 'une') {
    const test = compiler(c, situations);
    return (l) => masqueDe(test(l));
  }
  const parties = c.conditions.map((x) => ({
    test: compiler(x, situations),
    porte: compilerPorte(x, situations),
  }));
  const toutes = c.test === 'tous';
  return (l) => {
    let masque = 0;
    for (const { test, porte } of parties) {
      if (valeurDe(test(l)) !== A_DEMANDER) continue;
      masque |= porte(l);
      if (toutes) break;
    }
    return masque;
  };
}

/** The fields a condition reads, situations included: they are the answers behind an écart. */
export function champsLus(c: Condition, situations: Situations, lus = new Set<Champ>()): ReadonlySet<Champ> {
  switch (c.test) {
    case 'parmi':
      return lus.add(c.champ);
    case 'age':
      return lus.add('age');
    case 'fin-contrat':
      return lus.add('finContrat');
    case 'renvoi':
      return lus.add('refusePar');
    case 'demarche':
      return lus.add('demarcheAnterieure');
    case 'demande':
    case 'alerte':
    case 'territoire':
      return lus;
    case 'situation': {
      const situation = situations.get(c.est);
      return situation === undefined ? lus : champsLus(situation, situations, lus);
    }
    case 'tous':
    case 'une':
      for (const x of c.conditions) champsLus(x, situations, lus);
      return lus;
    case 'pas':
      return champsLus(c.condition, situations, lus);
    default:
      return jamais(c);
  }
}

/** Can the condition still be true, or false, when nothing but the activity is known? Lets the evaluator skip the rules of other activities. */
export function issues(
  c: Condition,
  activite: string,
  situations: Situations,
): { readonly vrai: boolean; readonly faux: boolean } {
  switch (c.test) {
    case 'parmi': {
      if (c.champ !== 'activite') return { vrai: true, faux: true };
      const vrai = c.valeurs.includes(activite);
      return { vrai, faux: !vrai };
    }
    case 'situation': {
      const situation = situations.get(c.est);
      return situation === undefined ? { vrai: true, faux: true } : issues(situation, activite, situations);
    }
    case 'pas': {
      const { vrai, faux } = issues(c.condition, activite, situations);
      return { vrai: faux, faux: vrai };
    }
    case 'tous':
    case 'une': {
      const toutes = c.conditions.map((x) => issues(x, activite, situations));
      return c.test === 'tous'
        ? { vrai: toutes.every((i) => i.vrai), faux: toutes.some((i) => i.faux) }
        : { vrai: toutes.some((i) => i.vrai), faux: toutes.every((i) => i.faux) };
    }
    default:
      return { vrai: true, faux: true };
  }
}
