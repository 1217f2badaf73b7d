import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import {
  ecrireTemoin,
  ErreurHttp,
  estSigne,
  lireTemoin,
  memesOctets,
  signer,
  type TrousseauDeCles,
} from '../http/index.ts';

const NOM = 'console';
const DUREE_S = 8 * 3_600;

const schema = z.strictObject({
  id: z.string(),
  nom: z.string(),
  operateurs: z.union([z.literal('tous'), z.array(z.string())]),
  regions: z.union([z.literal('toutes'), z.array(z.string())]),
  fin: z.number(),
});
/** Who is signed in, and for which operators and régions. */
export type Session = z.output<typeof schema>;

export type Sessions = {
  /** The signed-in counsellor. @throws {ErreurHttp} 401 */
  exiger(req: IncomingMessage): Session;
  /** A request that changes something: signed in, and sent by our own page. @throws {ErreurHttp} 401, 403 */
  exigerEcriture(req: IncomingMessage): Session;
  /** Path of the one-time sign-in link (local mode only). */
  lienLocal(): string;
  /** Exchanges the code of the link for a cookie, once; `undefined` when it is spent or wrong. */
  echanger(code: string): string | undefined;
};

/** Sessions in a signed cookie, eight hours. Nothing here exists outside local mode: production needs an identity provider. */
export function creerSessions(options: {
  readonly cles: TrousseauDeCles;
  readonly horloge: () => number;
  readonly securise: boolean;
  readonly origine: string;
}): Sessions {
  const { cles, horloge } = options;
  let code: Buffer | undefined;

  function lire(req: IncomingMessage): Session | undefined {
    const brut = lireTemoin(req, NOM) ?? '';
    const point = brut.indexOf('.');
    const charge = brut.slice(0, Math.max(0, point));
    if (!estSigne(cles, charge, brut.slice(point + 1))) return undefined;
    try {
      const lu = schema.safeParse(JSON.parse(Buffer.from(charge, 'base64url').toString('utf8')));
      return lu.success && lu.data.fin > horloge() ? lu.data : undefined;
    } catch {
      return undefined;
    }
  }

  function exiger(req: IncomingMessage): Session {
    const session = lire(req);
    if (session === undefined) throw new ErreurHttp(401, 'Unauthorized', 'Sign in first.');
    return session;
  }

  return {
    exiger,
    exigerEcriture(req) {
      const session = exiger(req);
      // SameSite=Strict already keeps other sites out; a header no form can send, and the origin, say it twice more.
      const { origin } = req.headers;
      if (
        req.headers['x-console'] !== '1' ||
        (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== req.headers.host))
      )
        throw new ErreurHttp(403, 'Forbidden', 'Refused.');
      return session;
    },
    lienLocal() {
      code = randomBytes(24);
      return `/console/connexion?code=${code.toString('base64url')}`;
    },
    echanger(recu) {
      if (code === undefined || !memesOctets(code, Buffer.from(recu, 'base64url'))) return undefined;
      code = undefined;
      const session: Session = {
        id: 'local',
        nom: 'Conseiller de démonstration',
        operateurs: 'tous',
        regions: 'toutes',
        fin: horloge() + DUREE_S * 1000,
      };
      const charge = Buffer.from(JSON.stringify(session)).toString('base64url');
      return ecrireTemoin(NOM, `${charge}.${signer(cles, charge)}`, {
        dureeS: DUREE_S,
        securise: options.securise,
        memeSite: 'Strict',
      });
    },
  };
}

/** The one place that says whether someone may see a handover. */
export const peutVoir = (
  session: Session,
  t: { readonly operateur: string; readonly region?: string | undefined },
): boolean =>
  (session.operateurs === 'tous' || session.operateurs.includes(t.operateur)) &&
  (session.regions === 'toutes' || (t.region !== undefined && session.regions.includes(t.region)));
