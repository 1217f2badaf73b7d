import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { RACINE_PROJET } from '../knowledge/vocabulaire/index.ts';

/** The version of the schema Teams documents today; newer ones are checked too (`valider.ts`). */
export const VERSION_SCHEMA = '1.22';

const paire = z.tuple([z.string().min(1).max(32), z.string().min(1).max(128)]);
const langue = z.strictObject({
  nomCourt: z.string().min(1).max(30),
  nomLong: z.string().min(1).max(100),
  court: z.string().min(1).max(80),
  long: z.string().min(1).max(4000),
  commandes: z.array(paire).min(1).max(10),
});
const schemaTextes = z.strictObject({ fr: langue, en: langue });
type Langue = z.output<typeof langue>;

/** What this installation fills in. `version` is the package's: Teams asks for a higher one at each update. */
export type Installation = {
  readonly appId: string;
  readonly publicUrl: string;
  readonly editeur: string;
  readonly version: string;
};

const lireTextes = (): z.output<typeof schemaTextes> =>
  schemaTextes.parse(JSON.parse(readFileSync(join(RACINE_PROJET, 'manifest', 'textes.json'), 'utf8')));

const schemaDe = (nom: string): string =>
  `https://developer.microsoft.com/json-schemas/teams/v${VERSION_SCHEMA}/${nom}.schema.json`;

/** Teams shows at most 32 characters of a publisher. */
const EDITEUR_MAX = 32;

/**
 * The Teams manifest of this installation (schema 1.22): a bot in personal chat only (arrêté § 3.1: the conversation is the person's), French by
 * default. Plain values: `validerManifeste` says what Teams would refuse.
 */
export function manifeste({ appId, publicUrl, editeur, version }: Installation): object {
  const { fr } = lireTextes();
  return {
    $schema: schemaDe('MicrosoftTeams'),
    manifestVersion: VERSION_SCHEMA,
    version,
    id: appId,
    developer: {
      name: editeur.slice(0, EDITEUR_MAX),
      websiteUrl: `${publicUrl}/`,
      privacyUrl: `${publicUrl}/confidentialite`,
      termsOfUseUrl: `${publicUrl}/mentions`,
    },
    name: { short: fr.nomCourt, full: fr.nomLong },
    description: { short: fr.court, full: fr.long },
    icons: { color: 'couleur.png', outline: 'contour.png' },
    accentColor: '#1D4D4F',
    bots: [
      {
        botId: appId,
        scopes: ['personal'],
        supportsFiles: false,
        isNotificationOnly: false,
        commandLists: [{ scopes: ['personal'], commands: commandesDe(fr) }],
      },
    ],
    localizationInfo: {
      defaultLanguageTag: 'fr',
      additionalLanguages: [{ languageTag: 'en', file: 'en.json' }],
    },
    permissions: ['identity', 'messageTeamMembers'],
    validDomains: [new URL(publicUrl).host],
  };
}

const commandesDe = (l: Langue): readonly object[] =>
  l.commandes.map(([title, description]) => ({ title, description }));

/** The English strings, keyed by their path in the manifest. Commands keep their French titles: that is what the assistant understands. */
export function localisationAnglaise(): Readonly<Record<string, string>> {
  const { en } = lireTextes();
  return {
    $schema: schemaDe('MicrosoftTeams.Localization'),
    'name.short': en.nomCourt,
    'name.full': en.nomLong,
    'description.short': en.court,
    'description.full': en.long,
    ...Object.fromEntries(
      en.commandes.map(([, description], i) => [
        `bots[0].commandLists[0].commands[${i}].description`,
        description,
      ]),
    ),
  };
}
