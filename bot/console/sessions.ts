import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import {
  ecrireTemoin,
  ErreurHttp,
  estSigne,
  jetonDe,
  lireTemoin,
  memesOctets,
  signer,
  type TrousseauDeCles,
} from '../http/index.ts';
import { schemaSession, type Session } from './droits.ts';
import type { Depart, Identite } from './openid.ts';

const DUREE_S = 8 * 3_600;
const DEPART_S = 600;
const PORTEUR_S = 3_600;

const schemaDepart = z.strictObject({
  etat: z.string(),
  nonce: z.string(),
  verificateur: z.string(),
  demande: z.string().optional(),
  fin: z.number(),
});

export type Sessions = {
  /** The signed-in person. @throws {ErreurHttp} 401 */
  exiger(req: IncomingMessage): Session;
  /** A request that changes something: signed in, and sent by our own page. @throws {ErreurHttp} 401, 403 */
  exigerEcriture(req: IncomingMessage): Session;
  /**
   * A session for a page in somebody else's frame (the Teams tab), where browsers keep cookies out: a word the page holds in memory and sends as `Authorization: Bearer`,
   * one hour. No browser adds it by itself, so no other site can use it.
   */
  ouvrirPorteur(identite: Identite): { readonly jeton: string; readonly fin: number };
  /** The cookie of a new session, eight hours. */
  ouvrir(identite: Identite): string;
  /** Ends a session for good, on every machine that copied its cookie; gives the cookie that erases it. */
  fermer(session: Session): string;
  /** Cookie of a sign-in under way. `Lax`: it must come back with the redirection of the provider. */
  ecrireDepart(depart: Depart): string;
  /** Reads the sign-in under way, once: the same cookie sent again opens nothing. */
  lireDepart(req: IncomingMessage): Depart | undefined;
  /** Cookie that erases the sign-in under way. */
  effacerDepart(): string;
  /** Path of the one-time sign-in link (local mode only). */
  lienLocal(): string;
  /** Exchanges the code of the link for a cookie, once; `undefined` when it is spent or wrong. */
  echanger(code: string): string | undefined;
};

/** Sessions in a signed cookie. Those ended by a sign-out are remembered until they would have ended, across restarts. */
export function creerSessions(options: {
  readonly cles: TrousseauDeCles;
  readonly horloge: () => number;
  readonly securise: boolean;
  readonly dossier: string;
}): Sessions {
  const { cles, horloge, securise } = options;
  // « __Host- »: no other host of the same domain can plant one. Browsers accept the prefix over https only.
  const nomSession = securise ? '__Host-console' : 'console';
  const nomDepart = securise ? '__Host-connexion' : 'connexion';
  const fermees = ouvrirFermees(options.dossier, horloge());
  const departsUses = new Map<string, number>();
  let code: Buffer | undefined;

  const sceller = (usage: string, valeur: object): string => {
    const charge = Buffer.from(JSON.stringify(valeur)).toString('base64url');
    return `${charge}.${signer(cles, `${usage} ${charge}`)}`;
  };
  function desceller(usage: string, brut: string): unknown {
    const point = brut.indexOf('.');
    const charge = brut.slice(0, Math.max(0, point));
    if (!estSigne(cles, `${usage} ${charge}`, brut.slice(point + 1))) return undefined;
    try {
      return JSON.parse(Buffer.from(charge, 'base64url').toString('utf8'));
    } catch {
      return undefined;
    }
  }

  function exiger(req: IncomingMessage): Session {
    const porteur = jetonDe(req.headers.authorization);
    const lu = schemaSession.safeParse(
      porteur === ''
        ? desceller('session', lireTemoin(req, nomSession) ?? '')
        : desceller('porteur', porteur),
    );
    if (!lu.success || lu.data.fin <= horloge() || fermees.a(lu.data.jeton))
      throw new ErreurHttp(401, 'Unauthorized', 'Sign in first.');
    return lu.data;
  }

  const nouvelle = (identite: Identite, dureeS: number): Session => ({
    ...identite,
    jeton: randomBytes(16).toString('base64url'),
    fin: horloge() + dureeS * 1000,
  });
  const ouvrir = (identite: Identite): string =>
    ecrireTemoin(nomSession, sceller('session', nouvelle(identite, DUREE_S)), {
      dureeS: DUREE_S,
      securise,
      memeSite: 'Strict',
    });

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
    ouvrir,
    ouvrirPorteur(identite) {
      const session = nouvelle(identite, PORTEUR_S);
      return { jeton: sceller('porteur', session), fin: session.fin };
    },
    fermer(session) {
      fermees.ajouter(session.jeton, session.fin);
      return ecrireTemoin(nomSession, '', { dureeS: 0, securise, memeSite: 'Strict' });
    },
    ecrireDepart: (depart) =>
      ecrireTemoin(nomDepart, sceller('depart', { ...depart, fin: horloge() + DEPART_S * 1000 }), {
        dureeS: DEPART_S,
        securise,
        memeSite: 'Lax',
      }),
    lireDepart(req) {
      const lu = schemaDepart.safeParse(desceller('depart', lireTemoin(req, nomDepart) ?? ''));
      if (!lu.success || lu.data.fin <= horloge() || departsUses.has(lu.data.etat)) return undefined;
      for (const [etat, fin] of departsUses) if (fin <= horloge()) departsUses.delete(etat);
      const { fin, ...depart } = lu.data;
      departsUses.set(depart.etat, fin);
      return depart;
    },
    effacerDepart: () => ecrireTemoin(nomDepart, '', { dureeS: 0, securise, memeSite: 'Lax' }),
    lienLocal() {
      code = randomBytes(24);
      return `/console/connexion?code=${code.toString('base64url')}`;
    },
    echanger(recu) {
      if (code === undefined || !memesOctets(code, Buffer.from(recu, 'base64url'))) return undefined;
      code = undefined;
      return ouvrir({
        id: 'local',
        nom: 'Conseiller de démonstration',
        roles: ['conseiller'],
        operateurs: 'tous',
        regions: 'toutes',
      });
    },
  };
}

/** Sessions ended before their time: one line each in `<dossier>/sessions-closes`, those that would have ended anyway dropped at start. */
function ouvrirFermees(
  dossier: string,
  maintenant: number,
): { a(jeton: string): boolean; ajouter(jeton: string, fin: number): void } {
  const chemin = join(dossier, 'sessions-closes');
  mkdirSync(dossier, { recursive: true, mode: 0o700 });
  // Opened for appending first: an absent file is an empty one.
  appendFileSync(chemin, '', { mode: 0o600 });
  const lignes = readFileSync(chemin, 'utf8')
    .split('\n')
    .filter((l) => Number(l.split(' ')[1] ?? 0) > maintenant);
  writeFileSync(chemin, lignes.map((l) => `${l}\n`).join(''), { mode: 0o600 });
  const jetons = new Set(lignes.map((l) => l.split(' ')[0]));
  return {
    a: (jeton) => jetons.has(jeton),
    ajouter(jeton, fin) {
      jetons.add(jeton);
      appendFileSync(chemin, `${jeton} ${fin}\n`);
    },
  };
}
