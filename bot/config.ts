import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { RACINE_PROJET } from '../knowledge/vocabulaire/index.ts';
import type { PreuveTeams } from './channels/identifiants.ts';
import type { ProxyDeConfiance } from './http/index.ts';
import type { ConfigVives } from './sources/vives/index.ts';

/** What the rest of the program may know of the environment: nothing else reads `process.env`. */
export type Config = {
  readonly mode: 'local' | 'production';
  readonly port: number;
  readonly hote: string;
  /** Absolute, without a final slash: every link is made from it, never from the `Host` header. */
  readonly publicUrl: string;
  readonly https: boolean;
  readonly dataDir: string;
  /** Who publishes, who answers for the data, where to exercise one's rights. */
  readonly editeur: {
    readonly nom: string;
    readonly responsable: string;
    readonly contact: string;
    readonly telephone: string;
  };
  /** Sites that may embed the chat, as origins; the service's own is always one. */
  readonly sites: readonly string[];
  readonly hotesAcceptes: readonly string[];
  readonly proxy: ProxyDeConfiance | undefined;
  readonly secrets: readonly string[];
  /** Path of the receiving services' file; in local mode, absent means the demonstration service. */
  readonly services: string | undefined;
  /** E-mail to the receiving services; off when absent. */
  readonly courriel: { readonly adresse: string; readonly expediteur: string } | undefined;
  readonly openid:
    | {
        readonly emetteur: string;
        readonly clientId: string;
        readonly clientSecret: string;
        readonly correspondances: string;
      }
    | undefined;
  readonly teams: {
    readonly active: boolean;
    readonly locataire: 'operateur' | 'employeur';
    readonly appId: string;
    readonly tenantId: string;
    readonly preuve: PreuveTeams;
    /** Path of the file that turns the claims of Entra into roles: the console opens as a tab. Absent: no tab. */
    readonly correspondances: string | undefined;
  };
  readonly conservation: {
    readonly conversationJours: number;
    readonly transmissionMois: number;
    readonly journalMois: number;
  };
  readonly limites: {
    readonly jetonsParAdresse: number;
    readonly conversations: number;
    readonly suiviParAdresse: number;
    readonly messagesParSeconde: number;
    readonly messagesRafale: number;
    readonly messagesParConversation: number;
    readonly socketsParConversation: number;
    readonly socketsParAdresse: number;
    readonly connexions: number;
    readonly connexionsParAdresse: number;
  };
  /** Live sources, off by default: nothing leaves the machine unless asked. */
  readonly vives: ConfigVives;
  readonly niveauJournal: 'debug' | 'info' | 'warn' | 'error' | 'silent';
};

