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
 * A condition is worth one of six things, ordered so that « and » is the minimum and « or » the maximum:
 * false; false today but an answer we do not ask for could make it true; asked and unknown, with more that was never asked (not worth
 * asking: it would stay unknown); asked and unknown; never asked (worth asking); true.
 * The result of a test is one number: the value in the three low bits, above them one bit per field that explains an unknown value.
 */
export const FAUX = 0;
export const RAFFINABLE = 1;
export const INCOMPLET = 2;
export const INCONNU = 3;
export const A_DEMANDER = 4;
export const VRAI = 5;
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
  /** The answers of the closed fields as small numbers (`codeDe`), one place per field: reading them is most of what a test costs. */
  readonly codes: readonly number[];
  /** The fields answered, « ne sait pas » included, one bit each (`bitDe`). */
  readonly dits: number;
  /** What was said, one bit per key that counts only when said (`presenceDe`): most rules are false at a glance. */
  readonly presence: number;
  /** Distinguishes two readings, so that a condition shared by several rules is worked out once per evaluation. */
  readonly numero: number;
};

/** The keys that count only when said, and so can rule a condition out by their absence. */
const SEULEMENT_DITS: readonly string[] = [
  ...CHAMPS.filter((c) => definitionDe(c).nature === 'circonstance'),
  'pour',
  '@demande',
  '@commune',
  '@alerte',
];
const presenceDe = (cle: string): number => {
  const i = SEULEMENT_DITS.indexOf(cle);
  return i === -1 ? 0 : 1 << i;
};
const DEMANDE = presenceDe('@demande');
const COMMUNE = presenceDe('@commune');
const ALERTE = presenceDe('@alerte');

const ABSENT = 0;
const SU_INCONNU = 1;
const AUTRE = 2;

type PlaceDeChamp = {
  readonly champ: Champ;
  readonly place: number;
  readonly bit: number;
  readonly presence: number;
  readonly valeurs: ReadonlyMap<unknown, number>;
};

/** Where each field's answer goes, and the code of each of its values. Fields that are not closed sets only say « present ». */
const PLACES: ReadonlyMap<string, PlaceDeChamp> = new Map(
  CHAMPS.map((champ, place) => {
    const definition = definitionDe(champ);
    const fermees = 'valeurs' in definition ? definition.valeurs : [];
    const valeurs = new Map<unknown, number>([[NE_SAIT_PAS, SU_INCONNU]]);
    for (const [i, valeur] of fermees.entries()) valeurs.set(valeur, AUTRE + 1 + i);
    return [champ, { champ, place, bit: bitDe(champ), presence: presenceDe(champ), valeurs }];
  }),
);
const VIERGE: readonly number[] = CHAMPS.map(() => ABSENT);

let lectures = 0;

/** Reads an entry once, for all the tests. */
export function lectureDe(entree: EntreeAiguillage): Lecture {
  const { profil, le, demande, commune, alerte } = entree;
  const codes = VIERGE.slice();
  let presence = 0;
  let dits = 0;
  for (const cle in profil) {
    const ou = PLACES.get(cle);
    if (ou === undefined) continue;
    const valeur: unknown = profil[ou.champ];
    if (valeur === undefined) continue;
    codes[ou.place] = ou.valeurs.get(valeur) ?? AUTRE;
    presence |= ou.presence;
    dits |= ou.bit;
  }
  if (demande !== undefined) presence |= DEMANDE;
  if (commune !== undefined) presence |= COMMUNE;
  if (alerte !== undefined) presence |= ALERTE;
  lectures += 1;
  const age = profil.naissance === undefined ? profil.age : ageAu(profil.naissance, le);
  if (age !== undefined) dits |= BIT_AGE;
  return { profil, age, le, demande, commune, alerte, codes, dits, presence, numero: lectures };
}
const BIT_AGE = bitDe('age');

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

/** « The field is one of these values », as a table: the result for each code of the answer. */
type Feuille = { readonly place: number; readonly parCode: readonly number[] };

function feuilleDe(c: Extract<Condition, { test: 'parmi' }>): Feuille | undefined {
  const ou = PLACES.get(c.champ);
  if (ou === undefined) return undefined;
  const { absent, neSaitPas } = inconnu(c.champ, c.siInconnu);
  const parCode = [absent, neSaitPas, FAUX, ...CHAMPS.map(() => FAUX)];
  for (const valeur of c.valeurs) parCode[ou.valeurs.get(valeur) ?? AUTRE] = VRAI;
  return { place: ou.place, parCode };
}

