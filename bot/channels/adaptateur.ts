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
  type UserTokenClient,
} from 'botframework-connector';
import type { Journaliseur } from '../ports.ts';

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

export type IdentifiantsTeams = {
  readonly appId: string;
  readonly appPassword: string;
  readonly tenantId: string;
};

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
    return serviceUrl.startsWith(SERVICE_INTERNE) ? this.interne : this.dehors.create(serviceUrl, audience);
  }
}

/**
 * The SDK's authentication with one change: connectors for our own scheme stay in the process. `continueConversationAsync` asks the
 * authentication for its connectors, so proactive messages work the same for the website and for Teams (technique: measured).
 */
class AuthentificationMixte extends BotFrameworkAuthentication {
  readonly #dehors: ConfigurationBotFrameworkAuthentication;
  #jetonsDuSite: Promise<UserTokenClient> | undefined;

  constructor(
    identifiants: IdentifiantsTeams,
    private readonly interne: ConnectorClient,
  ) {
    super();
    const { appId, appPassword, tenantId } = identifiants;
    this.#dehors = new ConfigurationBotFrameworkAuthentication(
      appId === ''
        ? {}
        : {
            MicrosoftAppId: appId,
            MicrosoftAppPassword: appPassword,
            MicrosoftAppTenantId: tenantId,
            MicrosoftAppType: 'SingleTenant',
          },
    );
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

export type Logique = (contexte: TurnContext) => Promise<void>;

/** The one adapter of the house, and how to run a turn with it. */
export type Adaptateur = {
  /** Runs one turn of the in-process channel. Rejects with what the logic threw. */
  tourInterne(activite: Readonly<Record<string, unknown>>, logique: Logique): Promise<void>;
  /** Runs one turn received over HTTP. @throws when the caller is not who it says. */
  tourDehors(entete: string, activite: Readonly<Record<string, unknown>>, logique: Logique): Promise<void>;
  /** Sends outside any turn. */
  continuer(reference: Partial<ConversationReference>, logique: Logique): Promise<void>;
};

export function creerAdaptateur(options: {
  readonly identifiants: IdentifiantsTeams;
  readonly recevoir: Recepteur;
  readonly journaliseur: Journaliseur;
}): Adaptateur {
  const authentification = new AuthentificationMixte(
    options.identifiants,
    connecteurInterne(options.recevoir),
  );
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
  return {
    tourInterne: (activite, logique) =>
      adaptateur.processActivityDirect(interne, lireActivite(activite), logique),
    tourDehors: (entete, activite, logique) =>
      adaptateur.processActivityDirect(entete, lireActivite(activite), logique),
    continuer: (reference, logique) =>
      adaptateur.continueConversationAsync(options.identifiants.appId, reference, logique),
  };
}

const estActivite = (v: object): v is Activity => 'type' in v && typeof v.type === 'string';

/** @throws when it has no type: the SDK would reject its promise in a way nobody catches. */
function lireActivite(recue: Readonly<Record<string, unknown>>): Activity {
  const copie = { ...recue };
  if (!estActivite(copie)) throw new Error('Activité sans type.');
  return copie;
}