/** Every variable that can be set is here; `.env.example` is checked against this list by a test. */
export const VARIABLES = {
  MODE: 'local (default) or production',
  PORT: 'port to listen on (3978)',
  HOST: 'address to listen on (local: 127.0.0.1, and nothing else; production: 0.0.0.0)',
  PUBLIC_URL: 'address people open, https in production',
  DATA_DIR: 'folder of the stored data (./.data)',
  DATABASE_URL: 'PostgreSQL: not available in this version, refused when set',
  EDITEUR: 'name of the publisher, shown to people (required in production)',
  RESPONSABLE_TRAITEMENT: 'data controller (required in production)',
  CONTACT_DROITS: 'e-mail address to exercise one’s rights (required in production)',
  TELEPHONE: 'phone number shown when nothing works (required in production)',
  SITES: 'origins that may embed the chat, separated by commas',
  PROXY_ENTETE: 'header set by your own reverse proxy with the client address, with PROXY_ADRESSES',
  PROXY_ADRESSES: 'addresses your reverse proxy calls from, separated by commas',
  SECRETS:
    'signing secrets (32 characters at least), separated by commas, the first one signs; default: a file in DATA_DIR',
  SERVICES: 'JSON file of the services that receive documents; see the README',
  COURRIEL_SERVEUR:
    'SMTP server that tells services a file waits: smtps://user:password@host (smtp:// asks for TLS); default: no e-mail',
  COURRIEL_EXPEDITEUR: 'address these e-mails come from, with COURRIEL_SERVEUR',
  ANNUAIRE_EN_LIGNE:
    'on or off (default): ask the public directories (DILA, geo.api.gouv.fr) for the places near a commune; only its code is sent',
  ANNUAIRE_URL: 'datasets address of the DILA directory API, if it moves',
  GEO_URL: 'address of geo.api.gouv.fr, if it moves',
  FRANCE_TRAVAIL_ID:
    'application id on francetravail.io: live tension and number of offers; only codes are sent',
  FRANCE_TRAVAIL_SECRET: 'its secret',
  FRANCE_TRAVAIL_JETON_URL: 'token address of France Travail, if it moves',
  FRANCE_TRAVAIL_URL: 'API address of France Travail, if it moves',
  SOURCES_DELAI_MS: 'time limit of a call to a live source, in milliseconds (2500)',
  OIDC_EMETTEUR: 'OpenID Connect issuer of the console sign-in (https; http on this machine in local mode)',
  OIDC_CLIENT_ID: 'client identifier, with OIDC_EMETTEUR',
  OIDC_CLIENT_SECRET: 'its secret, with OIDC_EMETTEUR',
  OIDC_CORRESPONDANCES: 'JSON file: claims to roles, operators, régions, with OIDC_EMETTEUR; see the README',
  TEAMS: 'on or off: the /api/messages route (local: on without credentials; production: off)',
  TEAMS_LOCATAIRE: 'operateur or employeur (local: operateur; production: employeur)',
  MICROSOFT_APP_ID: 'Entra application id of the bot (production with TEAMS=on)',
  MICROSOFT_APP_TENANT_ID: 'its tenant, the only one served (production with TEAMS=on)',
  MICROSOFT_APP_TYPE:
    'SingleTenant (default; with a secret or a certificate) or UserAssignedMSI (managed identity, with neither)',
  MICROSOFT_APP_PASSWORD: 'secret of the application (SingleTenant)',
  MICROSOFT_APP_CERTIFICAT:
    'PEM file with the certificate of the application and its private key, instead of a secret (SingleTenant)',
  TEAMS_CORRESPONDANCES:
    'JSON file: claims of the Entra token to roles, operators, régions; opens the console as a Teams tab; see docs/teams.md',
  CONSERVATION_CONVERSATION_JOURS: 'days an idle conversation is kept (30)',
  CONSERVATION_TRANSMISSION_MOIS: 'months a closed handover is kept (12)',
  CONSERVATION_JOURNAL_MOIS: 'months the journal of reads is kept (12)',
  LIMIT_JETONS_PAR_ADRESSE: 'new conversations per address and 10 minutes (20); 0 = off, as for every limit',
  LIMIT_SUIVI_PAR_ADRESSE:
    'reference codes tried on /suivi per address and 10 minutes (30); at least 1 in production',
  LIMIT_CONVERSATIONS: 'live conversations in the process (5000)',
  LIMIT_MESSAGES_PAR_SECONDE: 'sustained messages per second and conversation (1)',
  LIMIT_MESSAGES_RAFALE: 'messages at once per conversation (8)',
  LIMIT_MESSAGES_PAR_CONVERSATION: 'messages per conversation in all (500)',
  LIMIT_SOCKETS_PAR_CONVERSATION: 'WebSockets per conversation (8)',
  LIMIT_SOCKETS_PAR_ADRESSE: 'WebSockets per address (50)',
  LIMIT_CONNEXIONS: 'TCP connections in all (10000)',
  LIMIT_CONNEXIONS_PAR_ADRESSE: 'TCP connections per address (200)',
  LOG_LEVEL: 'debug, info, warn, error or silent (info)',
} as const;
type Variable = keyof typeof VARIABLES;

