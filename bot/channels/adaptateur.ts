import {
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type Activity,
  type ConversationReference,
  type TurnContext,
} from 'botbuilder';
import {
  BotFrameworkAuthentication,
  ClaimsIdentity,
  ConnectorClient,
  ConnectorFactory,
  type AuthenticateRequestResult,
  type ServiceClientCredentialsFactory,
  type UserTokenClient,
} from 'botframework-connector';
import { refuse, reussi, type Resultat } from '../../knowledge/vocabulaire/index.ts';
import type { Horloge, Journaliseur } from '../ports.ts';
import { posterSuite, REPRISE_TOUR, type Envoye, type Issue, type Reprise } from './envoi-teams.ts';
import { aUnConcentrateur } from './handoff.ts';
import { fabriqueDe, type IdentifiantsTeams } from './identifiants.ts';
import { rendrePourTeams } from './rendu-teams.ts';
import type { ActiviteSortante } from './rendu.ts';
import { creerGardien, type RefusBot, type SignataireBot } from './jeton-bot.ts';

/** Scheme of the in-process channel: never accepted from outside, never sent to a client. */
export const SERVICE_INTERNE = 'urn:cep:directline';
/** Who speaks on the in-process channel, for the SDK. */
const ANONYME = new ClaimsIdentity([], 'cep-directline');
export const ID_BOT = 'assistant-cep';

/** Receives what the bot sends on the in-process channel. `service`: the address it was given, one per turn. */
export type Recepteur = (
  service: string,
  conversation: string,
  activite: Readonly<Record<string, unknown>>,
) => Promise<string>;

/**
 * A connector that hands activities to the channel instead of posting them over HTTP: the SDK's own client, its four calls the adapter makes
 * replaced. One for the process (making one costs as much as a small turn); the activity says which turn it belongs to.
 */
function connecteurInterne(recevoir: Recepteur): ConnectorClient {
  const client = new ConnectorClient({ signRequest: async (requete) => requete });
  const envoyer = async (conversation: string, activite: Partial<Activity>): Promise<{ id: string }> => ({
    id: await recevoir(activite.serviceUrl ?? SERVICE_INTERNE, conversation, { ...activite }),
  });
  Object.assign(client.conversations, {
    sendToConversation: envoyer,
    replyToActivity: (conversation: string, _id: string, activite: Partial<Activity>) =>
      envoyer(conversation, activite),
    updateActivity: (conversation: string, id: string, activite: Partial<Activity>) =>
      envoyer(conversation, { ...activite, id }),
    // The protocol has no deletion: the text is replaced.
    deleteActivity: (conversation: string, id: string) =>
      envoyer(conversation, { type: 'message', id, text: '…' }),
  });
  return client;
}

class FabriqueMixte extends ConnectorFactory {
  constructor(
    private readonly interne: ConnectorClient,
    private readonly dehors: ConnectorFactory,
  ) {
    super();
  }

  override async create(serviceUrl: string, audience: string): Promise<ConnectorClient> {
    return serviceUrl.startsWith(SERVICE_INTERNE)
      ? this.interne
      : regler(await this.dehors.create(serviceUrl, audience));
  }
}

/** Milliseconds one call to the connector may last: the SDK sets none. */
const DELAI_APPEL_MS = 8_000;
type Tuyau = {
  removePolicy(quoi: { readonly name: string }): readonly unknown[];
  addPolicy(quoi: object): void;
};
/** The object itself, not a copy of it: a schema would check it and give another one. */
function estTuyau(v: unknown): v is Tuyau {
  return typeof v === 'object' && v !== null && 'removePolicy' in v && 'addPolicy' in v;
}

/**
 * The SDK's client without its own retries, with a time limit. It posts again after any 5xx or timeout, shown or not, and its « noRetryPolicy » option is read by nothing:
 * `envoi-teams.ts` decides instead.
 */
