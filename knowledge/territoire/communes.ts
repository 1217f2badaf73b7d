import { lirePack, type PackTerritoire } from './pack.ts';

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

/** A former commune (déléguée or associée) or an arrondissement: a name that leads to a commune of today. */
export type PartieDeCommune = {
  readonly code: string;
  readonly nom: string;
  readonly nature: 'ancienne' | 'arrondissement';
  readonly commune: Commune;
};

type Territoire = {
  readonly source: PackTerritoire['source'];
  readonly communes: readonly Commune[];
  readonly parties: readonly PartieDeCommune[];
  readonly parCode: ReadonlyMap<string, Commune>;
  readonly departements: ReadonlyMap<string, Departement>;
  readonly regions: ReadonlyMap<string, Region>;
};

/** « Paris 13e Arrondissement » → « Paris 13e ». */
const libelleArrondissement = (nom: string): string => nom.replace(/ Arrondissement$/, '');

let charge: Territoire | undefined;

function charger(): Territoire {
  if (charge !== undefined) return charge;
  const pack = lirePack();
  const communes: Commune[] = [];
  const parCode = new Map<string, Commune>();
  for (const [code, nom, type, departement, region, population, codesPostaux] of pack.communes) {
    if (type !== 'commune-actuelle') continue;
    const c: Commune = { code, nom, libelle: nom, departement, region, population, codesPostaux };
    communes.push(c);
    parCode.set(code, c);
  }
  const parties: PartieDeCommune[] = [];
  for (const [code, nom, type, , , population, codesPostaux, parent] of pack.communes) {
    const commune = type === 'commune-actuelle' ? undefined : parCode.get(parent);
    if (commune === undefined) continue;
    const nature = type === 'arrondissement-municipal' ? 'arrondissement' : 'ancienne';
    const libelle = nature === 'arrondissement' ? libelleArrondissement(nom) : nom;
    parties.push({ code, nom: libelle, nature, commune });
    // A commune déléguée often keeps the very code of the new commune: today's commune then wins.
    if (!parCode.has(code))
      parCode.set(code, {
        ...commune,
        libelle,
        ...(nature === 'arrondissement' ? { population, codesPostaux } : {}),
      });
  }
  charge = {
    source: pack.source,
    communes,
    parties,
    parCode,
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
  return charge;
}

/**
 * The commune of an INSEE code; an arrondissement (`75113`) or a former commune leads to the commune of today and keeps its own `libelle`.
 * @throws {DonneeInvalide} the territory pack is missing: run the build.
 */
export const commune = (code: string): Commune | undefined => charger().parCode.get(code);

/** The 34,969 communes of today, in the order of their codes. */
export const communes = (): readonly Commune[] => charger().communes;

/** Former communes and arrondissements, each with its commune of today. */
export const partiesDeCommunes = (): readonly PartieDeCommune[] => charger().parties;

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
export const sourceTerritoire = (): PackTerritoire['source'] => charger().source;
