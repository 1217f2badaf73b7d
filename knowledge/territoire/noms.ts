import { memoire } from '../vocabulaire/index.ts';
import {
  communeDeLigne,
  indexEcrit,
  libelleDeLigne,
  populationDeLigne,
  type Commune,
  versionTerritoire,
} from './communes.ts';

/** How a name leads to a commune: its own, without its article (« mans »), an arrondissement's, or a former commune's. */
export type NatureNom = 'nom' | 'sans-article' | 'arrondissement' | 'ancien';

export type NomDeCommune = {
  readonly commune: Commune;
  readonly nature: NatureNom;
  readonly libelle: string;
};

/** Names in order, with the length of the prefix each shares with the one before: what the search walks. */
export type ListeTriee = { readonly tries: readonly string[]; readonly prefixes: Uint8Array };

/** `ligne × 4 + nature`, as the build wrote them; the natures are in this order. */
const NATURES: readonly NatureNom[] = ['nom', 'sans-article', 'arrondissement', 'ancien'];

type IndexNoms = {
  readonly tous: ListeTriee;
  /** Towns only: a slip inside a sentence is forgiven for these alone, or every word would be near some hamlet. */
  readonly villes: ListeTriee;
  /** The same, under their name and under what is left of it without one letter: to find them a slip away. */
  readonly villesSansUneLettre: ReadonlyMap<string, readonly string[]>;
  readonly parCodePostal: ReadonlyMap<string, readonly number[]>;
  /** Targets of the towns whose longer name begins with this one (« aix », « boulogne »). */
  readonly debuts: (nom: string) => readonly number[];
  /** The greatest number of words of a name that begins with this word. */
  readonly longueur: (premierMot: string) => number;
};

const POPULATION_VILLE = 5_000;
/** A town is said by its first words (« Clermont », « Aix ») when it dwarfs those that bear exactly that name. */
const FOIS_PLUS_PEUPLEE = 5;
/** « Port de » is not how people call Port-de-Bouc: a beginning stops before the small words. */
const FINIT_EN_LIAISON = / (?:de|du|des|d|le|la|les|l|en|sur|sous|aux?|et|a)$/;
/** Words that begin too many names to stand for one. */
const SANS_SUJET =
  /^(?:(?:saint|sainte|saints|saintes|notre|le|la|les|l|grand|petit|sur|de|du|des|d|en)(?: |$))+$/;

function prefixeCommun(a: string, b: string): number {
  const fin = Math.min(a.length, b.length, 255);
  let i = 0;
  while (i < fin && a.charCodeAt(i) === b.charCodeAt(i)) i += 1;
  return i;
}

function listeTriee(tries: readonly string[]): ListeTriee {
  const prefixes = new Uint8Array(tries.length);
  for (let i = 1; i < tries.length; i += 1) prefixes[i] = prefixeCommun(tries[i - 1] ?? '', tries[i] ?? '');
  return { tries, prefixes };
}

const lireCibles = (texte: string): readonly number[] => texte.split(' ').map(Number);
const ligneDe = (cible: number): number => cible >> 2;
/** A town's own name, with or without its article. */
const estNomPropre = (cible: number): boolean => (cible & 3) < 2;

let index: IndexNoms | undefined;
let versionIndexee = 0;

/** A value made at its first use, once: the first sentence of the day waits only for what it asks. */
function paresseux<T>(faire: () => T): () => T {
  let fait: { readonly valeur: T } | undefined;
  return () => (fait ??= { valeur: faire() }).valeur;
}

/** Built piece by piece as searches need them, and again when another geographic code is put in service. */
export function indexNoms(): IndexNoms {
  if (index !== undefined && versionIndexee === versionTerritoire()) return index;
  versionIndexee = versionTerritoire();
  const { nomsTries } = indexEcrit();
  const tous = paresseux(() => listeTriee(nomsTries));
  const villes = paresseux(() => listeTriee(nomsTries.filter((_, rang) => grandesCibles(rang).length > 0)));
  const villesSansUneLettre = paresseux(() => sansUneLettreParmi(villes().tries));
  const parCodePostal = paresseux(indexCodesPostaux);
  index = {
    get tous() {
      return tous();
    },
    get villes() {
      return villes();
    },
    get villesSansUneLettre() {
      return villesSansUneLettre();
    },
    get parCodePostal() {
      return parCodePostal();
    },
    debuts: memoire((nom) => ciblesCommencantPar(nomsTries, nom)),
    longueur: memoire((premier) => longueurDepuis(nomsTries, premier)),
  };
  return index;
}

/** The targets of a name that are towns bearing it as their own. Targets are sorted by population: when the first is small, all are. */
function grandesCibles(rang: number): readonly number[] {
  const lues = indexEcrit().cibles[rang] ?? '';
  if (populationDeLigne(ligneDe(Number.parseInt(lues, 10))) < POPULATION_VILLE) return [];
  return lireCibles(lues).filter((c) => estNomPropre(c) && populationDeLigne(ligneDe(c)) >= POPULATION_VILLE);
}