const entier = (defaut: number, min = 0, max = 10_000_000) =>
  z
    .string()
    .regex(/^\d+$/, 'un nombre entier est attendu')
    .transform(Number)
    .pipe(z.number().min(min, `au moins ${min}`).max(max, `au plus ${max}`))
    .optional()
    .transform((v) => v ?? defaut);
const liste = z
  .string()
  .optional()
  .transform((v) =>
    (v ?? '')
      .split(',')
      .map((m) => m.trim())
      .filter((m) => m !== ''),
  );
const adresseHttp = (defaut: string) =>
  z
    .string()
    .refine((v) => URL.canParse(v) && /^https?:/.test(v), 'une adresse http(s) complète est attendue')
    .transform((v) => v.replace(/\/+$/, ''))
    .optional()
    .transform((v) => v ?? defaut);
const guid = z
  .string()
  .regex(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i, 'un identifiant (GUID) est attendu')
  .transform((v) => v.toLowerCase())
  .optional();
const origine = (v: string): boolean => URL.canParse(v) && new URL(v).origin === v;

const schema = z.object({
  MODE: z.enum(['local', 'production']).default('local'),
  PORT: entier(3978, 1, 65_535),
  HOST: z.string().optional(),
  PUBLIC_URL: z
    .string()
    .refine((v) => URL.canParse(v) && /^https?:/.test(v), 'une adresse http(s) complète est attendue')
    .optional(),
  DATA_DIR: z.string().min(1).default('./.data'),
  DATABASE_URL: z
    .undefined({ error: 'PostgreSQL n’est pas encore pris en charge : retirez cette variable' })
    .optional(),
  EDITEUR: z.string().min(1).optional(),
  RESPONSABLE_TRAITEMENT: z.string().min(1).optional(),
  CONTACT_DROITS: z.email('une adresse électronique est attendue').optional(),
  TELEPHONE: z.string().min(2).optional(),
  SITES: liste.refine(
    (l) => l.every(origine),
    'des origines séparées par des virgules sont attendues, par exemple https://www.exemple.fr',
  ),
  PROXY_ENTETE: z
    .string()
    .regex(/^[\w-]+$/, 'un nom d’en-tête est attendu')
    .optional(),
  PROXY_ADRESSES: liste,
  SECRETS: liste.refine(
    (l) => l.every((s) => s.length >= 32),
    'chaque secret doit compter au moins 32 caractères',
  ),
  SERVICES: z.string().min(1).optional(),
  COURRIEL_SERVEUR: z
    .string()
    .refine(
      (v) => URL.canParse(v) && /^smtps?:$/.test(new URL(v).protocol) && new URL(v).hostname !== '',
      'une adresse smtps:// ou smtp:// est attendue',
    )
    .optional(),
  COURRIEL_EXPEDITEUR: z.email('une adresse électronique est attendue').optional(),
  ANNUAIRE_EN_LIGNE: z.enum(['on', 'off']).default('off'),
  ANNUAIRE_URL: adresseHttp('https://api-lannuaire.service-public.gouv.fr/api/explore/v2.1/catalog/datasets'),
  GEO_URL: adresseHttp('https://geo.api.gouv.fr'),
  FRANCE_TRAVAIL_ID: z.string().optional(),
  FRANCE_TRAVAIL_SECRET: z.string().optional(),
  FRANCE_TRAVAIL_JETON_URL: adresseHttp(
    'https://entreprise.francetravail.fr/connexion/oauth2/access_token?realm=%2Fpartenaire',
  ),
  FRANCE_TRAVAIL_URL: adresseHttp('https://api.francetravail.io/partenaire'),
  SOURCES_DELAI_MS: entier(2_500, 100, 30_000),
  OIDC_EMETTEUR: z
    .string()
    .refine((v) => URL.canParse(v) && /^https?:/.test(v), 'une adresse http(s) complète est attendue')
    .optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_CORRESPONDANCES: z.string().optional(),
  TEAMS: z.enum(['on', 'off']).optional(),
  TEAMS_LOCATAIRE: z.enum(['operateur', 'employeur']).optional(),
  MICROSOFT_APP_ID: guid,
  MICROSOFT_APP_TENANT_ID: guid,
  MICROSOFT_APP_TYPE: z.enum(['SingleTenant', 'UserAssignedMSI']).optional(),
  MICROSOFT_APP_PASSWORD: z.string().optional(),
  MICROSOFT_APP_CERTIFICAT: z.string().optional(),
  TEAMS_CORRESPONDANCES: z.string().optional(),
  CONSERVATION_CONVERSATION_JOURS: entier(30, 1, 365),
  CONSERVATION_TRANSMISSION_MOIS: entier(12, 1, 60),
  CONSERVATION_JOURNAL_MOIS: entier(12, 1, 60),
  LIMIT_JETONS_PAR_ADRESSE: entier(20),
  LIMIT_SUIVI_PAR_ADRESSE: entier(30),
  LIMIT_CONVERSATIONS: entier(5000),
  LIMIT_MESSAGES_PAR_SECONDE: entier(1),
  LIMIT_MESSAGES_RAFALE: entier(8),
  LIMIT_MESSAGES_PAR_CONVERSATION: entier(500),
  LIMIT_SOCKETS_PAR_CONVERSATION: entier(8),
  LIMIT_SOCKETS_PAR_ADRESSE: entier(50),
  LIMIT_CONNEXIONS: entier(10_000),
  LIMIT_CONNEXIONS_PAR_ADRESSE: entier(200),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});
