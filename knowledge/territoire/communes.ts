import { lirePack, type PackEcrit, type PackTerritoire } from './pack.ts';

/**
 * A commune of today. `code` is its INSEE code; `libelle` is the name people asked with when it is a part of the commune
 * (« Paris 13e », « Cherbourg-Octeville »), otherwise its name. `region` is a region code, or the collectivity's own code outside the 18 regions.
 */
export type Commune = {
  readonly code: string;
  readonly nom: string;
  readonly libelle: string;
  readonly departement: string;
  readonly region: string;
  readonly population: number;
  readonly codesPostaux: readonly string[];
};

type Liaison = { readonly nom: string; readonly typeLiaison: number };
/** `typeLiaison` is the Insee code of the article: 0 and 1 none, 2 le, 3 la, 4 les, 5 l’. */
export type Departement = Liaison & { readonly code: string; readonly region: string };
/** `horsRegions` marks the overseas collectivities that are not among the 18 regions (domaine C30). */
export type Region = Liaison & { readonly code: string; readonly horsRegions: boolean };

type Territoire = {
  readonly pack: PackTerritoire;
  /** Row of each INSEE code; a code that a former commune and a commune of today share leads to today's. */
  readonly lignes: ReadonlyMap<string, number>;
  /** Communes already built: most conversations need a handful of the 35,000. */
  readonly bati: Map<number, Commune>;
  readonly departements: ReadonlyMap<string, Departement>;
  readonly regions: ReadonlyMap<string, Region>;
};

/** « Paris 13e Arrondissement » → « Paris 13e ». */
const libelleArrondissement = (nom: string): string => nom.replace(/ Arrondissement$/, '');

let charge: Territoire | undefined;

/** Changes with the pack in service: an index of names made from another one is made again. */
let version = 0;
export const versionTerritoire = (): number => version;

/** Puts another geographic code in service (an imported overlay), whole and at once; what ships stays untouched on disk. */
export function utiliserTerritoire(ecrit: PackEcrit): void {
  charge = construire(lirePack(ecrit));
  version += 1;
}

/** Back to the geographic code that ships. */
export function reprendreTerritoireLivre(): void {
  charge = undefined;
  version += 1;
}

const charger = (): Territoire => (charge ??= construire(lirePack()));

function construire(pack: PackTerritoire): Territoire {
  const lignes = new Map<string, number>();
  pack.codes.forEach((code, ligne) => {
    if (pack.types[ligne] === 'c' || !lignes.has(code)) lignes.set(code, ligne);
  });
  return {
    pack,
    lignes,
    bati: new Map(),
    departements: new Map(
      pack.departements.map(([code, nom, region, typeLiaison]) => [code, { code, nom, region, typeLiaison }]),
    ),
    regions: new Map(
      pack.regions.map(([code, nom, typeLiaison, zone]) => [
        code,
        { code, nom, typeLiaison, horsRegions: zone === 'com' },
      ]),
    ),
  };
}

/** The row of the commune of today that a row leads to. */
export function ligneActuelle(ligne: number): number {
  const { pack, lignes } = charger();
  return pack.types[ligne] === 'c' ? ligne : (lignes.get(pack.parents[ligne] ?? '') ?? ligne);
}

/** What a row is called: « Paris 13e », « Cherbourg-Octeville », « Lille ». */
export const libelleDeLigne = (ligne: number): string =>
  libelleArrondissement(charger().pack.noms[ligne] ?? '');

export const populationDeLigne = (ligne: number): number =>
  charger().pack.populations[ligneActuelle(ligne)] ?? 0;

/** The commune of today of a row, under its own name. */
export function communeDeLigne(ligne: number): Commune {
  const { pack, bati, departements } = charger();
  const actuelle = ligneActuelle(ligne);
  const deja = bati.get(actuelle);
  if (deja !== undefined) return deja;
  const nom = pack.noms[actuelle] ?? '';
  const departement = pack.departementsDesLignes[actuelle] ?? '';
  const codesPostaux = pack.codesPostaux[actuelle] ?? '';
  const neuve: Commune = {
    code: pack.codes[actuelle] ?? '',
    nom,
    libelle: nom,
    departement,
    region: departements.get(departement)?.region ?? '',
    population: pack.populations[actuelle] ?? 0,
    codesPostaux: codesPostaux === '' ? [] : codesPostaux.split(' '),
  };
  bati.set(actuelle, neuve);
  return neuve;
}

/**
 * The commune of an INSEE code; an arrondissement (`75113`) or a former commune leads to the commune of today and keeps its own `libelle`.
 * @throws {DonneeInvalide} the territory pack is missing: run the build.
 */
export function commune(code: string): Commune | undefined {
  const { pack, lignes } = charger();
  const ligne = lignes.get(code);
  if (ligne === undefined) return undefined;
  const actuelle = communeDeLigne(ligne);
  if (pack.types[ligne] === 'c') return actuelle;
  const libelle = libelleDeLigne(ligne);
  return pack.types[ligne] === 'm'
    ? {
        ...actuelle,
        libelle,
        population: pack.populations[ligne] ?? 0,
        codesPostaux: (pack.codesPostaux[ligne] ?? '').split(' '),
      }
    : { ...actuelle, libelle };
}

/** The 34,969 communes of today, in the order of their codes. */
export const communes = (): readonly Commune[] =>
  charger().pack.codes.flatMap((_, ligne) =>
    charger().pack.types[ligne] === 'c' ? [communeDeLigne(ligne)] : [],
  );

/** The index of names as the build wrote it. */
export const indexEcrit = (): Pick<PackTerritoire, 'nomsTries' | 'cibles' | 'codesPostaux' | 'types'> =>
  charger().pack;

/** « 59 », « 2A », « 974 »; the overseas collectivities answer to their own code (« 987 »). */
export const departement = (code: string): Departement | undefined => charger().departements.get(code);
export const departements = (): readonly Departement[] => [...charger().departements.values()];

/** INSEE code of a region (« 32 »), which is not a département number: « 44 » is Grand Est. */
export const region = (code: string): Region | undefined => charger().regions.get(code);
/** The 18 regions, then the overseas collectivities (`horsRegions`). */
export const regions = (): readonly Region[] => [...charger().regions.values()];

export const departementDeCommune = (code: string): Departement | undefined => {
  const c = commune(code);
  return c === undefined ? undefined : departement(c.departement);
};

export const regionDeCommune = (code: string): Region | undefined => {
  const c = commune(code);
  return c === undefined ? undefined : region(c.region);
};

/** Producer, package, vintage and licence of the geographic code, to be shown with it. */
export const sourceTerritoire = (): PackTerritoire['source'] => charger().pack.source;
