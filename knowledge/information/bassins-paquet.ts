import { z } from 'zod';
import { lireDonnees, refuse, reussi, type Jour, type Resultat } from '../vocabulaire/index.ts';
import { lireTableur, type RefusFichier } from './tableur.ts';

/** Commune → bassin d’emploi of France Travail, of one year. */
export const schemaPaquetBassins = z.strictObject({
  version: z.literal(1),
  source: z.strictObject({
    producteur: z.string(),
    titre: z.string(),
    url: z.url(),
    licence: z.string(),
    millesime: z.number().int(),
    importeLe: z.iso.date(),
    lignes: z.number().int().positive(),
  }),
  /** Code of the bassin, its name in the file, INSEE codes of its communes. */
  bassins: z.array(z.tuple([z.string().length(4), z.string(), z.string()])).min(1),
});
export type PaquetBassins = z.output<typeof schemaPaquetBassins>;

const FICHIER = 'knowledge/information/donnees/bassins.json';

/**
 * Reads the mapping of a year (csv or xlsx; `codgeo`/`code_commune`, `codbe`/`code_bassin_AAAA`, `libbe`/`lib_bassin_AAAA`).
 * Codes get their leading zeros back; the year is read from the header when it is there.
 */
export function analyserBassins(
  octets: Uint8Array,
  infos: { readonly annee: number; readonly importeLe: Jour },
): Resultat<PaquetBassins, RefusFichier> {
  const lu = lireTableur(octets, 'bassins');
  if (!lu.ok) return lu;
  const formes = [
    /^(?:codgeo|code_?\s?commune(?:_insee)?)$/iu,
    /^(?:codbe|code_?\s?bassin(?:_\d{4})?)$/iu,
    /^(?:libbe|lib_?\s?bassin(?:_\d{4})?)$/iu,
  ];
  const feuille = lu.valeur.find((f) =>
    formes.every((forme) => (f.lignes[0] ?? []).some((e) => forme.test(e.trim()))),
  );
  if (feuille === undefined)
    return refuse({
      code: 'colonnes-manquantes',
      message: 'Aucune feuille ne porte un code commune, un code bassin et un nom de bassin.',
    });
  const [entete = [], ...corps] = feuille.lignes;
  const [commune = 0, code = 0, nom = 0] = formes.map((forme) =>
    entete.findIndex((e) => forme.test(e.trim())),
  );
  const millesime = Number(/(\d{4})/u.exec(entete[code] ?? '')?.[1] ?? infos.annee);
  if (millesime !== infos.annee)
    return refuse({
      code: 'autre-annee',
      message: `Le fichier est celui de ${millesime}, alors que ${infos.annee} était attendu.`,
    });
  const bassins = new Map<string, { nom: string; communes: Set<string> }>();
  for (const [rang, ligne] of corps.entries()) {
    const c = (ligne[commune] ?? '').trim().padStart(5, '0');
    const b = (ligne[code] ?? '').trim().padStart(4, '0');
    if (!/^(?:\d{5}|2[AB]\d{3})$/u.test(c) || !/^\d{4}$/u.test(b))
      return refuse({
        code: 'code-illisible',
        ligne: rang + 2,
        message: `Ligne ${rang + 2} : commune (« ${c} ») ou bassin (« ${b} ») illisible.`,
      });
    const bassin = bassins.get(b) ?? { nom: (ligne[nom] ?? '').trim(), communes: new Set<string>() };
    bassins.set(b, bassin);
    bassin.communes.add(c);
  }
  if (bassins.size === 0)
    return refuse({ code: 'table-vide', message: 'La table ne contient aucune ligne de données.' });
  return reussi({
    version: 1,
    source: {
      producteur: 'France Travail',
      titre: `Bassins d’emploi, zonage ${millesime}`,
      url: 'https://statistiques.francetravail.org/bmo',
      licence: 'Licence Ouverte (fr-lo)',
      millesime,
      importeLe: infos.importeLe,
      lignes: corps.length,
    },
    bassins: [...bassins]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([b, { nom: n, communes }]) => [b, n, [...communes].sort().join(' ')]),
  });
}

type Bassin = { readonly code: string; readonly nom: string };
type Charge = {
  readonly paquet: PaquetBassins;
  readonly parCommune: Map<string, Bassin | undefined>;
  entier: boolean;
};

let charge: Charge | undefined;

/** A conversation asks for one or two communes: the first ones are looked for in the text, the whole index is made when many are asked. */
const RECHERCHES_DANS_LE_TEXTE = 100;

const indexer = (paquet: PaquetBassins): Charge => ({ paquet, parCommune: new Map(), entier: false });

function toutIndexer(c: Charge): void {
  for (const [code, nom, communes] of c.paquet.bassins) {
    const bassin = { code, nom };
    for (const commune of communes.split(' ')) c.parCommune.set(commune, bassin);
  }
  c.entier = true;
}

function chercher(c: Charge, commune: string): Bassin | undefined {
  if (c.entier || c.parCommune.has(commune)) return c.parCommune.get(commune);
  if (c.parCommune.size >= RECHERCHES_DANS_LE_TEXTE) {
    toutIndexer(c);
    return c.parCommune.get(commune);
  }
  // Codes are five characters between blanks: no code can be found inside another.
  const trouve = c.paquet.bassins.find(([, , communes]) => communes.includes(commune));
  const bassin = trouve === undefined ? undefined : { code: trouve[0], nom: trouve[1] };
  c.parCommune.set(commune, bassin);
  return bassin;
}

const charger = () => (charge ??= indexer(lireDonnees(FICHIER, schemaPaquetBassins)));

/** Puts another mapping in service (an imported overlay); what ships stays untouched on disk. */
export function utiliserPaquetBassins(paquet: PaquetBassins): void {
  charge = indexer(paquet);
}

/** Back to the mapping that ships. */
export function reprendreBassinsLivres(): void {
  charge = undefined;
}

/** The bassin d’emploi of a commune (INSEE code), with the name its own year gives it. */
export const bassinDeCommune = (
  commune: string,
): { readonly code: string; readonly nom: string } | undefined =>
  commune.length === 5 ? chercher(charger(), commune) : undefined;
export const sourceBassins = (): PaquetBassins['source'] => charger().paquet.source;