type Lu = z.output<typeof schema>;

/** Everything that is wrong, one line per variable: the program says it all at once and does not start. */
export class ConfigInvalide extends Error {
  override readonly name = 'ConfigInvalide';
  constructor(readonly problemes: readonly string[]) {
    super(`Configuration refusée :\n${problemes.map((p) => `  - ${p}`).join('\n')}`);
  }
}

const REQUISES: readonly Variable[] = [
  'PUBLIC_URL',
  'EDITEUR',
  'RESPONSABLE_TRAITEMENT',
  'CONTACT_DROITS',
  'TELEPHONE',
];

/** What production requires and was not given, whatever else is wrong. */
const manquantes = (brut: Readonly<Record<string, unknown>>): string[] =>
  brut['MODE'] === 'production'
    ? REQUISES.filter((nom) => brut[nom] === undefined).map(
        (nom) => `${nom} : requis en production (voir .env.example).`,
      )
    : [];

const BOUCLE = new Set(['127.0.0.1', 'localhost', '::1']);

const OIDC = ['OIDC_EMETTEUR', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'OIDC_CORRESPONDANCES'] as const;

/** All or none, and never in clear except on this very machine in local mode. */
function verifierOpenId(lu: Lu): string[] {
  const donnees = OIDC.filter((nom) => lu[nom] !== undefined);
  const problemes =
    donnees.length === 0
      ? []
      : OIDC.filter((nom) => lu[nom] === undefined).map(
          (nom) => `${nom} : requis avec ${donnees.join(', ')}.`,
        );
  const { OIDC_EMETTEUR: emetteur } = lu;
  if (
    emetteur?.startsWith('http:') === true &&
    (lu.MODE === 'production' || !BOUCLE.has(new URL(emetteur).hostname))
  )
    problemes.push('OIDC_EMETTEUR : https est requis, sauf en mode local sur cet ordinateur.');
  return problemes;
}

/** What production needs and what local mode forbids: both sides of « nothing depends on luck ». */
function verifierMode(lu: Lu): string[] {
  const problemes: string[] = [];
  if (lu.MODE === 'local') {
    if (lu.HOST !== undefined && !BOUCLE.has(lu.HOST))
      problemes.push(
        'HOST : le mode local n’écoute que sur 127.0.0.1, ::1 ou localhost. Pour ouvrir le service, utilisez MODE=production.',
      );
    return problemes;
  }
  problemes.push(...manquantes(lu));
  // A reference code is a key: with no limit on tries, it could be searched for.
  if (lu.LIMIT_SUIVI_PAR_ADRESSE === 0)
    problemes.push('LIMIT_SUIVI_PAR_ADRESSE : au moins 1 en production, sinon les codes se devinent.');
  if (lu.PUBLIC_URL !== undefined && !lu.PUBLIC_URL.startsWith('https:'))
    problemes.push('PUBLIC_URL : https est requis en production.');
  return problemes;
}