function compilerParmi(c: Extract<Condition, { test: 'parmi' }>): Test {
  const feuille = feuilleDe(c);
  if (feuille === undefined) return () => FAUX;
  const { place, parCode } = feuille;
  return ({ codes }) => parCode[codes[place] ?? ABSENT] ?? FAUX;
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

/** Lists of values are read from their tables in one loop; only the other conditions cost a call. */
function trierConditions(
  conditions: readonly Condition[],
  compilerUneCondition: (c: Condition) => Test,
): { readonly feuilles: readonly Feuille[]; readonly tests: readonly Test[] } {
  const feuilles: Feuille[] = [];
  const tests: Test[] = [];
  for (const c of conditions) {
    const feuille = c.test === 'parmi' ? feuilleDe(c) : undefined;
    if (feuille === undefined) tests.push(compilerUneCondition(c));
    else feuilles.push(feuille);
  }
  return { feuilles, tests };
}

const lireFeuille = ({ place, parCode }: Feuille, codes: readonly number[]): number =>
  parCode[codes[place] ?? ABSENT] ?? FAUX;

/** The lesser of two results; when they are worth the same, the fields that explain either. */
const moindre = (a: number, b: number): number => ((b & 7) < (a & 7) ? b : (b & 7) === (a & 7) ? a | b : a);
/** The greater of two results; when they are worth the same, the fields that explain either. */
const meilleur = (a: number, b: number): number => ((b & 7) > (a & 7) ? b : (b & 7) === (a & 7) ? a | b : a);

/** All must hold: the least of the values; the fields that explain it are those of the conditions worth that value. */
function compilerTous(conditions: readonly Condition[], compilerUneCondition: (c: Condition) => Test): Test {
  const [seule] = conditions;
  if (conditions.length === 1 && seule !== undefined) return compilerUneCondition(seule);
  const { feuilles, tests } = trierConditions(conditions, compilerUneCondition);
  return (l) => {
    let pire = VRAI;
    let aDemander = false;
    for (const feuille of feuilles) {
      const r = lireFeuille(feuille, l.codes);
      if ((r & 7) === FAUX) return FAUX;
      aDemander ||= (r & 7) === A_DEMANDER;
      pire = moindre(pire, r);
    }
    for (const test of tests) {
      const r = test(l);
      if ((r & 7) === FAUX) return FAUX;
      aDemander ||= (r & 7) === A_DEMANDER;
      pire = moindre(pire, r);
    }
    return aDemander && (pire & 7) === INCONNU ? (pire & ~7) | INCOMPLET : pire;
  };
}

/** One must hold: the greatest of the values. */
function compilerUne(conditions: readonly Condition[], compilerUneCondition: (c: Condition) => Test): Test {
  const { feuilles, tests } = trierConditions(conditions, compilerUneCondition);
  return (l) => {
    let mieux = FAUX;
    for (const feuille of feuilles) {
      const r = lireFeuille(feuille, l.codes);
      if ((r & 7) === VRAI) return VRAI;
      mieux = meilleur(mieux, r);
    }
    for (const test of tests) {
      const r = test(l);
      if ((r & 7) === VRAI) return VRAI;
      mieux = meilleur(mieux, r);
    }
    return mieux;
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
      return compilerTous(c.conditions, (x) => compiler(x, situations));
    case 'une':
      return compilerUne(c.conditions, (x) => compiler(x, situations));
    case 'pas':
      return compilerPas(compiler(c.condition, situations));
    default:
      return jamais(c);
  }
}

export const compilerToutes = (conditions: readonly Condition[], situations: Situations): Test =>
  compilerTous(conditions, (c) => compiler(c, situations));

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

/** A condition with some answers known: what it says of them is settled, what is left is shorter. */
export type Reduite = Condition | typeof VRAI | typeof FAUX;

/** Answers of closed fields, as said; « ne sait pas » is not one (it does not settle a condition). */
export type Connus = Readonly<Partial<Record<Champ, string>>>;

export function reduire(c: Condition, connus: Connus, situations: Situations): Reduite {
  switch (c.test) {
    case 'parmi': {
      const valeur = connus[c.champ];
      if (valeur === undefined) return c;
      return c.valeurs.includes(valeur) ? VRAI : FAUX;
    }
    case 'situation': {
      const situation = situations.get(c.est);
      return situation === undefined ? c : reduire(situation, connus, situations);
    }
    case 'pas': {
      const dedans = reduire(c.condition, connus, situations);
      if (dedans === VRAI) return FAUX;
      return dedans === FAUX ? VRAI : { test: 'pas', condition: dedans };
    }
    case 'tous':
    case 'une': {
      const absorbant = c.test === 'tous' ? FAUX : VRAI;
      const conditions: Condition[] = [];
      for (const partie of c.conditions) {
        const r = reduire(partie, connus, situations);
        if (r === absorbant) return absorbant;
        if (r !== VRAI && r !== FAUX) conditions.push(r);
      }
      const [seule] = conditions;
      if (seule === undefined) return c.test === 'tous' ? VRAI : FAUX;
      return conditions.length === 1 ? seule : { test: c.test, conditions };
    }
    default:
      return c;
  }
}

/**
 * The answers that alone make a condition false, as pairs: the place of a field in `Lecture.codes`, then one bit per code that leaves the
 * condition possible. Worked out by trying each answer; fields that rule nothing out are left aside.
 */
export function filtreDe(c: Condition, situations: Situations): readonly number[] {
  const filtre: number[] = [];
  for (const champ of champsLus(c, situations)) {
    const ou = PLACES.get(champ);
    if (ou === undefined || ou.valeurs.size < 2) continue;
    const possible = (valeur: string): boolean => reduire(c, { [champ]: valeur }, situations) !== FAUX;
    let permis = -1;
    for (const [valeur, code] of ou.valeurs)
      if (typeof valeur === 'string' && valeur !== NE_SAIT_PAS && !possible(valeur)) permis &= ~(1 << code);
    // A circonstance that was not said, or is not known, has no value: no list of values holds it.
    if (
      definitionDe(champ).nature === 'circonstance' &&
      definitionDe(champ).forme === 'choix' &&
      !possible('')
    )
      permis &= ~((1 << ABSENT) | (1 << SU_INCONNU));
    if (permis !== -1) filtre.push(ou.place, permis);
  }
  return filtre;
}

/** The déterminants without whose answer a condition cannot be true: those of its plain lists of values, when all must hold. */
export function obligatoiresDe(c: Condition): number {
  if (c.test === 'parmi') return definitionDe(c.champ).nature === 'determinant' ? bitDe(c.champ) : 0;
  return c.test === 'tous' ? c.conditions.reduce((bits, x) => bits | obligatoiresDe(x), 0) : 0;
}

/** Every déterminant a condition reads. */
export function bitsLus(c: Condition, situations: Situations): number {
  let bits = 0;
  for (const champ of champsLus(c, situations))
    if (definitionDe(champ).nature === 'determinant') bits |= bitDe(champ);
  return bits;
}

/** The presence bits without which a condition is false for sure. */
export function requisDe(c: Condition, situations: Situations): number {
  switch (c.test) {
    case 'parmi':
      return presenceDe(c.champ);
    case 'fin-contrat':
      return presenceDe('finContrat');
    case 'renvoi':
      return presenceDe('refusePar');
    case 'demarche':
      return presenceDe('demarcheAnterieure');
    case 'demande':
      return DEMANDE;
    case 'alerte':
      return ALERTE;
    case 'territoire':
      return COMMUNE;
    case 'situation': {
      const situation = situations.get(c.est);
      return situation === undefined ? 0 : requisDe(situation, situations);
    }
    case 'tous':
      return c.conditions.reduce((bits, x) => bits | requisDe(x, situations), 0);
    case 'une':
      return c.conditions.reduce((bits, x) => bits & requisDe(x, situations), -1);
    case 'age':
    case 'pas':
      return 0;
    default:
      return jamais(c);
  }
}

/** Every composed condition inside a condition, itself included, by the text that makes it distinct. */
function compterComposees(c: Condition, comptes: Map<string, number>): void {
  if (c.test === 'pas') return compterComposees(c.condition, comptes);
  if (c.test !== 'tous' && c.test !== 'une') return undefined;
  const cle = JSON.stringify(c);
  comptes.set(cle, (comptes.get(cle) ?? 0) + 1);
  for (const partie of c.conditions) compterComposees(partie, comptes);
}

/**
 * Compiles conditions so that each distinct one that several of them share is worked out at most once per reading. A leaf is two array
 * reads, and a condition met once is read once: remembering those would cost more.
 */
export function compilateurPartage(
  situations: Situations,
  conditions: readonly Condition[],
): (c: Condition) => Test {
  const comptes = new Map<string, number>();
  for (const c of conditions) compterComposees(c, comptes);
  const faits = new Map<string, Test>();
  const composer = (c: Condition): Test => {
    switch (c.test) {
      case 'tous':
        return compilerTous(c.conditions, partager);
      case 'une':
        return compilerUne(c.conditions, partager);
      case 'pas':
        return compilerPas(partager(c.condition));
      default:
        return compiler(c, situations);
    }
  };
  const partager = (c: Condition): Test => {
    const cle = JSON.stringify(c);
    if ((comptes.get(cle) ?? 0) < 2) return composer(c);
    const test = faits.get(cle) ?? memoriser(composer(c));
    faits.set(cle, test);
    return test;
  };
  return partager;
}

/** Remembers the last reading's value. Evaluations are synchronous: no other reading comes in between. */
function memoriser(test: Test): Test {
  let numero = 0;
  let valeur = FAUX;
  return (l) => {
    if (l.numero !== numero) {
      valeur = test(l);
      numero = l.numero;
    }
    return valeur;
  };
}
