import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';

/** Where the schemas are: read from disk, since the package's own validation would fetch them. */
const SCHEMAS = join(
  dirname(createRequire(import.meta.url).resolve('@microsoft/app-manifest/package.json')),
  'build',
  'json-schemas',
  'teams',
);

/** The numbered versions shipped, oldest first. */
export const versionsConnues = (): readonly string[] =>
  readdirSync(SCHEMAS)
    .flatMap((d) => /^v(\d+\.\d+)$/.exec(d)?.[1] ?? [])
    .toSorted((a, b) => Number(a.split('.')[1]) - Number(b.split('.')[1]) || Number(a) - Number(b));

/**
 * What Teams would refuse, one line each: the field, then why. Nothing when the value is accepted.
 * @param forme which schema: the manifest or a file of translations.
 */
export function validerManifeste(
  valeur: object,
  version: string,
  forme: 'MicrosoftTeams' | 'MicrosoftTeams.Localization' = 'MicrosoftTeams',
): readonly string[] {
  const schema: unknown = JSON.parse(
    readFileSync(join(SCHEMAS, `v${version}`, `${forme}.schema.json`), 'utf8'),
  );
  if (typeof schema !== 'object' || schema === null) return [`schéma ${version} illisible`];
  // The published schemas use « \a » in patterns, and keywords no strict reader knows.
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats(ajv);
  const juger = ajv.compile(schema);
  if (juger(valeur)) return [];
  return (juger.errors ?? []).map((e) => {
    const champ = [e.instancePath.slice(1).replaceAll('/', ' → '), e.params['additionalProperty'] ?? '']
      .filter((x) => x !== '')
      .join(' → ');
    return `${champ === '' ? 'le manifeste' : champ} : ${e.message ?? 'refusé'}`;
  });
}
