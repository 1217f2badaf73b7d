import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTPayload,
} from 'jose';

/** A local stand-in of Microsoft's key servers: OpenID metadata and a JWKS whose keys can be added and withdrawn. */
export class ServeurCles {
  readonly #serveur: Server;
  readonly #cles = new Map<
    string,
    { readonly secrete: CryptoKey; readonly publique: CryptoKey; readonly jwk: JWK }
  >();
  readonly #retirees = new Set<string>();
  adresse = '';
  /** How many times the keys were read. */
  lectures = 0;
  enPanne = false;

  private constructor() {
    this.#serveur = createServer((req, res) => {
      res.setHeader('Content-Type', 'application/json');
      if (this.enPanne) {
        res.statusCode = 500;
        return res.end('{}');
      }
      if (req.url === '/metadonnees')
        return res.end(JSON.stringify({ issuer: 'sans-importance', jwks_uri: `${this.adresse}/cles` }));
      this.lectures += 1;
      const keys = [...this.#cles].filter(([kid]) => !this.#retirees.has(kid)).map(([, c]) => c.jwk);
      return res.end(JSON.stringify({ keys }));
    });
  }

  static async ouvrir(): Promise<ServeurCles> {
    const serveur = new ServeurCles();
    await new Promise<void>((r) => serveur.#serveur.listen(0, '127.0.0.1', r));
    const lieu = serveur.#serveur.address();
    serveur.adresse = `http://127.0.0.1:${typeof lieu === 'object' && lieu !== null ? lieu.port : 0}`;
    return serveur;
  }

  get metadonnees(): string {
    return `${this.adresse}/metadonnees`;
  }

  /** A new key; `publiee: false` makes one nobody has heard of. */
  async ajouter(
    options: { plus?: Readonly<Record<string, unknown>>; publiee?: boolean } = {},
  ): Promise<string> {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const kid = randomUUID();
    const jwk = { ...(await exportJWK(publicKey)), kid, use: 'sig', ...options.plus };
    this.#cles.set(kid, { secrete: privateKey, publique: publicKey, jwk });
    if (options.publiee === false) this.#retirees.add(kid);
    return kid;
  }
  retirer(kid: string): void {
    this.#retirees.add(kid);
  }

  /** A token signed RS256 by one of the keys. */
  async signer(kid: string, charge: JWTPayload): Promise<string> {
    const cle = this.#cles.get(kid);
    if (cle === undefined) throw new Error('clé inconnue du serveur');
    return new SignJWT(charge).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid }).sign(cle.secrete);
  }
  /** The classic forgery: HS256 with the published key as the shared secret. */
  async forgerHs256(kid: string, charge: JWTPayload): Promise<string> {
    const cle = this.#cles.get(kid);
    if (cle === undefined) throw new Error('clé inconnue du serveur');
    const corps = `${enBase64({ alg: 'HS256', typ: 'JWT', kid })}.${enBase64(charge)}`;
    const mac = createHmac('sha256', await exportSPKI(cle.publique))
      .update(corps)
      .digest('base64url');
    return `${corps}.${mac}`;
  }

  fermer(): void {
    this.#serveur.closeAllConnections();
    this.#serveur.close();
  }
}

const enBase64 = (valeur: object): string => Buffer.from(JSON.stringify(valeur)).toString('base64url');
/** A token nobody signed. */
export const jetonSansSignature = (charge: JWTPayload): string =>
  `${enBase64({ alg: 'none', typ: 'JWT' })}.${enBase64(charge)}.`;

/** Tokens nobody signed for us, each with the reason it is refused for: the same for the bot's callers and for the tab's. */
export const jetonsForges = (
  cles: () => ServeurCles,
  bonne: () => string,
  charge: () => JWTPayload,
): [string, () => Promise<string>, string][] => [
  ['sans signature (none)', async () => jetonSansSignature(charge()), 'algorithme'],
  ['HS256 avec la clé publiée', async () => cles().forgerHs256(bonne(), charge()), 'algorithme'],
  [
    'd’une clé inconnue',
    async () => cles().signer(await cles().ajouter({ publiee: false }), charge()),
    'cle-inconnue',
  ],
  [
    'à la signature changée',
    async () => `${(await cles().signer(bonne(), charge())).slice(0, -8)}AAAAAAAA`,
    'signature',
  ],
];