/** What proves the bot's identity, besides its own id: given together, or not at all. */
const PREUVES = ['MICROSOFT_APP_TYPE', 'MICROSOFT_APP_PASSWORD', 'MICROSOFT_APP_CERTIFICAT'] as const;

/**
 * Whether `/api/messages` is open. On a laptop it is, to anyone on that laptop; an application id alone (enough to make the Teams package) closes it, since it could
 * neither check nor answer anyone.
 */
const teamsActif = (lu: Lu): boolean =>
  lu.TEAMS === undefined
    ? lu.MODE === 'local' &&
      (lu.MICROSOFT_APP_ID === undefined || PREUVES.some((nom) => lu[nom] !== undefined))
    : lu.TEAMS === 'on';

/** Complete and of one kind only, or a sentence per variable that says why not. */
function verifierTeams(lu: Lu): string[] {
  return [...verifierBot(lu), ...verifierOnglet(lu)];
}

const locataireDe = (lu: Lu): 'operateur' | 'employeur' =>
  lu.TEAMS_LOCATAIRE ?? (lu.MODE === 'local' ? 'operateur' : 'employeur');

/** The tab signs people in for one application and one tenant, an operator's: an employer's has no counsellor of the CEP. */
const verifierOnglet = (lu: Lu): string[] =>
  lu.TEAMS_CORRESPONDANCES === undefined
    ? []
    : [
        ...(['MICROSOFT_APP_ID', 'MICROSOFT_APP_TENANT_ID'] as const)
          .filter((nom) => lu[nom] === undefined)
          .map((nom) => `${nom} : requis avec TEAMS_CORRESPONDANCES.`),
        ...(locataireDe(lu) === 'operateur'
          ? []
          : ['TEAMS_LOCATAIRE : « operateur » est requis avec TEAMS_CORRESPONDANCES.']),
        // The tab asks Entra for a token made for this application: only a registered one can expose that.
        ...(lu.MICROSOFT_APP_TYPE === 'UserAssignedMSI'
          ? ['MICROSOFT_APP_TYPE : une identité gérée n’ouvre pas l’onglet (TEAMS_CORRESPONDANCES).']
          : []),
      ];

function verifierBot(lu: Lu): string[] {
  const donnees = PREUVES.filter((nom) => lu[nom] !== undefined);
  const sansPreuve = lu.MICROSOFT_APP_ID === undefined && donnees.length === 0;
  if (!teamsActif(lu) || (lu.MODE === 'local' && sansPreuve)) return [];
  const problemes: string[] = [];
  for (const nom of ['MICROSOFT_APP_ID', 'MICROSOFT_APP_TENANT_ID'] as const)
    if (lu[nom] === undefined)
      problemes.push(
        `${nom} : requis pour recevoir les messages de Teams ; sans lui, n’importe qui pourrait écrire au bot.`,
      );
  const { MICROSOFT_APP_PASSWORD: secret, MICROSOFT_APP_CERTIFICAT: certificat } = lu;
  if (lu.MICROSOFT_APP_TYPE === 'UserAssignedMSI') {
    for (const nom of ['MICROSOFT_APP_PASSWORD', 'MICROSOFT_APP_CERTIFICAT'] as const)
      if (lu[nom] !== undefined)
        problemes.push(
          `${nom} : à retirer ; une identité gérée (UserAssignedMSI) n’a ni secret ni certificat.`,
        );
  } else if (secret === undefined && certificat === undefined)
    problemes.push(
      'MICROSOFT_APP_PASSWORD ou MICROSOFT_APP_CERTIFICAT : l’un des deux est requis, sauf avec MICROSOFT_APP_TYPE=UserAssignedMSI.',
    );
  else if (secret !== undefined && certificat !== undefined)
    problemes.push('MICROSOFT_APP_PASSWORD et MICROSOFT_APP_CERTIFICAT : un seul des deux, pas les deux.');
  return problemes;
}

