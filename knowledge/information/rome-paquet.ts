import { z } from 'zod';
import { lireDonnees } from '../vocabulaire/index.ts';

const code = z.string().regex(/^[A-N]\d{4}$/u);

/** ROME, reduced: see `analyserRome`. `mobilite` and `acces` are keyed by v3 code: go through the parent. */
export const schemaPaquetRome = z.strictObject({
  version: z.literal(1),
  source: z.strictObject({
    producteur: z.string(),
    titre: z.string(),
    url: z.url(),
    licence: z.string(),
    importeLe: z.iso.date(),
    lignes: z.number().int().positive(),
  }),
  /** Code, label, v3 parent, mark of the ecological transition (empty: none is shown), regulated job. */
  metiers: z
    .array(z.tuple([code, z.string(), code, z.enum(['', 'vert', 'strategique']), z.boolean()]))
    .min(1),
  /** v3 code → [near métiers, possible next steps]. */
  mobilite: z.record(z.string(), z.tuple([z.array(code), z.array(code)])),
  /** Every name of a métier with its code, where the file of names was imported too; it serves the reading of messages. */
  appellations: z.array(z.tuple([z.string().min(2), code])).optional(),
  acces: z.record(
    z.string(),
    z.strictObject({
      niveaux: z.array(z.string()),
      sansDiplome: z.boolean(),
      diplomeEtat: z.string().optional(),
      concours: z.boolean(),
      carte: z.boolean(),
      permisLourd: z.boolean(),
      caces: z.boolean(),
      ordre: z.boolean(),
    }),
  ),
});
export type PaquetRome = z.output<typeof schemaPaquetRome>;
export type AccesMetier = PaquetRome['acces'][string];

export type FicheRome = {
  readonly code: string;
  readonly libelle: string;
  readonly parent: string;
  readonly transition: '' | 'vert' | 'strategique';
  readonly reglemente: boolean;
};

const FICHIER = 'knowledge/information/donnees/rome.json';
let charge: ReturnType<typeof indexer> | undefined;

const indexer = (paquet: PaquetRome) => ({
  paquet,
  fiches: new Map<string, FicheRome>(
    paquet.metiers.map(([code, libelle, parent, transition, reglemente]) => [
      code,
      { code, libelle, parent, transition, reglemente },
    ]),
  ),
});

const charger = () => (charge ??= indexer(lireDonnees(FICHIER, schemaPaquetRome)));

/** Puts another ROME in service (an imported overlay); what ships stays untouched on disk. */
export function utiliserPaquetRome(paquet: PaquetRome): void {
  charge = indexer(paquet);
}

/** Back to the ROME that ships. */
export function reprendreRomeLivre(): void {
  charge = undefined;
}

/** One métier of ROME 4.0, or `undefined` for an unknown code. */
export const ficheRome = (code: string): FicheRome | undefined => charger().fiches.get(code);
export const fichesRome = (): ReadonlyMap<string, FicheRome> => charger().fiches;
export const sourceRome = (): PaquetRome['source'] => charger().paquet.source;

/** What the official texts ask for, of the v3 parent; `undefined` when ROME v3 says nothing. */
export const accesRome = (parent: string): AccesMetier | undefined => charger().paquet.acces[parent];

/** v3 codes near a métier, nearest kind first. */
export function mobiliteRome(parent: string): readonly string[] {
  const [proches, evolutions] = charger().paquet.mobilite[parent] ?? [[], []];
  return [...new Set([...proches, ...evolutions])];
}
