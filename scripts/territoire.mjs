// Writes the territory pack from @etalab/decoupage-administratif (code MIT, data Licence Ouverte, COG 2026). The reduction itself is knowledge/territoire/reduction.ts, the very code
// that imports a newer geographic code.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const RACINE = dirname(dirname(fileURLToPath(import.meta.url)));

async function chargerReduction() {
  const { outputFiles } = await build({
    entryPoints: [join(RACINE, 'knowledge', 'territoire', 'reduction.ts')],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'warning',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

/** Writes the territory pack to `sortie`. The package's root cannot be required: its files are read by path. */
export async function reduireTerritoire(sortie) {
  const paquet = dirname(
    createRequire(import.meta.url).resolve('@etalab/decoupage-administratif/package.json'),
  );
  const lire = (nom) => JSON.parse(readFileSync(join(paquet, 'data', `${nom}.json`), 'utf8'));
  const { version } = JSON.parse(readFileSync(join(paquet, 'package.json'), 'utf8'));
  const { reduireTerritoire: reduire } = await chargerReduction();
  const pack = reduire(
    { communes: lire('communes'), departements: lire('departements'), regions: lire('regions') },
    {
      producteur: 'Insee (COG), Etalab',
      paquet: '@etalab/decoupage-administratif',
      version,
      millesime: 2026,
      licence: 'Licence Ouverte 2.0',
    },
  );
  mkdirSync(dirname(sortie), { recursive: true });
  writeFileSync(sortie, JSON.stringify(pack));
}