function preuveDe(lu: Lu): PreuveTeams {
  if (lu.MICROSOFT_APP_TYPE === 'UserAssignedMSI') return { type: 'identite-geree' };
  if (lu.MICROSOFT_APP_CERTIFICAT !== undefined)
    return { type: 'certificat', chemin: lu.MICROSOFT_APP_CERTIFICAT };
  return lu.MICROSOFT_APP_PASSWORD === undefined
    ? { type: 'aucune' }
    : { type: 'secret', secret: lu.MICROSOFT_APP_PASSWORD };
}

/**
 * Reads the configuration.
 * @throws {ConfigInvalide} listing every invalid or missing variable.
 */
export function lireConfig(env: Readonly<Record<string, string | undefined>>): Config {
  // An empty variable is an absent one: that is what « VAR= » means in every compose file.
  const brut = Object.fromEntries(
    Object.keys(VARIABLES).flatMap((nom) =>
      env[nom] === undefined || env[nom] === '' ? [] : [[nom, env[nom]]],
    ),
  );
  const lu = schema.safeParse(brut);
  const inconnues = Object.keys(env)
    .filter((n) => n.startsWith('LIMIT_') && !(n in VARIABLES))
    .map(
      (n) =>
        `${n} : limite inconnue. Limites connues : ${Object.keys(VARIABLES)
          .filter((v) => v.startsWith('LIMIT_'))
          .join(', ')}.`,
    );
  if (!lu.success)
    throw new ConfigInvalide([
      ...lu.error.issues.map((i) => `${i.path.join('.')} : ${i.message.replace(/\.$/, '')}.`),
      ...manquantes(brut),
      ...inconnues,
    ]);
  const problemes = [
    ...inconnues,
    ...verifierMode(lu.data),
    ...verifierOpenId(lu.data),
    ...verifierTeams(lu.data),
  ];
  if ((lu.data.FRANCE_TRAVAIL_ID === undefined) !== (lu.data.FRANCE_TRAVAIL_SECRET === undefined))
    problemes.push('FRANCE_TRAVAIL_ID et FRANCE_TRAVAIL_SECRET vont ensemble : donnez les deux, ou aucun.');
  if ((lu.data.COURRIEL_SERVEUR === undefined) !== (lu.data.COURRIEL_EXPEDITEUR === undefined))
    problemes.push('COURRIEL_SERVEUR et COURRIEL_EXPEDITEUR vont ensemble : donnez les deux, ou aucun.');
  if ((lu.data.PROXY_ENTETE === undefined) !== (lu.data.PROXY_ADRESSES.length === 0))
    problemes.push('PROXY_ENTETE et PROXY_ADRESSES vont ensemble : donnez les deux, ou aucun.');
  if (problemes.length > 0) throw new ConfigInvalide(problemes);
  return assembler(lu.data);
}

