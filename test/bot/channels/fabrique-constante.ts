import { ServiceClientCredentialsFactory } from 'botframework-connector';

type Identifiants = Awaited<ReturnType<ServiceClientCredentialsFactory['createCredentials']>>;

/** Signs what the bot sends with a constant: the login servers of Microsoft cannot be reached from a test. */
export class FabriqueConstante extends ServiceClientCredentialsFactory {
  constructor(private readonly appId: string) {
    super();
  }
  async isValidAppId(appId: string): Promise<boolean> {
    return appId === this.appId;
  }
  async isAuthenticationDisabled(): Promise<boolean> {
    return false;
  }
  async createCredentials(): Promise<Identifiants> {
    return {
      signRequest: async (requete) => {
        requete.headers.set('authorization', 'Bearer jeton-du-bot');
        return requete;
      },
    };
  }
}
