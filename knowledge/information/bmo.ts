import { z } from 'zod';
import {
  commune,
  dansDepartement,
  dansRegion,
  departement,
  nomDepartement,
  nomRegion,
} from '../territoire/index.ts';
import { lireDonnees } from '../vocabulaire/index.ts';
import { bassinDeCommune, sourceBassins } from './bassins-paquet.ts';
import { schemaPaquetBmo, type PaquetBmo } from './bmo-paquet.ts';
import type { Source } from './types.ts';

const FICHIER = 'knowledge/information/donnees/bmo-2024.json';
const FICHIER_NOMS = 'knowledge/information/donnees/bassins-noms.json';
const FICHIER_FAMILLES = 'knowledge/information/donnees/familles-metiers.json';

export type Niveau = 'bassin' | 'departement' | 'region' | 'france';

/** A territory at which figures can be read, from the nearest to the widest. */
export type Zone = {
  readonly niveau: Niveau;
  readonly code: string;
  /** « Lille », « Nord », « Hauts-de-France », « France »: for a chart. */
  readonly nom: string;
  /** « dans le bassin d’emploi de Lille », « dans le Nord »: for a sentence. */
  readonly locatif: string;
};

/**
 * Hiring projects of one family in one zone, summed over the visible cells only. `projets` is null when every cell is secret.
 * A share is a percentage computed on the lines where both numbers are visible, and withheld when they are less than half of the projects.
 */
export type ChiffreBmo = {
  readonly famille: string;
  readonly zone: Zone;
  readonly annee: number;
  readonly projets: number | null;
  readonly secrets: number;
  readonly partDifficile: number | null;
  readonly partSaisonniere: number | null;
};

type Cumul = {
  projets: number;
  visibles: number;
  secrets: number;
  difficiles: number;
  baseDifficiles: number;
  saisonniers: number;
  baseSaisonniers: number;
};
type Groupe = {
  readonly region: string;
  readonly departement: string;
  readonly bassin: string;
  /** The cells as the pack writes them: read only for the zones and families asked, a conversation needs a handful of the fifty thousand. */
  readonly cellules: string;
};
type Charge = {
  readonly paquet: PaquetBmo;
  readonly familles: ReadonlyMap<string, string>;
  readonly bassins: ReadonlyMap<string, string>;
  readonly groupes: ReadonlyMap<string, readonly Groupe[]>;
  /** Every family of a zone. */
  readonly cumuls: Map<string, ReadonlyMap<string, Cumul>>;
  /** One family of a wide zone, by « zone famille ». */
  readonly seuls: Map<string, Cumul | undefined>;
};

const schemaNoms = z.strictObject({
  source: z.strictObject({ titre: z.string(), verifieLe: z.iso.date() }),
  millesime: z.number().int(),
  noms: z.record(z.string().length(4), z.string()),
});
const schemaFamilles = z.strictObject({
  source: z.strictObject({ titre: z.string(), verifieLe: z.iso.date() }),
  /** Labels put right (« Ouviers ») or shortened to be read in a sentence; the others are the survey's own. */
  libelles: z.record(z.string(), z.string()),
  /** Families that bring together very different jobs: said so wherever their figure is given. */
  larges: z.array(z.string()),
});

let familles: z.output<typeof schemaFamilles> | undefined;
let noms: z.output<typeof schemaNoms> | undefined;
let charge: Charge | undefined;

const lireFamilles = () => (familles ??= lireDonnees(FICHIER_FAMILLES, schemaFamilles));
const lireNoms = () => (noms ??= lireDonnees(FICHIER_NOMS, schemaNoms));

function indexer(paquet: PaquetBmo): Charge {
  const groupes = new Map<string, Groupe[]>();
  const ranger = (cle: string, groupe: Groupe): void => {
    const deja = groupes.get(cle);
    if (deja === undefined) groupes.set(cle, [groupe]);
    else deja.push(groupe);
  };
  for (const zone of paquet.zones) {
    ranger(`bassin ${zone.bassin}`, zone);
    ranger(`departement ${zone.departement}`, zone);
    ranger(`region ${zone.region}`, zone);
    ranger('france ', zone);
  }
  return {
    paquet,
    familles: new Map(paquet.familles.map(([code, libelle]) => [code, libelle])),
    bassins: new Map(paquet.bassins),
    groupes,
    cumuls: new Map(),
    seuls: new Map(),
  };
}

const charger = (): Charge => (charge ??= indexer(lireDonnees(FICHIER, schemaPaquetBmo)));

/** Puts another survey in service (an imported overlay); what ships stays untouched on disk. Whole and at once: readers see one or the other. */
export function utiliserPaquetBmo(paquet: PaquetBmo): void {
  charge = indexer(paquet);
}