function assembler(lu: Lu): Config {
  const local = lu.MODE === 'local';
  const publicUrl = (lu.PUBLIC_URL ?? `http://localhost:${lu.PORT}`).replace(/\/+$/, '');
  return {
    mode: lu.MODE,
    port: lu.PORT,
    hote: lu.HOST ?? (local ? '127.0.0.1' : '0.0.0.0'),
    publicUrl,
    https: publicUrl.startsWith('https:'),
    dataDir: isAbsolute(lu.DATA_DIR) ? lu.DATA_DIR : resolve(RACINE_PROJET, lu.DATA_DIR),
    editeur: {
      nom: lu.EDITEUR ?? 'une installation d’essai sur cet ordinateur',
      responsable: lu.RESPONSABLE_TRAITEMENT ?? 'la personne qui a lancé cette installation d’essai',
      contact: lu.CONTACT_DROITS ?? 'la personne qui a lancé cette installation d’essai',
      telephone: lu.TELEPHONE ?? '39 49 (France Travail)',
    },
    sites: [
      ...new Set([
        new URL(publicUrl).origin,
        ...(local ? [`http://localhost:${lu.PORT}`, `http://127.0.0.1:${lu.PORT}`] : []),
        ...lu.SITES,
      ]),
    ],
    hotesAcceptes: local
      ? [`localhost:${lu.PORT}`, `127.0.0.1:${lu.PORT}`, `[::1]:${lu.PORT}`, new URL(publicUrl).host]
      : [new URL(publicUrl).host],
    proxy:
      lu.PROXY_ENTETE === undefined ? undefined : { entete: lu.PROXY_ENTETE, adresses: lu.PROXY_ADRESSES },
    secrets: lu.SECRETS,
    services: lu.SERVICES,
    courriel:
      lu.COURRIEL_SERVEUR === undefined
        ? undefined
        : { adresse: lu.COURRIEL_SERVEUR, expediteur: lu.COURRIEL_EXPEDITEUR ?? '' },
    openid:
      lu.OIDC_EMETTEUR === undefined
        ? undefined
        : {
            emetteur: lu.OIDC_EMETTEUR,
            clientId: lu.OIDC_CLIENT_ID ?? '',
            clientSecret: lu.OIDC_CLIENT_SECRET ?? '',
            correspondances: lu.OIDC_CORRESPONDANCES ?? '',
          },
    teams: {
      active: teamsActif(lu),
      locataire: locataireDe(lu),
      appId: lu.MICROSOFT_APP_ID ?? '',
      tenantId: lu.MICROSOFT_APP_TENANT_ID ?? '',
      preuve: preuveDe(lu),
      correspondances: lu.TEAMS_CORRESPONDANCES,
    },
    conservation: {
      conversationJours: lu.CONSERVATION_CONVERSATION_JOURS,
      transmissionMois: lu.CONSERVATION_TRANSMISSION_MOIS,
      journalMois: lu.CONSERVATION_JOURNAL_MOIS,
    },
    limites: {
      jetonsParAdresse: lu.LIMIT_JETONS_PAR_ADRESSE,
      suiviParAdresse: lu.LIMIT_SUIVI_PAR_ADRESSE,
      conversations: lu.LIMIT_CONVERSATIONS,
      messagesParSeconde: lu.LIMIT_MESSAGES_PAR_SECONDE,
      messagesRafale: lu.LIMIT_MESSAGES_RAFALE,
      messagesParConversation: lu.LIMIT_MESSAGES_PAR_CONVERSATION,
      socketsParConversation: lu.LIMIT_SOCKETS_PAR_CONVERSATION,
      socketsParAdresse: lu.LIMIT_SOCKETS_PAR_ADRESSE,
      connexions: lu.LIMIT_CONNEXIONS,
      connexionsParAdresse: lu.LIMIT_CONNEXIONS_PAR_ADRESSE,
    },
    vives: {
      annuaire:
        lu.ANNUAIRE_EN_LIGNE === 'on' ? { annuaireUrl: lu.ANNUAIRE_URL, geoUrl: lu.GEO_URL } : undefined,
      franceTravail:
        lu.FRANCE_TRAVAIL_ID === undefined || lu.FRANCE_TRAVAIL_SECRET === undefined
          ? undefined
          : {
              identifiant: lu.FRANCE_TRAVAIL_ID,
              secret: lu.FRANCE_TRAVAIL_SECRET,
              jetonUrl: lu.FRANCE_TRAVAIL_JETON_URL,
              apiUrl: lu.FRANCE_TRAVAIL_URL,
            },
      delaiMs: lu.SOURCES_DELAI_MS,
    },
    niveauJournal: lu.LOG_LEVEL,
  };
}
