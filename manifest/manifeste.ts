import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ID_ONGLET, ressourceEntra } from '../bot/console/entra.ts';
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
  /** In a team: the only thing the bot does there. */
  commandesEquipe: z.array(paire).min(1).max(10),
  onglet: z.string().min(1).max(128),
});
const schemaTextes = z.strictObject({ fr: langue, en: langue });
type Langue = z.output<typeof langue>;

/** What this installation fills in. `version` is the package's: Teams asks for a higher one at each update. */
export type Installation = {
  readonly appId: string;
  readonly publicUrl: string;
  readonly editeur: string;
  readonly version: string;
  /** The console as a tab, and notifications to a team: an operator's tenant, where the tab was set up. */
  readonly onglet: boolean;
};

const lireTextes = (): z.output<typeof schemaTextes> =>
  schemaTextes.parse(JSON.parse(readFileSync(join(RACINE_PROJET, 'manifest', 'textes.json'), 'utf8')));

const schemaDe = (nom: string): string =>
  `https://developer.microsoft.com/json-schemas/teams/v${VERSION_SCHEMA}/${nom}.schema.json`;

/** Teams shows at most 32 characters of a publisher. */
const EDITEUR_MAX = 32;

/**
 * The Teams manifest of this installation (schema 1.22): a bot in personal chat (arrêté § 3.1: the conversation is the person's), French by
 * default; with the tab, the counsellors' console, its single sign-on, and the bot in teams for notifications. Plain values: `validerManifeste`
 * says what Teams would refuse.
 */
export function manifeste({ appId, publicUrl, editeur, version, onglet }: Installation): object {
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
        scopes: ['personal', ...(onglet ? ['team'] : [])],
        supportsFiles: false,
        isNotificationOnly: false,
        commandLists: [
          { scopes: ['personal'], commands: enCommandes(fr.commandes) },
          ...(onglet ? [{ scopes: ['team'], commands: enCommandes(fr.commandesEquipe) }] : []),
        ],
      },
    ],
    ...(onglet
      ? {
          staticTabs: [
            {
              entityId: ID_ONGLET,
              name: fr.onglet,
              contentUrl: `${publicUrl}/console/teams`,
              websiteUrl: `${publicUrl}/console/`,
              scopes: ['personal'],
            },
            // The name Teams reserves for the chat of the bot: without it, the tab alone would show.
            { entityId: 'conversations', scopes: ['personal'] },
          ],
          webApplicationInfo: { id: appId, resource: ressourceEntra({ appId, publicUrl }) },
        }
      : {}),
    localizationInfo: {
      defaultLanguageTag: 'fr',
      additionalLanguages: [{ languageTag: 'en', file: 'en.json' }],
    },
    permissions: ['identity', 'messageTeamMembers'],
    validDomains: [new URL(publicUrl).host],
  };
}

const enCommandes = (commandes: Langue['commandes']): readonly object[] =>
  commandes.map(([title, description]) => ({ title, description }));

/** The English strings, keyed by their path in the manifest. Commands keep their French titles: that is what the assistant understands. */
export function localisationAnglaise({
  onglet,
}: Pick<Installation, 'onglet'>): Readonly<Record<string, string>> {
  const { en } = lireTextes();
  const listes = [en.commandes, ...(onglet ? [en.commandesEquipe] : [])];
  return {
    $schema: schemaDe('MicrosoftTeams.Localization'),
    'name.short': en.nomCourt,
    'name.full': en.nomLong,
    'description.short': en.court,
    'description.full': en.long,
    ...Object.fromEntries(
      listes.flatMap((commandes, l) =>
        commandes.map(([, description], i) => [
          `bots[0].commandLists[${l}].commands[${i}].description`,
          description,
        ]),
      ),
    ),
    ...(onglet ? { 'staticTabs[0].name': en.onglet } : {}),
  };
}