function regler(client: ConnectorClient): ConnectorClient {
  const interieur: unknown = Reflect.get(client, 'client');
  const pipeline: unknown =
    typeof interieur === 'object' && interieur !== null ? Reflect.get(interieur, 'pipeline') : undefined;
  if (!estTuyau(pipeline) || pipeline.removePolicy({ name: 'defaultRetryPolicy' }).length !== 1)
    throw new Error('Le client du Bot Framework a changé : ses reprises ne sont plus où elles étaient.');
  pipeline.addPolicy({
    name: 'delai',
    sendRequest: (requete: { timeout: number }, suite: (r: object) => Promise<unknown>) => {
      requete.timeout = DELAI_APPEL_MS;
      return suite(requete);
    },
  });
  return client;
}

/**
 * The SDK's authentication with one change: connectors for our own scheme stay in the process. `continueConversationAsync` asks the
 * authentication for its connectors, so proactive messages work the same for the website and for Teams (technique: measured).
 */
class AuthentificationMixte extends BotFrameworkAuthentication {
  readonly #dehors: ConfigurationBotFrameworkAuthentication;
  #jetonsDuSite: Promise<UserTokenClient> | undefined;

  constructor(
    fabrique: ServiceClientCredentialsFactory | undefined,
    private readonly interne: ConnectorClient,
  ) {
    super();
    this.#dehors = new ConfigurationBotFrameworkAuthentication({}, fabrique);
  }

  override async authenticateRequest(
    activity: Activity,
    authHeader: string,
  ): Promise<AuthenticateRequestResult> {
    const lu = await this.#dehors.authenticateRequest(activity, authHeader);
    return { ...lu, connectorFactory: this.createConnectorFactory(lu.claimsIdentity) };
  }

  override authenticateStreamingRequest(
    authHeader: string,
    channelIdHeader: string,
  ): Promise<AuthenticateRequestResult> {
    return this.#dehors.authenticateStreamingRequest(authHeader, channelIdHeader);
  }