function longueurDepuis(tries: readonly string[], premier: string): number {
  const debut = `${premier} `;
  let longueur = tries[position(tries, premier)] === premier ? 1 : 0;
  for (let i = position(tries, debut); i < tries.length; i += 1) {
    const nom = tries[i] ?? '';
    if (!nom.startsWith(debut)) break;
    let mots = 1;
    for (let p = nom.indexOf(' '); p !== -1; p = nom.indexOf(' ', p + 1)) mots += 1;
    if (mots > longueur) longueur = mots;
  }
  return longueur;
}

function ciblesCommencantPar(tries: readonly string[], nom: string): readonly number[] {
  if (nom.length < 3 || SANS_SUJET.test(nom) || FINIT_EN_LIAISON.test(nom)) return [];
  const debut = `${nom} `;
  const cibles: number[] = [];
  for (let i = position(tries, debut); i < tries.length && (tries[i] ?? '').startsWith(debut); i += 1)
    for (const cible of grandesCibles(i))
      if (!cibles.some((c) => ligneDe(c) === ligneDe(cible))) cibles.push(cible);
  return cibles;
}

function indexCodesPostaux(): Map<string, number[]> {
  const { codesPostaux, types } = indexEcrit();
  const parCode = new Map<string, number[]>();
  codesPostaux.forEach((lus, ligne) => {
    if (lus === '' || types[ligne] !== 'c') return;
    for (const code of lus.split(' ')) {
      const deja = parCode.get(code);
      if (deja === undefined) parCode.set(code, [ligne]);
      else deja.push(ligne);
    }
  });
  for (const lignes of parCode.values()) lignes.sort((a, b) => populationDeLigne(b) - populationDeLigne(a));
  return parCode;
}

const nommee = (cible: number): NomDeCommune => ({
  commune: communeDeLigne(ligneDe(cible)),
  nature: NATURES[cible & 3] ?? 'nom',
  libelle: libelleDeLigne(ligneDe(cible)),
});

/** Communes that bear this very name (already through `normaliserLieu`), most populated first. */
export function communesNommees(nom: string): readonly NomDeCommune[] {
  const { nomsTries, cibles } = indexEcrit();
  const rang = position(nomsTries, nom);
  return nomsTries[rang] === nom ? lireCibles(cibles[rang] ?? '').map(nommee) : [];
}

/**
 * Communes people may mean by a name (already through `normaliserLieu`): those that bear it, and the towns at least five times larger whose
 * longer name begins with it (« Clermont » is also Clermont-Ferrand, « Charleville » Charleville-Mézières). Most populated first.
 */
export function communesDites(nom: string): readonly NomDeCommune[] {
  const exactes = communesNommees(nom);
  const seuil = (exactes[0]?.commune.population ?? 0) * FOIS_PLUS_PEUPLEE;
  const longues = indexNoms()
    .debuts(nom)
    .filter((c) => populationDeLigne(ligneDe(c)) >= seuil)
    .map(nommee);
  if (longues.length === 0) return exactes;
  const vues = new Set(longues.map((l) => l.commune.code));
  return [...longues, ...exactes.filter((e) => !vues.has(e.commune.code))].sort(
    (a, b) => b.commune.population - a.commune.population,
  );
}

/** First position of the sorted names at or after `debut`. */
function position(tries: readonly string[], debut: string): number {
  let bas = 0;
  let haut = tries.length;
  while (bas < haut) {
    const milieu = (bas + haut) >> 1;
    if ((tries[milieu] ?? '') < debut) bas = milieu + 1;
    else haut = milieu;
  }
  return bas;
}

/** A name, then all that is left of it without one of its letters: « nice » → nice, ice, nce, nie, nic. */
export const sansUneLettre = (nom: string): readonly string[] => [
  ...new Set([nom, ...Array.from(nom, (_, i) => nom.slice(0, i) + nom.slice(i + 1))]),
];

function sansUneLettreParmi(noms: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const restes = new Map<string, string[]>();
  for (const nom of noms)
    for (const reste of sansUneLettre(nom)) {
      const deja = restes.get(reste);
      if (deja === undefined) restes.set(reste, [nom]);
      else deja.push(nom);
    }
  return restes;
}

/** Indexed names that begin with these letters. */
export function nomsCommencantPar(debut: string): readonly string[] {
  const { nomsTries } = indexEcrit();
  const noms: string[] = [];
  for (let i = position(nomsTries, debut); i < nomsTries.length; i += 1) {
    const nom = nomsTries[i] ?? '';
    if (!nom.startsWith(debut)) break;
    noms.push(nom);
  }
  return noms;
}

/** Communes served by a postcode, most populated first; an arrondissement's postcode leads to its commune. */
export const communesDuCodePostal = (codePostal: string): readonly Commune[] =>
  (indexNoms().parCodePostal.get(codePostal) ?? []).map(communeDeLigne);

/** Names of the towns of 5,000 inhabitants or more, folded, in alphabetical order. */
export const nomsDesVilles = (): readonly string[] => indexNoms().villes.tries;

/** How many words the longest name beginning with this word has; 0 when none does. Lets a reader skip most words of a sentence. */
export const longueurMaximale = (premierMot: string): number => indexNoms().longueur(premierMot);
