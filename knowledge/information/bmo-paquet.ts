import { z } from 'zod';
import { refuse, reussi, type Jour, type Resultat } from '../vocabulaire/index.ts';
import type { TableBmo } from './bmo-analyse.ts';
import type { RefusFichier } from './tableur.ts';

/** Where imported figures come from, kept beside them and shown with them. */
export const schemaSourcePaquet = z.strictObject({
  producteur: z.string().min(2),
  titre: z.string().min(2),
  url: z.url(),
  licence: z.string().min(2),
  millesime: z.number().int().min(2015).max(2100),
  importeLe: z.iso.date(),
  lignes: z.number().int().positive(),
});
export type SourcePaquet = z.output<typeof schemaSourcePaquet>;

/**
 * The compact form of a BMO survey. A zone is one (département, bassin) pair of the file; its `cellules` read
 * « famille:projets:difficiles:saisonniers », `*` for statistical secret, end marks dropped when the last ones are secret.
 */
export const schemaPaquetBmo = z.strictObject({
  version: z.literal(1),
  source: schemaSourcePaquet,
  nomenclature: z.enum(['FAP2009', 'FAP2021']),
  familles: z.array(z.tuple([z.string(), z.string(), z.string()])).min(1),
  bassins: z.array(z.tuple([z.string().length(4), z.string()])).min(1),
  zones: z
    .array(
      z.strictObject({
        region: z.string(),
        departement: z.string(),
        bassin: z.string().length(4),
        cellules: z.string(),
      }),
    )
    .min(1),
});
export type PaquetBmo = z.output<typeof schemaPaquetBmo>;

const parCode = <T extends readonly [string, ...unknown[]]>(a: T, b: T): number =>
  a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
const cellule = (n: number | null): string => (n === null ? '*' : String(n));

/** The compact, sorted pack of a table, so that two years can be compared line by line. */
export function emballerBmo(table: TableBmo, importeLe: Jour): PaquetBmo {
  const zones = new Map<
    string,
    { region: string; departement: string; bassin: string; cellules: [string, string][] }
  >();
  for (const l of table.lignes) {
    const cle = `${l.region} ${l.departement} ${l.bassin}`;
    const zone = zones.get(cle) ?? {
      region: l.region,
      departement: l.departement,
      bassin: l.bassin,
      cellules: [],
    };
    zones.set(cle, zone);
    zone.cellules.push([
      l.famille,
      `${l.famille}:${cellule(l.projets)}:${cellule(l.difficiles)}:${cellule(l.saisonniers)}`.replace(
        /(?::\*)+$/u,
        '',
      ),
    ]);
  }
  return {
    version: 1,
    source: {
      producteur: 'France Travail',
      titre: `Enquête « Besoins en main-d’œuvre » (BMO) ${table.annee}`,
      url: 'https://www.data.gouv.fr/fr/datasets/561fa564c751df4f2acdbb48/',
      licence: 'Licence Ouverte (fr-lo)',
      millesime: table.annee,
      importeLe,
      lignes: table.lignes.length,
    },
    nomenclature: table.nomenclature,
    familles: [...table.familles]
      .map(([code, f]): [string, string, string] => [code, f.libelle, f.groupe])
      .sort(parCode),
    bassins: [...table.bassins].map(([code, nom]): [string, string] => [code, nom]).sort(parCode),
    zones: [...zones].sort(parCode).map(([, zone]) => ({
      ...zone,
      cellules: zone.cellules
        .sort(parCode)
        .map(([, texte]) => texte)
        .join(' '),
    })),
  };
}

/** Any pack as JSON, one entry of its lists a line, so that a diff can be read. */
export const ecrirePaquet = (paquet: object): string =>
  `${JSON.stringify(paquet)
    .replace(
      /("(?:familles|bassins|zones|metiers|mobilite|acces|guichets|reunions|certifications|regions)":[[{])/gu,
      '\n$1\n',
    )
    .replace(/(\]|\}),(?=[["{])/gu, '$1,\n')}\n`;

/**
 * Is this pack fit to replace the one in service? A survey that lost a fifth of its lines was cut on the way; an older year never replaces a newer one.
 */
export function comparerPaquets(nouveau: PaquetBmo, enService: PaquetBmo): Resultat<PaquetBmo, RefusFichier> {
  if (nouveau.source.millesime < enService.source.millesime)
    return refuse({
      code: 'plus-ancien',
      message: `Le fichier est de ${nouveau.source.millesime}, celui en service de ${enService.source.millesime} : il reste en place.`,
    });
  if (nouveau.source.lignes < enService.source.lignes * 0.8)
    return refuse({
      code: 'fichier-retreci',
      message: `${nouveau.source.lignes} lignes contre ${enService.source.lignes} en service : le fichier a sans doute été coupé.`,
    });
  return reussi(nouveau);
}
