import { z } from 'zod';
import { commune as communeDe, departementDeCommune } from '../territoire/index.ts';
import type { Operateur, Registre } from '../vocabulaire/index.ts';
import { bassinDeCommune } from './bassins-paquet.ts';
import { creerCoffre, schemaProvenance } from './coffre.ts';
import { lieuEnMots } from './lieux-mots.ts';
import { dire } from './redaction.ts';
import type { Lieu, Source } from './types.ts';

/** The services of the directory useful to professional life (its own codes); `pole_emploi` is the old code of `france_travail`. */
export const TYPES_SERVICES = [
  'france_travail',
  'pole_emploi',
  'mission_locale',
  'cap_emploi',
  'apec',
  'apecita',
  'agefiph',
  'carif_oref',
  'maison_emploi',
  'cij',
  'cio',
  'suio',
  'afpa',
  'greta',
  'maison_handicapees',
  'msap',
  'epide',
  'cdg',
  'cnfpt',
] as const;
export type TypeService = (typeof TYPES_SERVICES)[number];

/** How one gets in: accessible, on request, not accessible. */
export const ACCES = ['ACC', 'DEM', 'NAC'] as const;

const schemaGuichet = z.strictObject({
  id: z.string(),
  nom: z.string(),
  type: z.enum(TYPES_SERVICES),
  commune: z.string().length(5),
  adresse: z.string(),
  codePostal: z.string(),
  ville: z.string(),
  horaires: z.array(z.string()),
  latitude: z.number().optional(),
  longitude: z.number().optional(),
  acces: z.enum(ACCES).optional(),
  noteAcces: z.string().optional(),
  telephone: z.string().optional(),
  telephoneAccessible: z.string().optional(),
  courriel: z.string().optional(),
  site: z.string().optional(),
  fiche: z.string().optional(),
  modifieLe: z.string().optional(),
  /** Communes served besides its own, INSEE codes. */
  dessert: z.string().optional(),
});
export type Guichet = z.output<typeof schemaGuichet>;

export const schemaPaquetAnnuaire = z.strictObject({
  version: z.literal(1),
  source: schemaProvenance,
  guichets: z.array(schemaGuichet).min(1),
  /** « code:latitude:longitude » of each town hall read in the same directory: where a commune is, to measure a distance. */
  centres: z.string(),
});
export type PaquetAnnuaire = z.output<typeof schemaPaquetAnnuaire>;

type Point = { readonly latitude: number; readonly longitude: number };

const coffre = creerCoffre((paquet: PaquetAnnuaire) => {
  const parType = new Map<TypeService, Guichet[]>();
  for (const g of paquet.guichets) {
    const deja = parType.get(g.type);
    if (deja === undefined) parType.set(g.type, [g]);
    else deja.push(g);
  }
  const centres = new Map<string, Point>(
    paquet.centres.split(' ').map((c) => {
      const [code = '', latitude = '', longitude = ''] = c.split(':');
      return [code, { latitude: Number(latitude), longitude: Number(longitude) }];
    }),
  );
  return { paquet, parType, centres };
});
export const utiliserPaquetAnnuaire = coffre.utiliser;
export const retirerPaquetAnnuaire = coffre.retirer;
/** Provenance of the directory in service; `undefined` while none was imported. */
export const sourceAnnuaire = (): PaquetAnnuaire['source'] | undefined => coffre.lire()?.paquet.source;

/** Kilometres as the crow flies. */
export function distanceKm(a: Point, b: Point): number {
  const rad = Math.PI / 180;
  const x = (b.longitude - a.longitude) * rad * Math.cos(((a.latitude + b.latitude) / 2) * rad);
  const y = (b.latitude - a.latitude) * rad;
  return 6371 * Math.hypot(x, y);
}

export type GuichetProche = { readonly guichet: Guichet; readonly km?: number; readonly dessert: boolean };

/** 0 serves the commune, 1 same commune, 2 same bassin, 3 same département, 4 farther. */
function proximite(g: Guichet, code: string): number {
  if (g.dessert?.split(' ').includes(code) === true) return 0;
  if (g.commune === code) return 1;
  if (bassinDeCommune(g.commune)?.code === bassinDeCommune(code)?.code) return 2;
  return departementDeCommune(g.commune)?.code === departementDeCommune(code)?.code ? 3 : 4;
}

/** Beyond this, « near » would be a lie: the official finder is given instead. */
const KM_MAX = 60;