  override createConnectorFactory(claimsIdentity: ClaimsIdentity): ConnectorFactory {
    return new FabriqueMixte(this.interne, this.#dehors.createConnectorFactory(claimsIdentity));
  }

  /** One for all the turns of the website: nothing there signs in, and making one costs 6 % of a turn (measured). */
  override createUserTokenClient(claimsIdentity: ClaimsIdentity): Promise<UserTokenClient> {
    if (claimsIdentity !== ANONYME) return this.#dehors.createUserTokenClient(claimsIdentity);
    this.#jetonsDuSite ??= this.#dehors.createUserTokenClient(claimsIdentity);
    return this.#jetonsDuSite;
  }
}

/** Who the Bot Framework's own parts are, for what is sent back. */
const DESTINATAIRE = 'https://api.botframework.com';

export type Logique = (contexte: TurnContext) => Promise<void>;

/** A caller that was let in: only `laisserEntrer` makes one. */
export type Entree = AuthenticateRequestResult;

/** The one adapter of the house, and how to run a turn with it. */
export type Adaptateur = {
  /** Runs one turn of the in-process channel. Rejects with what the logic threw. */
  tourInterne(activite: Readonly<Record<string, unknown>>, logique: Logique): Promise<void>;
  /** Whether an activity received over HTTP may come in. Without credentials (local mode) all do. */
  laisserEntrer(
    entete: string,
    activite: Readonly<Record<string, unknown>>,
  ): Promise<Resultat<Entree, RefusBot>>;
  /** Runs one turn received over HTTP, for a caller that was let in. */
  tourDehors(entree: Entree, activite: Readonly<Record<string, unknown>>, logique: Logique): Promise<void>;
  /** Sends messages to Teams within a turn, in order, rendered for it, with the retries it asks for. */
  envoyer(contexte: TurnContext, activites: readonly ActiviteSortante[]): Promise<Issue>;
  /** The same outside a turn, with another patience, and how it ended in full. */
  notifier(contexte: TurnContext, activites: readonly ActiviteSortante[], reprise: Reprise): Promise<Envoye>;
  /** Runs logic outside any turn, and gives what it gave. */
  continuer<T>(
    reference: Partial<ConversationReference>,
    logique: (contexte: TurnContext) => Promise<T>,
  ): Promise<T>;
};

export function creerAdaptateur(options: {
  readonly identifiants: IdentifiantsTeams;
  readonly recevoir: Recepteur;
  readonly horloge: Horloge;
  readonly journaliseur: Journaliseur;
  /** How long to insist; shortened by tests. */
  readonly reprise?: Reprise | undefined;
  /** Stand-ins of Microsoft's servers, for tests. */
  readonly signataire?: SignataireBot | undefined;
  readonly fabrique?: ServiceClientCredentialsFactory | undefined;
}): Adaptateur {
  const { appId, tenantId, preuve } = options.identifiants;
  const authentification = new AuthentificationMixte(
    options.fabrique ?? fabriqueDe(options.identifiants, options.horloge()),
    connecteurInterne(options.recevoir),
  );
  const gardien =
    preuve.type === 'aucune'
      ? undefined
      : creerGardien({ appId, tenantId, horloge: options.horloge, signataire: options.signataire });
  const adaptateur = new CloudAdapter(authentification);
  // The default handler prints the error (with what people typed) and lets the turn look finished: ours lets the channel decide.
  adaptateur.onTurnError = async (_contexte, erreur) => {
    throw erreur;
  };
  const interne = {
    audience: '',
    callerId: '',
    claimsIdentity: ANONYME,
    connectorFactory: authentification.createConnectorFactory(ANONYME),
  };
  const temps = {
    horloge: options.horloge,
    attendre: (ms: number) => new Promise<void>((r) => setTimeout(r, ms)),
    hasard: Math.random,
    signaler: (issue: Issue, statut: number) =>
      options.journaliseur.alerte('teams-envoi-echoue', { issue, statut }),
  };
  const echo = preuve.type === 'aucune' ? 'muet' : 'dit';
  const notifier = (
    contexte: TurnContext,
    activites: readonly ActiviteSortante[],
    reprise: Reprise,
  ): Promise<Envoye> =>
    posterSuite(activites, (activite) => contexte.sendActivity({ ...activite }), reprise, temps);
  return {
    async envoyer(contexte, activites) {
      const reprise = options.reprise ?? REPRISE_TOUR;
      const { issue } = await notifier(
        contexte,
        rendrePourTeams(
          activites.filter((a) => a.type !== 'event'),
          echo,
        ),
        reprise,
      );
      // A tool that does not listen takes nothing from the person: their messages are what counts.
      if (aUnConcentrateur(contexte.activity.channelId))
        await notifier(
          contexte,
          activites.filter((a) => a.type === 'event'),
          reprise,
        );
      return issue;
    },
    notifier: (contexte, activites, reprise) => notifier(contexte, rendrePourTeams(activites, echo), reprise),
    tourInterne: (activite, logique) =>
      adaptateur.processActivityDirect(interne, lireActivite(activite), logique),
    async laisserEntrer(entete, activite) {
      if (gardien === undefined)
        return reussi(await authentification.authenticateRequest(lireActivite(activite), entete));
      const juge = await gardien.laisserEntrer(entete, activite);
      if (!juge.ok) return refuse(juge.refus);
      const claimsIdentity = new ClaimsIdentity([{ type: 'aud', value: appId }], true);
      return reussi({
        audience: DESTINATAIRE,
        callerId: 'urn:botframework:azure',
        claimsIdentity,
        connectorFactory: authentification.createConnectorFactory(claimsIdentity),
      });
    },
    tourDehors: (entree, activite, logique) =>
      adaptateur.processActivityDirect(entree, lireActivite(activite), logique),
    async continuer<T>(
      reference: Partial<ConversationReference>,
      logique: (contexte: TurnContext) => Promise<T>,
    ): Promise<T> {
      const rendus: T[] = [];
      await adaptateur.continueConversationAsync(appId, reference, async (contexte) => {
        // Made up by the SDK for the occasion: Teams would take what is sent for a reply to a message that does not exist.
        if (contexte.activity.channelId !== 'directline') Reflect.deleteProperty(contexte.activity, 'id');
        rendus.push(await logique(contexte));
      });
      const [rendu] = rendus;
      if (rendu === undefined) throw new Error('La suite de la conversation n’a pas été jouée.');
      return rendu;
    },
  };
}

const estActivite = (v: object): v is Activity => 'type' in v && typeof v.type === 'string';

/** @throws when it has no type: the SDK would reject its promise in a way nobody catches. */
function lireActivite(recue: Readonly<Record<string, unknown>>): Activity {
  const copie = { ...recue };
  if (!estActivite(copie)) throw new Error('Activité sans type.');
  return copie;
}
