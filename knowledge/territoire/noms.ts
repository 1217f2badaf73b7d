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
  /** Where each name is in the sorted list. */
  readonly rangs: ReadonlyMap<string, number>;
  readonly tous: ListeTriee;
  /** Towns only: a slip inside a sentence is forgiven for these alone, or every word would be near some hamlet. */
  readonly villes: ListeTriee;
  /** The same, read backwards and sorted: to find them by their end. */
  readonly villesParFin: readonly string[];
  readonly parCodePostal: ReadonlyMap<string, readonly number[]>;
  /** First words of the names of towns (« aix », « boulogne »), with their targets. */
  readonly debuts: ReadonlyMap<string, readonly number[]>;
  /** First word → the greatest number of words of a name that begins with it. */
  readonly longueurs: ReadonlyMap<string, number>;
};

const POPULATION_VILLE = 5_000;
/** A town is said by its first words (« Clermont », « Aix ») when it dwarfs those that bear exactly that name. */
const FOIS_PLUS_PEUPLEE = 5;
const POPULATION_USUELLE = 5_000;
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

/** Built at the first search, and again when another geographic code is put in service. */
export function indexNoms(): IndexNoms {
  if (index !== undefined && versionIndexee === versionTerritoire()) return index;
  versionIndexee = versionTerritoire();
  const { nomsTries, cibles } = indexEcrit();
  const rangs = new Map<string, number>();
  const longueurs = new Map<string, number>();
  const villes: string[] = [];
  const debuts = new Map<string, number[]>();
  nomsTries.forEach((nom, rang) => {
    rangs.set(nom, rang);
    let mots = 1;
    for (let p = nom.indexOf(' '); p !== -1; p = nom.indexOf(' ', p + 1)) mots += 1;
    const premier = mots === 1 ? nom : nom.slice(0, nom.indexOf(' '));
    if ((longueurs.get(premier) ?? 0) < mots) longueurs.set(premier, mots);
    // Targets are sorted by population: when the first is small, all are.
    const lues = cibles[rang] ?? '';
    if (populationDeLigne(ligneDe(Number.parseInt(lues, 10))) < POPULATION_VILLE) return;
    const grandes = lireCibles(lues).filter(
      (c) => estNomPropre(c) && populationDeLigne(ligneDe(c)) >= POPULATION_VILLE,
    );
    if (grandes.length > 0) villes.push(nom);
    if (mots > 1) noterDebuts(debuts, nom, grandes);
  });
  index = {
    rangs,
    tous: listeTriee(nomsTries),
    villes: listeTriee(villes),
    villesParFin: villes.map(renverser).sort(),
    parCodePostal: indexCodesPostaux(),
    debuts,
    longueurs,
  };
  return index;
}

function noterDebuts(debuts: Map<string, number[]>, nom: string, cibles: readonly number[]): void {
  for (const cible of cibles) {
    if (populationDeLigne(ligneDe(cible)) < POPULATION_USUELLE) continue;
    for (let p = nom.indexOf(' '); p !== -1; p = nom.indexOf(' ', p + 1)) {
      const debut = nom.slice(0, p);
      if (debut.length < 3 || SANS_SUJET.test(debut) || FINIT_EN_LIAISON.test(debut)) continue;
      const deja = debuts.get(debut) ?? [];
      if (!deja.some((c) => ligneDe(c) === ligneDe(cible))) deja.push(cible);
      debuts.set(debut, deja);
    }
  }
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
  const rang = indexNoms().rangs.get(nom);
  return rang === undefined ? [] : lireCibles(indexEcrit().cibles[rang] ?? '').map(nommee);
}

/**
 * Communes people may mean by a name (already through `normaliserLieu`): those that bear it, and the towns at least five times larger whose
 * longer name begins with it (« Clermont » is also Clermont-Ferrand, « Charleville » Charleville-Mézières). Most populated first.
 */
export function communesDites(nom: string): readonly NomDeCommune[] {
  const exactes = communesNommees(nom);
  const seuil = (exactes[0]?.commune.population ?? 0) * FOIS_PLUS_PEUPLEE;
  const longues = (indexNoms().debuts.get(nom) ?? [])
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

/** « lille » → « ellil ». Folded names hold plain letters only. */
export const renverser = (nom: string): string => [...nom].reverse().join('');

/** The names of a sorted list that begin with these letters. */
export function commencantPar(tries: readonly string[], debut: string): readonly string[] {
  const noms: string[] = [];
  for (let i = position(tries, debut); i < tries.length; i += 1) {
    const nom = tries[i] ?? '';
    if (!nom.startsWith(debut)) break;
    noms.push(nom);
  }
  return noms;
}

/** Indexed names that begin with these letters. */
export const nomsCommencantPar = (debut: string): readonly string[] =>
  commencantPar(indexNoms().tous.tries, debut);

/** Communes served by a postcode, most populated first; an arrondissement's postcode leads to its commune. */
export const communesDuCodePostal = (codePostal: string): readonly Commune[] =>
  (indexNoms().parCodePostal.get(codePostal) ?? []).map(communeDeLigne);

/** Names of the towns of 5,000 inhabitants or more, folded, in alphabetical order. */
export const nomsDesVilles = (): readonly string[] => indexNoms().villes.tries;

/** How many words the longest name beginning with this word has; 0 when none does. Lets a reader skip most words of a sentence. */
export const longueurMaximale = (premierMot: string): number => indexNoms().longueurs.get(premierMot) ?? 0;