/**
 * The counters of these kinds that serve a commune (INSEE code), else the nearest: those that say they serve it first, then by distance when the directory says where both
 * are, then by territory (commune, bassin, département). Several counters for one commune are all given, never one picked silently. Empty while no directory is loaded.
 */
export function guichetsProches(
  types: readonly TypeService[],
  codeCommune: string,
  combien: number,
): readonly GuichetProche[] {
  const annuaire = coffre.lire();
  const code = communeDe(codeCommune)?.code;
  if (annuaire === undefined || code === undefined) return [];
  const centre = annuaire.centres.get(code);
  return types
    .flatMap((t) => annuaire.parType.get(t) ?? [])
    .map((guichet) => {
      const { latitude, longitude } = guichet;
      const km =
        centre === undefined || latitude === undefined || longitude === undefined
          ? undefined
          : distanceKm(centre, { latitude, longitude });
      return { guichet, km, rang: proximite(guichet, code) };
    })
    .filter(({ km, rang }) => rang <= 1 || (km === undefined ? rang <= 3 : km <= KM_MAX))
    .sort(
      (a, b) =>
        Number(a.rang !== 0) - Number(b.rang !== 0) ||
        (a.km ?? a.rang * 20) - (b.km ?? b.rang * 20) ||
        a.rang - b.rang ||
        a.guichet.id.localeCompare(b.guichet.id),
    )
    .slice(0, combien)
    .map(({ guichet, km, rang }) => ({ guichet, dessert: rang === 0, ...(km === undefined ? {} : { km }) }));
}

/** Every counter of these kinds in a département, by town. */
export const guichetsDuDepartement = (types: readonly TypeService[], code: string): readonly Guichet[] =>
  types
    .flatMap((t) => coffre.lire()?.parType.get(t) ?? [])
    .filter((g) => departementDeCommune(g.commune)?.code === code)
    .sort((a, b) => a.type.localeCompare(b.type) || a.ville.localeCompare(b.ville, 'fr'));

const TYPES_OPERATEURS: Readonly<Record<Operateur, readonly TypeService[]>> = {
  'france-travail': ['france_travail'],
  apec: ['apec'],
  'mission-locale': ['mission_locale'],
  'cap-emploi': ['cap_emploi'],
  // The directory does not list the offices of the regional operators: their portal gives them.
  'operateur-regional': [],
};

/** The directory's kinds for each operator of the CEP that it lists. */
export const typesDeLOperateur = (operateur: Operateur): readonly TypeService[] =>
  TYPES_OPERATEURS[operateur];

/** A counter ready to be shown: where, when, how to get in, and when the directory last changed its entry. */
export function lieuDuGuichet({ guichet: g, km }: GuichetProche, registre: Registre): Lieu {
  const source = sourceAnnuaire();
  const notes = [
    ...(g.acces === undefined ? [] : [dire(`lieu-acces-${g.acces.toLowerCase()}`, registre)]),
    ...(g.noteAcces === undefined ? [] : [g.noteAcces]),
    ...(g.telephoneAccessible === undefined
      ? []
      : [dire('lieu-telephone-accessible', registre, { numero: g.telephoneAccessible })]),
  ];
  const origine: Source = {
    titre: 'DILA, annuaire de l’administration',
    url: g.fiche ?? 'https://lannuaire.service-public.gouv.fr/',
    date: g.modifieLe ?? source?.date ?? '',
    confiance: 'sur',
  };
  const lieu = {
    nom: g.nom,
    adresse: `${g.adresse}, ${g.codePostal} ${g.ville}`,
    ...(km === undefined ? {} : { km: Math.max(1, Math.round(km)) }),
    ...(g.telephone === undefined ? {} : { telephone: g.telephone }),
    ...(g.courriel === undefined ? {} : { courriel: g.courriel }),
    ...(g.horaires.length === 0 ? {} : { horaires: g.horaires.join(' ; ') }),
    ...(notes.length === 0 ? {} : { acces: notes.join(' ') }),
    source: origine,
  };
  return { ...lieu, enMots: lieuEnMots(lieu, registre) };
}

/** The nearest places of an operator for a commune, ready to be shown; empty while no directory is loaded. */
export const lieuxDeLOperateur = (
  operateur: Operateur,
  codeCommune: string,
  registre: Registre,
  combien = 2,
): readonly Lieu[] =>
  guichetsProches(typesDeLOperateur(operateur), codeCommune, combien).map((g) => lieuDuGuichet(g, registre));