/** Back to the survey that ships. */
export function reprendrePaquetLivre(): void {
  charge = undefined;
}

/** Producer, licence, vintage, date and rows of the survey in service. */
export const provenanceBmo = (): PaquetBmo['source'] => charger().paquet.source;
/** The whole pack in service, to compare a newcomer with it. */
export const paquetBmo = (): PaquetBmo => charger().paquet;

export const anneeBmo = (): number => charger().paquet.source.millesime;
export const nomenclatureBmo = (): PaquetBmo['nomenclature'] => charger().paquet.nomenclature;

export function sourceBmo(): Source {
  const { source } = charger().paquet;
  return {
    titre: `${source.producteur}, ${source.titre}`,
    url: source.url,
    date: String(source.millesime),
    confiance: 'sur',
  };
}

const typographier = (texte: string): string => texte.replaceAll("'", '’').replace(/\s+/gu, ' ').trim();

/** « aides-soignants »: the survey's name of a family, ready for a sentence; `undefined` for a code the survey does not know. */
export function libelleFamille(code: string): string | undefined {
  const brut = charger().familles.get(code);
  if (brut === undefined) return undefined;
  const lisible = lireFamilles().libelles[code] ?? typographier(brut);
  return lisible.charAt(0).toLowerCase() + lisible.slice(1);
}

export const estFamilleLarge = (code: string): boolean => lireFamilles().larges.includes(code);

function zoneBassin(code: string): Zone {
  const complement = lireNoms().millesime === anneeBmo() ? lireNoms().noms[code] : undefined;
  const nom = typographier(charger().bassins.get(code) ?? code);
  return complement === undefined
    ? { niveau: 'bassin', code, nom, locatif: `dans le bassin d’emploi « ${nom} »` }
    : {
        niveau: 'bassin',
        code,
        nom: complement.replace(/^(?:d’|de |du |des )/u, ''),
        locatif: `dans le bassin d’emploi ${complement}`,
      };
}

/** Capital letters, accents and articles aside, the same name — or one the long form of the other (« Roissy », « Grand Roissy »). */
function estMemeNom(a: string, b: string): boolean {
  const plier = (t: string): string =>
    t
      .toLowerCase()
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .replace(/[^a-z0-9]+/gu, ' ')
      .trim();
  const [x, y] = [plier(a), plier(b)];
  return x === y || x.endsWith(y) || y.endsWith(x);
}

/** The only pair of different years that may be joined: what ships, compared name by name on 2026-11-20 (402 bassins of 406). */
const MILLESIMES_COMPARES = { bassins: 2021, bmo: 2024 };

/**
 * The bassin of a commune in the survey in service. Codes change between years (Paris is 1107 in 2024, 5001 in 2025): mapping and survey must be of the same
 * year. The pair that ships is the exception, and only where a bassin has the same code *and* the same name in both; otherwise figures start at the département.
 */
function bassinJoint(codeCommune: string): string | undefined {
  const bassin = bassinDeCommune(codeCommune);
  const nomEnquete = bassin === undefined ? undefined : charger().bassins.get(bassin.code);
  if (bassin === undefined || nomEnquete === undefined) return undefined;
  const zonage = sourceBassins().millesime;
  if (zonage === anneeBmo()) return bassin.code;
  const compares = zonage === MILLESIMES_COMPARES.bassins && anneeBmo() === MILLESIMES_COMPARES.bmo;
  return compares && estMemeNom(bassin.nom, nomEnquete) ? bassin.code : undefined;
}

export type LieuChiffres = {
  readonly commune?: string;
  readonly departement?: string;
  readonly region?: string;
};

/** The zones of a place, nearest first, always ended by France. Zones the survey knows nothing of are left out. */
export function zonesDe(lieu: LieuChiffres): readonly Zone[] {
  const c = lieu.commune === undefined ? undefined : commune(lieu.commune);
  const dep = c?.departement ?? lieu.departement;
  const reg = c?.region ?? (dep === undefined ? undefined : departement(dep)?.region) ?? lieu.region;
  const bassin = c === undefined ? undefined : bassinJoint(c.code);
  const candidates: Zone[] = [
    ...(bassin === undefined ? [] : [zoneBassin(bassin)]),
    ...(dep === undefined
      ? []
      : [
          {
            niveau: 'departement' as const,
            code: dep,
            nom: nomDepartement(dep),
            locatif: dansDepartement(dep),
          },
        ]),
    ...(reg === undefined
      ? []
      : [{ niveau: 'region' as const, code: reg, nom: nomRegion(reg), locatif: dansRegion(reg) }]),
    { niveau: 'france', code: '', nom: 'France', locatif: 'en France' },
  ];
  return candidates.filter((z) => charger().groupes.has(`${z.niveau} ${z.code}`));
}

