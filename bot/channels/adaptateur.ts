import {
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type Activity,
  type ConversationReference,
  type TurnContext,
} from 'botbuilder';
import {
  BotFrameworkAuthentication,
  ConnectorFactory,
  type AuthenticateRequestResult,
  type ClaimsIdentity,
  type ConnectorClient,
  type UserTokenClient,
} from 'botframework-connector';
import type { Journaliseur } from '../ports.ts';

/** Scheme of the in-process channel: never accepted from outside, never sent to a client. */
export const SERVICE_INTERNE = 'urn:cep:directline';
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

/** A connector that hands activities to the channel instead of posting them over HTTP. Only what `CloudAdapter` calls. */
class ConnecteurInterne extends ConnectorFactory {
  constructor(
    private readonly recevoir: Recepteur,
    private readonly dehors: ConnectorFactory,
  ) {
    super();
  }

  override async create(serviceUrl: string, audience: string): Promise<ConnectorClient> {
    if (!serviceUrl.startsWith(SERVICE_INTERNE)) return this.dehors.create(serviceUrl, audience);
    const envoyer = async (conversation: string, activite: Partial<Activity>): Promise<{ id: string }> => ({
      id: await this.recevoir(serviceUrl, conversation, { ...activite }),
    });
    const conversations = {
      sendToConversation: envoyer,
      replyToActivity: (conversation: string, _id: string, activite: Partial<Activity>) =>
        envoyer(conversation, activite),
      updateActivity: (conversation: string, id: string, activite: Partial<Activity>) =>
        envoyer(conversation, { ...activite, id }),
      deleteActivity: (conversation: string, id: string) =>
        envoyer(conversation, { type: 'message', id, text: '…' }),
    };
    // The SDK types a whole REST client; the adapter uses these four methods of it (cloudAdapterBase.js).
    return { conversations } as object as ConnectorClient;
  }
}

/**
 * The SDK's authentication with one change: connectors for our own scheme stay in the process. `continueConversationAsync` asks the
 * authentication for its connectors, so proactive messages work the same for the website and for Teams (technique: measured).
 */
class AuthentificationMixte extends BotFrameworkAuthentication {
  readonly #dehors: ConfigurationBotFrameworkAuthentication;

  constructor(
    identifiants: IdentifiantsTeams,
    private readonly recevoir: Recepteur,
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
    return new ConnecteurInterne(this.recevoir, this.#dehors.createConnectorFactory(claimsIdentity));
  }

  override createUserTokenClient(claimsIdentity: ClaimsIdentity): Promise<UserTokenClient> {
    return this.#dehors.createUserTokenClient(claimsIdentity);
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
  const authentification = new AuthentificationMixte(options.identifiants, options.recevoir);
  const adaptateur = new CloudAdapter(authentification);
  // The default handler prints the error (with what people typed) and lets the turn look finished: ours lets the channel decide.
  adaptateur.onTurnError = async (_contexte, erreur) => {
    throw erreur;
  };
  const anonyme: ClaimsIdentity = {
    claims: [],
    isAuthenticated: true,
    authenticationType: 'anonymous',
    getClaimValue: () => null,
  } as object as ClaimsIdentity;
  return {
    tourInterne: (activite, logique) =>
      adaptateur.processActivityDirect(
        {
          audience: '',
          callerId: '',
          claimsIdentity: anonyme,
          connectorFactory: authentification.createConnectorFactory(anonyme),
        },
        activite as object as Activity,
        logique,
      ),
    tourDehors: (entete, activite, logique) =>
      adaptateur.processActivityDirect(entete, activite as object as Activity, logique),
    continuer: (reference, logique) =>
      adaptateur.continueConversationAsync(options.identifiants.appId, reference, logique),
  };
}
