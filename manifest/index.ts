/**
 * `npm run teams:package [-- <fichier.zip>]`: builds and validates the Teams app package of this installation, from the same configuration as the
 * service (`MICROSOFT_APP_ID`, `PUBLIC_URL`, `EDITEUR`). Exit 1 when something is missing or Teams would refuse it: each field is named.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { ConfigInvalide, lireConfig } from '../bot/config.ts';
import { RACINE_PROJET } from '../knowledge/vocabulaire/index.ts';
import { paquetTeams } from './paquet.ts';

function construire(sortie: string): string {
  // oxlint-disable-next-line no-process-env -- the only reader, handed to the typed configuration
  const config = lireConfig(process.env);
  const problemes = [
    ...(config.teams.appId === ''
      ? ['MICROSOFT_APP_ID : l’identifiant (GUID) de l’application Entra du bot est attendu.']
      : []),
    ...(config.https ? [] : ['PUBLIC_URL : Teams n’accepte que des adresses https.']),
  ];
  if (problemes.length > 0) throw new ConfigInvalide(problemes);
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(RACINE_PROJET, 'package.json'), 'utf8')));
  const paquet = paquetTeams({
    appId: config.teams.appId,
    publicUrl: config.publicUrl,
    editeur: config.editeur.nom,
    version,
    onglet: config.teams.correspondances !== undefined,
  });
  if (!paquet.ok) throw new ConfigInvalide(paquet.refus);
  mkdirSync(dirname(sortie), { recursive: true });
  writeFileSync(sortie, paquet.valeur);
  return `${sortie} : ${paquet.valeur.length} octets, prêt à importer dans Teams.\n`;
}

const [fichier = 'teams/assistant-cep.zip'] = process.argv.slice(2);
try {
  process.stdout.write(construire(resolve(RACINE_PROJET, fichier)));
} catch (erreur) {
  if (!(erreur instanceof ConfigInvalide)) throw erreur;
  process.stderr.write(`${erreur.message}\n`);
  process.exitCode = 1;
}
