import { z } from 'zod';
import {
  commune as communeDe,
  departementDeCommune,
  nomComplet,
  regionDeCommune,
} from '../territoire/index.ts';
import type { Jour } from '../vocabulaire/index.ts';
import { bassinDeCommune } from './bassins-paquet.ts';
import { creerCoffre, schemaProvenance } from './coffre.ts';

const jour = z.iso.date();
const heure = z.string().regex(/^\d{2}:\d{2}$/);

/** One collective information meeting, in Paris time. `commune` is absent when it takes place online only. */
const schemaReunion = z.strictObject({
  id: z.string().min(1),
  titre: z.string().min(1),
  jour,
  heure: heure.optional(),
  heureFin: heure.optional(),
  commune: z.string().length(5).optional(),
  adresse: z.string().optional(),
  enLigne: z.boolean(),
  organisateur: z.string().optional(),
  url: z.url({ protocol: /^https?$/ }).optional(),
});
export type Reunion = z.output<typeof schemaReunion>;

export const schemaPaquetReunions = z.strictObject({
  version: z.literal(1),
  source: schemaProvenance,
  reunions: z.array(schemaReunion).min(1),
});
export type PaquetReunions = z.output<typeof schemaPaquetReunions>;

const coffre = creerCoffre((paquet: PaquetReunions) => paquet);
export const utiliserPaquetReunions = coffre.utiliser;
export const retirerPaquetReunions = coffre.retirer;
export const sourceReunions = (): PaquetReunions['source'] | undefined => coffre.lire()?.source;

/** Beyond three months nobody plans to come. */
const HORIZON_JOURS = 92;

/** 0 same commune, 1 same bassin, 2 same département, 3 same region, 4 online; farther is not near. */
function rang(reunion: Reunion, lieu: LieuReunion): number | undefined {
  if (reunion.commune === undefined) return reunion.enLigne ? 4 : undefined;
  const { commune, departement, region } = lieu;
  if (commune !== undefined) {
    if (reunion.commune === communeDe(commune)?.code) return 0;
    const bassin = bassinDeCommune(commune)?.code;
    if (bassin !== undefined && bassinDeCommune(reunion.commune)?.code === bassin) return 1;
  }
  const dep = departement ?? (commune === undefined ? undefined : departementDeCommune(commune)?.code);
  if (dep !== undefined && departementDeCommune(reunion.commune)?.code === dep) return 2;
  const reg = region ?? (commune === undefined ? undefined : regionDeCommune(commune)?.code);
  if (reg !== undefined && regionDeCommune(reunion.commune)?.code === reg) return 3;
  return reunion.enLigne ? 4 : undefined;
}

export type LieuReunion = {
  readonly commune?: string;
  readonly departement?: string;
  readonly region?: string;
};

/**
 * The meetings to come from a day on, near a place: the nearest level first (commune, bassin, département, region, then online), and by date within it. A meeting of the day
 * itself still counts. Empty while none was imported.
 */
export function reunionsProches(lieu: LieuReunion, le: Jour, combien: number): readonly Reunion[] {
  const limite = new Date(Date.parse(`${le}T00:00:00Z`) + HORIZON_JOURS * 86_400_000)
    .toISOString()
    .slice(0, 10);
  return (coffre.lire()?.reunions ?? [])
    .flatMap((reunion) => {
      const r = reunion.jour >= le && reunion.jour <= limite ? rang(reunion, lieu) : undefined;
      return r === undefined ? [] : [{ reunion, rang: r }];
    })
    .sort(
      (a, b) =>
        a.rang - b.rang ||
        `${a.reunion.jour}${a.reunion.heure ?? ''}`.localeCompare(
          `${b.reunion.jour}${b.reunion.heure ?? ''}`,
        ) ||
        a.reunion.id.localeCompare(b.reunion.id),
    )
    .slice(0, combien)
    .map(({ reunion }) => reunion);
}

/** « Lille (Nord), 12 rue des Arts », or nothing when it takes place online only. */
export const lieuDeReunion = ({ commune, adresse }: Reunion): string | undefined =>
  commune === undefined
    ? undefined
    : [nomComplet(commune), adresse].filter((m) => m !== undefined && m !== '').join(', ');
