// Reduces @etalab/decoupage-administratif (code MIT, data Licence Ouverte, COG 2026) to the pack knowledge/territoire reads.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Writes the territory pack to `sortie`. The package's root cannot be required: its files are read by path. */
export async function reduireTerritoire(sortie) {
  const paquet = dirname(
    createRequire(import.meta.url).resolve('@etalab/decoupage-administratif/package.json'),
  );
  const lire = (nom) => JSON.parse(readFileSync(join(paquet, 'data', `${nom}.json`), 'utf8'));
  const { version } = JSON.parse(readFileSync(join(paquet, 'package.json'), 'utf8'));
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
    communes: lire('communes').map((c) => [
      c.code,
      c.nom,
      c.type,
      c.departement ?? '',
      c.region ?? '',
      c.population ?? 0,
      c.codesPostaux ?? [],
      c.commune ?? c.chefLieu ?? '',
    ]),
  };
  mkdirSync(dirname(sortie), { recursive: true });
  writeFileSync(sortie, JSON.stringify(pack));
}
