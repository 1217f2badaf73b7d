import { normaliserLieu } from './normaliser-lieu.ts';

/** Rows of the official geographic code as @etalab/decoupage-administratif writes them (`data/*.json`); other keys are left. */
export type LigneCommune = {
  readonly code: string;
  readonly nom: string;
  readonly type: 'commune-actuelle' | 'commune-deleguee' | 'commune-associee' | 'arrondissement-municipal';
  readonly departement?: string | undefined;
  readonly population?: number | undefined;
  readonly codesPostaux?: readonly string[] | undefined;
  /** The commune of today an arrondissement or a former commune belongs to: one key or the other. */
  readonly commune?: string | undefined;
  readonly chefLieu?: string | undefined;
};
export type LigneDepartement = {
  readonly code: string;
  readonly nom: string;
  readonly region: string;
  readonly typeLiaison: number;
  readonly zone: string;
};
export type LigneRegion = {
  readonly code: string;
  readonly nom: string;
  readonly typeLiaison: number;
  readonly zone: string;
  readonly chefLieu: string;
};
export type SourceCog = {
  readonly producteur: string;
  readonly paquet: string;
  readonly version: string;
  readonly millesime: number;
  readonly licence: string;
};

const TYPES: Readonly<Record<LigneCommune['type'], string>> = {
  'commune-actuelle': 'c',
  'commune-deleguee': 'a',
  'commune-associee': 'a',
  'arrondissement-municipal': 'm',
};
const ARTICLE = /^(?:le|la|les|l|los|las|aux) (?=\S)/;

const colonne = (lignes: readonly LigneCommune[], lire: (l: LigneCommune) => string | number): string =>
  lignes.map(lire).join('|');

/**
 * Every name that leads to a commune, sorted, with its targets: `ligne × 4 + nature` (0 its name, 1 its name without article, 2 arrondissement, 3 former commune), most
 * populated first.
 */
function indexer(lignes: readonly LigneCommune[]): { readonly noms: string; readonly cibles: string } {
  const rangs = new Map(lignes.map((c, i) => [c.type === 'commune-actuelle' ? c.code : `*${c.code}`, i]));
  const index = new Map<string, { commune: number; code: number; population: number }[]>();
  const ajouter = (nom: string, rang: number, nature: number): void => {
    const ligne = lignes[rang];
    const commune = nature < 2 ? rang : rangs.get(ligne?.commune ?? ligne?.chefLieu ?? '');
    if (commune === undefined) return;
    const cibles = index.get(nom) ?? [];
    if (!cibles.some((c) => c.commune === commune))
      cibles.push({ commune, code: rang * 4 + nature, population: lignes[commune]?.population ?? 0 });
    index.set(nom, cibles);
  };
  const noms = lignes.map((c) => normaliserLieu(c.nom.replace(/ Arrondissement$/, '')));
  for (const nature of [0, 2, 3, 1])
    lignes.forEach((c, i) => {
      const nom = noms[i] ?? '';
      const sienne = c.type === 'commune-actuelle' ? 0 : c.type === 'arrondissement-municipal' ? 2 : 3;
      const court = nom.replace(ARTICLE, '');
      if (nature === sienne) ajouter(nom, i, nature);
      else if (nature === 1 && sienne === 0 && court !== nom) ajouter(court, i, 1);
    });
  const tries = [...index].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    noms: tries.map(([nom]) => nom).join('|'),
    cibles: tries
      .map(([, cibles]) =>
        cibles
          .sort((a, b) => b.population - a.population)
          .map((c) => c.code)
          .join(' '),
      )
      .join('|'),
  };
}

/**
 * The pack `knowledge/territoire` reads, from the official geographic code. Columns joined by « | » and names already folded and sorted: it loads five times faster than
 * rows of JSON (measured: 0.9 s → 0.15 s of processor). Used by the build on the package, and by the import of a newer code.
 */
export function reduireTerritoire(
  cog: {
    readonly communes: readonly LigneCommune[];
    readonly departements: readonly LigneDepartement[];
    readonly regions: readonly LigneRegion[];
  },
  source: SourceCog,
) {
  const { communes } = cog;
  return {
    source,
    regions: cog.regions.map((r) => [r.code, r.nom, r.typeLiaison, r.zone, r.chefLieu] as const),
    departements: cog.departements.map((d) => [d.code, d.nom, d.region, d.typeLiaison, d.zone] as const),
    communes: {
      codes: colonne(communes, (c) => c.code),
      noms: colonne(communes, (c) => c.nom),
      types: communes.map((c) => TYPES[c.type]).join(''),
      departements: colonne(communes, (c) => c.departement ?? ''),
      populations: colonne(communes, (c) => c.population ?? 0),
      codesPostaux: colonne(communes, (c) => (c.codesPostaux ?? []).join(' ')),
      parents: colonne(
        communes,
        (c) => c.commune ?? (c.type === 'commune-actuelle' ? '' : (c.chefLieu ?? '')),
      ),
    },
    index: indexer(communes),
  };
}
