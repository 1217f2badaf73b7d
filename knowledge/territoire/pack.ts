import { z } from 'zod';
import { DonneeInvalide, lireDonnees } from '../vocabulaire/index.ts';

const FICHIER = 'dist/donnees/territoire.json';

const TYPES = [
  'commune-actuelle',
  'commune-deleguee',
  'commune-associee',
  'arrondissement-municipal',
] as const;

type LigneCommune = readonly [
  code: string,
  nom: string,
  type: (typeof TYPES)[number],
  departement: string,
  region: string,
  population: number,
  codesPostaux: readonly string[],
  parent: string,
];

/** 37,590 rows: one predicate per row costs 10 ms where a zod tuple costs 150 ms, for the same refusals. */
function estLigneCommune(l: unknown): l is LigneCommune {
  return (
    Array.isArray(l) &&
    l.length === 8 &&
    /^\d[\dAB]\d{3}$/.test(String(l[0])) &&
    typeof l[1] === 'string' &&
    (TYPES as readonly unknown[]).includes(l[2]) &&
    typeof l[3] === 'string' &&
    typeof l[4] === 'string' &&
    typeof l[5] === 'number' &&
    Array.isArray(l[6]) &&
    typeof l[7] === 'string'
  );
}

const zone = z.enum(['metro', 'drom', 'com']);
const schema = z.strictObject({
  source: z.strictObject({
    producteur: z.string(),
    paquet: z.string(),
    version: z.string(),
    millesime: z.number(),
    licence: z.string(),
  }),
  regions: z.array(z.tuple([z.string(), z.string(), z.number(), zone, z.string()])).min(18),
  departements: z.array(z.tuple([z.string(), z.string(), z.string(), z.number(), zone])).min(101),
  communes: z
    .array(
      z.custom<LigneCommune>(
        estLigneCommune,
        'ligne attendue : [code, nom, type, département, région, population, codes postaux, parent]',
      ),
    )
    .min(30_000),
});

export type PackTerritoire = z.output<typeof schema>;

/**
 * The territory pack written by the build from the official geographic code (Insee, Etalab).
 * @throws {DonneeInvalide} the build was not run, or the pack does not have the expected shape.
 */
export function lirePack(): PackTerritoire {
  try {
    return lireDonnees(FICHIER, schema);
  } catch (cause) {
    if (!(cause instanceof DonneeInvalide)) throw cause;
    throw new DonneeInvalide(
      `${cause.message}\nCe fichier est écrit par la construction : lancez « npm run build ».`,
      { cause },
    );
  }
}
