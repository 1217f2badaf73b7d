import { z } from 'zod';
import { DonneeInvalide, lireDonnees } from '../vocabulaire/index.ts';

const FICHIER = 'dist/donnees/territoire.json';

const zone = z.enum(['metro', 'drom', 'com']);
/** The pack as written, by the build or by the import of a newer geographic code. */
export const schemaTerritoire = z.strictObject({
  source: z.strictObject({
    producteur: z.string(),
    paquet: z.string(),
    version: z.string(),
    millesime: z.number(),
    licence: z.string(),
  }),
  regions: z.array(z.tuple([z.string(), z.string(), z.number(), zone, z.string()])).min(18),
  departements: z.array(z.tuple([z.string(), z.string(), z.string(), z.number(), zone])).min(101),
  /** One column per field, cells joined by « | »; `types` has one letter a row: `c` commune, `a` former commune, `m` arrondissement. */
  communes: z.strictObject({
    codes: z.string().min(1),
    noms: z.string(),
    types: z.string().regex(/^[cam]+$/),
    departements: z.string(),
    populations: z.string(),
    codesPostaux: z.string(),
    parents: z.string(),
  }),
  /** Folded names, sorted, and for each its targets « ligne × 4 + nature », most populated first. */
  index: z.strictObject({ noms: z.string().min(1), cibles: z.string().min(1) }),
});

export type PackEcrit = z.output<typeof schemaTerritoire>;

export type PackTerritoire = Pick<PackEcrit, 'source' | 'regions' | 'departements'> & {
  readonly codes: readonly string[];
  readonly noms: readonly string[];
  readonly types: string;
  readonly departementsDesLignes: readonly string[];
  readonly populations: Int32Array;
  readonly codesPostaux: readonly string[];
  readonly parents: readonly string[];
  readonly nomsTries: readonly string[];
  readonly cibles: readonly string[];
};

type IndexNoms = Pick<PackTerritoire, 'nomsTries' | 'cibles'>;

const LIGNES_MIN = 30_000;

/**
 * The territory pack written by the build from the official geographic code (Insee, Etalab), or another one of the same shape.
 * @throws {DonneeInvalide} the build was not run, or the pack does not have the expected shape.
 */
export function lirePack(ecrit: PackEcrit = lireEcrit()): PackTerritoire {
  const { source, regions, departements, communes, index } = ecrit;
  const colonnes = [
    communes.codes,
    communes.noms,
    communes.departements,
    communes.populations,
    communes.codesPostaux,
    communes.parents,
  ];
  const [
    codes = [],
    noms = [],
    departementsDesLignes = [],
    populations = [],
    codesPostaux = [],
    parents = [],
  ] = colonnes.map((c) => c.split('|'));
  const egales = [noms, departementsDesLignes, populations, codesPostaux, parents, communes.types].every(
    (c) => c.length === codes.length,
  );
  if (codes.length < LIGNES_MIN || !egales || !codes.every((c) => c.length === 5))
    throw new DonneeInvalide(
      `${FICHIER} : colonnes de longueurs différentes, ou trop courtes.\n${CONSTRUIRE}`,
    );
  const paresseux = indexParesseux(index);
  return {
    source,
    regions,
    departements,
    codes,
    noms,
    types: communes.types,
    departementsDesLignes,
    populations: Int32Array.from(populations, Number),
    codesPostaux,
    parents,
    get nomsTries() {
      return paresseux().nomsTries;
    },
    get cibles() {
      return paresseux().cibles;
    },
  };
}

/** The index of names is cut when a name is first looked for: half of the strings of the pack, and a code needs none of them. */
function indexParesseux({ noms, cibles }: PackEcrit['index']): () => IndexNoms {
  let coupe: IndexNoms | undefined;
  return () => {
    if (coupe !== undefined) return coupe;
    coupe = { nomsTries: noms.split('|'), cibles: cibles.split('|') };
    if (coupe.nomsTries.length === coupe.cibles.length) return coupe;
    throw new DonneeInvalide(`${FICHIER} : index de longueurs différentes.\n${CONSTRUIRE}`);
  };
}

const CONSTRUIRE = 'Ce fichier est écrit par la construction : lancez « npm run build ».';

function lireEcrit(): PackEcrit {
  try {
    return lireDonnees(FICHIER, schemaTerritoire);
  } catch (cause) {
    if (!(cause instanceof DonneeInvalide)) throw cause;
    throw new DonneeInvalide(`${cause.message}\n${CONSTRUIRE}`, { cause });
  }
}