/** The bassins d’emploi of the survey that touch a département (INSEE code), in the order of their codes; empty where the survey has none. */
export const bassinsDuDepartement = (code: string): readonly Zone[] =>
  (charger().groupes.get(`departement ${code}`) ?? []).map(({ bassin }) => zoneBassin(bassin));

const cumulVide = (): Cumul => ({
  projets: 0,
  visibles: 0,
  secrets: 0,
  difficiles: 0,
  baseDifficiles: 0,
  saisonniers: 0,
  baseSaisonniers: 0,
});

const lireCellule = (brut: string | undefined): number | null =>
  brut === undefined || brut === '*' ? null : Number(brut);

/** Adds one cell, « famille:projets:difficiles:saisonniers », to a sum. */
function cumuler(c: Cumul, cellule: string): void {
  const [, met, xmet, smet] = cellule.split(':');
  const [projets, difficiles, saisonniers] = [lireCellule(met), lireCellule(xmet), lireCellule(smet)];
  if (projets === null) {
    c.secrets += 1;
    return;
  }
  c.projets += projets;
  c.visibles += 1;
  if (difficiles !== null) {
    c.difficiles += difficiles;
    c.baseDifficiles += projets;
  }
  if (saisonniers !== null) {
    c.saisonniers += saisonniers;
    c.baseSaisonniers += projets;
  }
}

const cleZone = ({ niveau, code }: Zone): string => `${niveau} ${code}`;

function cumulsDe(zone: Zone): ReadonlyMap<string, Cumul> {
  const { cumuls, groupes } = charger();
  const deja = cumuls.get(cleZone(zone));
  if (deja !== undefined) return deja;
  const sommes = new Map<string, Cumul>();
  for (const { cellules } of groupes.get(cleZone(zone)) ?? [])
    for (const cellule of cellules.split(' ')) {
      const famille = cellule.slice(0, cellule.includes(':') ? cellule.indexOf(':') : undefined);
      const c = sommes.get(famille) ?? cumulVide();
      sommes.set(famille, c);
      cumuler(c, cellule);
    }
  cumuls.set(cleZone(zone), sommes);
  return sommes;
}

/** One family of a wide zone, found in the text of its groups: summing the whole country for one figure would cost the first person who asks a quarter of a second. */
function cumulSeul(famille: string, zone: Zone): Cumul | undefined {
  const { seuls, groupes } = charger();
  const cle = `${cleZone(zone)} ${famille}`;
  if (seuls.has(cle)) return seuls.get(cle);
  let somme: Cumul | undefined;
  for (const { cellules } of groupes.get(cleZone(zone)) ?? []) {
    const debut = cellules.startsWith(famille) ? 0 : cellules.indexOf(` ${famille}`) + 1;
    if (debut === 0 && !cellules.startsWith(famille)) continue;
    const blanc = cellules.indexOf(' ', debut);
    const cellule = cellules.slice(debut, blanc < 0 ? undefined : blanc);
    if (cellule !== famille && !cellule.startsWith(`${famille}:`)) continue;
    somme ??= cumulVide();
    cumuler(somme, cellule);
  }
  seuls.set(cle, somme);
  return somme;
}

/** Whole sums for the near zones, where dozens of families are asked in turn; one family at a time above. */
const cumulDe = (famille: string, zone: Zone): Cumul | undefined =>
  zone.niveau === 'bassin' || zone.niveau === 'departement' || charger().cumuls.has(cleZone(zone))
    ? cumulsDe(zone).get(famille)
    : cumulSeul(famille, zone);

const part = (nombre: number, base: number, total: number): number | null =>
  base > 0 && base * 2 >= total ? Math.round((100 * nombre) / base) : null;

/** The figure of a family in a zone; `undefined` when the survey has no line for it there. */
export function chiffreBmo(famille: string, zone: Zone): ChiffreBmo | undefined {
  const c = cumulDe(famille, zone);
  return c === undefined
    ? undefined
    : {
        famille,
        zone,
        annee: anneeBmo(),
        projets: c.visibles === 0 ? null : c.projets,
        secrets: c.secrets,
        partDifficile: part(c.difficiles, c.baseDifficiles, c.projets),
        partSaisonniere: part(c.saisonniers, c.baseSaisonniers, c.projets),
      };
}

/** The families with most hiring projects in a zone, largest first. */
export const famillesLesPlusRecherchees = (zone: Zone, combien: number): readonly ChiffreBmo[] =>
  [...cumulsDe(zone)]
    .filter(([, c]) => c.visibles > 0)
    .sort(([a, x], [b, y]) => y.projets - x.projets || (a < b ? -1 : 1))
    .slice(0, combien)
    .map(([famille]) => chiffreBmo(famille, zone))
    .filter((c) => c !== undefined);
