// Reduces @etalab/decoupage-administratif (code MIT, data Licence Ouverte, COG 2026) to the pack knowledge/territoire reads.
// Columns joined by « | » and names already folded and sorted: the pack loads five times faster than rows of JSON (measured: 0.9 s → 0.15 s of processor).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const RACINE = dirname(dirname(fileURLToPath(import.meta.url)));
const TYPES = {
  'commune-actuelle': 'c',
  'commune-deleguee': 'a',
  'commune-associee': 'a',
  'arrondissement-municipal': 'm',
};
const ARTICLE = /^(?:le|la|les|l|los|las|aux) (?=\S)/;

/** The folding of place names lives in knowledge/territoire: the pack must be folded by that very code. */
async function chargerNormalisation() {
  const { outputFiles } = await build({
    entryPoints: [join(RACINE, 'knowledge', 'territoire', 'normaliser-lieu.ts')],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'warning',
  });
  const { normaliserLieu } = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
  );
  return normaliserLieu;
}

const colonne = (lignes, lire) => lignes.map(lire).join('|');

/**
 * Every name that leads to a commune, sorted, with its targets: `ligne × 4 + nature` (0 its name, 1 its name without article, 2 arrondissement, 3 former commune),
 * most populated first.
 */
function indexer(lignes, normaliser) {
  const rangs = new Map(lignes.map((c, i) => [c.type === 'commune-actuelle' ? c.code : `*${c.code}`, i]));
  const index = new Map();
  const ajouter = (nom, ligne, nature) => {
    const commune = nature < 2 ? ligne : rangs.get(lignes[ligne].commune ?? lignes[ligne].chefLieu);
    if (commune === undefined) return;
    const cibles = index.get(nom) ?? [];
    if (!cibles.some((c) => c.commune === commune))
      cibles.push({ commune, code: ligne * 4 + nature, population: lignes[commune].population ?? 0 });
    index.set(nom, cibles);
  };
  const noms = lignes.map((c) => normaliser(c.nom.replace(/ Arrondissement$/, '')));
  for (const nature of [0, 2, 3, 1])
    lignes.forEach((c, i) => {
      const sienne = c.type === 'commune-actuelle' ? 0 : c.type === 'arrondissement-municipal' ? 2 : 3;
      const court = noms[i].replace(ARTICLE, '');
      if (nature === sienne) ajouter(noms[i], i, nature);
      else if (nature === 1 && sienne === 0 && court !== noms[i]) ajouter(court, i, 1);
    });
  const tries = [...index.keys()].sort();
  return {
    noms: tries.join('|'),
    cibles: tries
      .map((n) =>
        index
          .get(n)
          .sort((a, b) => b.population - a.population)
          .map((c) => c.code)
          .join(' '),
      )
      .join('|'),
  };
}

/** Writes the territory pack to `sortie`. The package's root cannot be required: its files are read by path. */
export async function reduireTerritoire(sortie) {
  const paquet = dirname(
    createRequire(import.meta.url).resolve('@etalab/decoupage-administratif/package.json'),
  );
  const lire = (nom) => JSON.parse(readFileSync(join(paquet, 'data', `${nom}.json`), 'utf8'));
  const { version } = JSON.parse(readFileSync(join(paquet, 'package.json'), 'utf8'));
  const lignes = lire('communes');
  const pack = {
    source: {
      producteur: 'Insee (COG), Etalab',
      paquet: '@etalab/decoupage-administratif',
      version,
      millesime: 2026,
      licence: 'Licence Ouverte 2.0',
    },
    regions: lire('regions').map((r) => [r.code, r.nom, r.typeLiaison, r.zone, r.chefLieu]),
    departements: lire('departements').map((d) => [d.code, d.nom, d.region, d.typeLiaison, d.zone]),
    communes: {
      codes: colonne(lignes, (c) => c.code),
      noms: colonne(lignes, (c) => c.nom),
      types: lignes.map((c) => TYPES[c.type]).join(''),
      departements: colonne(lignes, (c) => c.departement),
      populations: colonne(lignes, (c) => c.population ?? 0),
      codesPostaux: colonne(lignes, (c) => (c.codesPostaux ?? []).join(' ')),
      parents: colonne(lignes, (c) => c.commune ?? (c.type === 'commune-actuelle' ? '' : c.chefLieu)),
    },
    index: indexer(lignes, await chargerNormalisation()),
  };
  mkdirSync(dirname(sortie), { recursive: true });
  writeFileSync(sortie, JSON.stringify(pack));
}
