import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import pino from 'pino';
import restify, { type Server } from 'restify';
import type { Horloge, Journaliseur } from '../ports.ts';
import { adresseClient, type ProxyDeConfiance } from './adresse.ts';
import { poserEntetes } from './entetes.ts';
import { ErreurHttp } from './erreur-http.ts';
import { repondreJson, repondreVide } from './repondre.ts';

declare module 'restify' {
  // Missing from the published types: runs before anything else, routing included.
  interface Server {
    first(...gardes: ((req: IncomingMessage, res: ServerResponse) => boolean)[]): void;
  }
}

export type OptionsServeur = {
  /** Values of `Host` we answer to (`exemple.fr`, `localhost:3978`); empty: any well-formed one. Health probes may use any. */
  readonly hotes: readonly string[];
  /** The public address is https: HSTS is sent. */
  readonly https: boolean;
  readonly journaliseur: Journaliseur;
  readonly horloge: Horloge;
  readonly proxy?: ProxyDeConfiance;
  /** Open TCP connections in all, and per address when no proxy stands in front; 0 = off. */
  readonly connexions?: { readonly total: number; readonly parAdresse: number };
  /** Milliseconds to receive a whole request; 20 s by default. */
  readonly delaiRequeteMs?: number;
};

/** Answers an upgrade; the path has already been matched, `Host` and target checked. */
export type SurUpgrade = (req: IncomingMessage, socket: Duplex, tete: Buffer) => void;

export type Serveur = {
  /** Where routes are added. Handlers are `async (req, res)` and throw `ErreurHttp`. A GET route also answers HEAD. */
  readonly restify: Server;
  ecouter(port: number, hote: string): Promise<{ readonly port: number }>;
  /** Upgrades whose path matches go to `traiter`; any other upgrade is refused. */
  surUpgrade(chemin: RegExp, traiter: SurUpgrade): void;
  adresse(req: IncomingMessage): string;
  /** Stops listening, lets the requests in hand finish for `delaiMs`, then cuts. */
  fermer(delaiMs?: number): Promise<void>;
};

/**
 * The HTTP server with every guard the framework lacks (directline.md § 9). Nothing a client sends may end the process:
 * restify 12 builds a URL from `Host` and dies of an invalid one, so both are checked before it sees the request.
 */
export function creerServeur(options: OptionsServeur): Serveur {
  const reglages: restify.ServerOptions = { name: '' };
  // Silent: our own log says what matters, without query strings. The published types know another pino than the installed one.
  Reflect.set(reglages, 'log', pino({ enabled: false }));
  const serveur = restify.createServer(reglages);
  const hotes = new Set(options.hotes.map((h) => h.toLowerCase()));

  serveur.first((req, res) => {
    // Node already sends no body for a HEAD: routing it as the GET it stands for gives every page its HEAD.
    if (req.method === 'HEAD') req.method = 'GET';
    poserEntetes(res, options);
    const refus = refuserRequete(req, hotes);
    if (refus === undefined) return true;
    ecrireErreur(req, res, refus);
    return false;
  });
  serveur.on('restifyError', (req: IncomingMessage, res: ServerResponse, erreur: unknown) => {
    // The callback restify passes is not called: it would answer a second time with the error's own message.
    ecrireErreur(req, res, traduire(erreur, req, options.journaliseur));
  });
  regler(serveur, options);
  const upgrades = garderUpgrades(serveur, hotes);

  return {
    restify: serveur,
    surUpgrade: (chemin, traiter) => void upgrades.push({ chemin, traiter }),
    adresse: (req) => adresseClient(req, options.proxy),
    ecouter: (port, hote) =>
      new Promise((resolve, reject) => {
        // restify forwards its HTTP server's errors to itself: unheard there, a busy port would end the process.
        serveur.once('error', reject);
        serveur.listen(port, hote, () => {
          serveur.off('error', reject);
          const adresse = serveur.server.address();
          resolve({ port: typeof adresse === 'object' && adresse !== null ? adresse.port : port });
        });
      }),
    fermer: (delaiMs = 5_000) =>
      new Promise((resolve) => {
        const minuterie = setTimeout(() => serveur.server.closeAllConnections(), delaiMs);
        serveur.server.close(() => {
          clearTimeout(minuterie);
          resolve();
        });
        serveur.server.closeIdleConnections();
      }),
  };
}

const RELIQUAT_OCTETS = 1_048_576;
const RELIQUAT_MS = 1_000;
/** Health probes call by address, not by name. */
const SONDES = /^\/(healthz|readyz)$/;

/** Refuses what restify could not survive, and names we are not. Path `//x` is an authority for the URL parser. */
function refuserRequete(req: IncomingMessage, hotes: ReadonlySet<string>): ErreurHttp | undefined {
  const hote = req.headers.host ?? '';
  const url = req.url ?? '';
  if (!/^[\w.:[\]-]{1,260}$/.test(hote) || !URL.canParse(`http://${hote}`))
    return new ErreurHttp(400, 'BadArgument', 'Malformed Host header.', { Connection: 'close' });
  if (!/^\/(?![/\\])/.test(url) || url.length > 4_096 || !URL.canParse(url, `http://${hote}`))
    return new ErreurHttp(400, 'BadArgument', 'Malformed request target.', { Connection: 'close' });
  if (hotes.size > 0 && !hotes.has(hote.toLowerCase()) && !SONDES.test(url))
    return new ErreurHttp(421, 'BadArgument', 'This host is not served here.');
  return undefined;
}

/** restify's own errors (no route, wrong method) and bugs become one of ours; a bug's message stays inside. */
function traduire(erreur: unknown, req: IncomingMessage, journaliseur: Journaliseur): ErreurHttp {
  if (erreur instanceof ErreurHttp) return erreur;
  const statut = erreur instanceof Error && 'statusCode' in erreur ? Number(erreur.statusCode) : 500;
  if (statut === 405) return new ErreurHttp(405, 'MethodNotAllowed', 'Method not allowed here.');
  if (statut === 404) return new ErreurHttp(404, 'NotFound', 'Nothing at this address.');
  if (statut >= 400 && statut < 500) return new ErreurHttp(statut, 'BadArgument', 'Bad request.');
  journaliseur.erreur('http-erreur', erreur, { methode: req.method ?? '' });
  return new ErreurHttp(500, 'ServiceError', 'Unexpected error.');
}

/** `{code, message}`, or the protocol's `{error:{…}}` under `/v3/directline`. */
export function ecrireErreur(req: IncomingMessage, res: ServerResponse, erreur: ErreurHttp): void {
  // OPTIONS on a route that has no handler for it: restify has already set `Allow`, the answer it deserves is empty.
  if (req.method === 'OPTIONS' && erreur.statut === 405) return repondreVide(res);
  const { statut, entetes, code, message } = erreur;
  const corps = { code, message };
  const ecrire = (): void =>
    repondreJson(res, (req.url ?? '').startsWith('/v3/directline') ? { error: corps } : corps, {
      statut,
      entetes,
    });
  if (entetes['Connection'] === 'close' && statut !== 408 && !req.complete) laisserFinir(req, ecrire);
  else ecrire();
}

/**
 * Lets a body nobody will read come to its end, or to a bound, before the connection is closed: closed with bytes unread, it is reset, and
 * the client loses the answer that says why it was refused (RFC 9112 § 9.6).
 */
function laisserFinir(req: IncomingMessage, ensuite: () => void): void {
  let reste = RELIQUAT_OCTETS;
  const finir = (): void => {
    clearTimeout(minuterie);
    req.off('data', compter).off('end', finir).off('close', finir);
    ensuite();
  };
  const compter = (morceau: Buffer): void => {
    reste -= morceau.length;
    if (reste < 0) finir();
  };
  const minuterie = setTimeout(finir, RELIQUAT_MS);
  req.on('error', () => undefined);
  req.on('data', compter).on('end', finir).on('close', finir);
  req.resume();
}

/** Bounds on time and number of connections: slow bodies and floods end here. */
function regler(serveur: Server, options: OptionsServeur): void {
  const http = serveur.server;
  http.requestTimeout = options.delaiRequeteMs ?? 20_000;
  http.headersTimeout = Math.min(10_000, http.requestTimeout);
  http.keepAliveTimeout = 65_000;
  http.maxHeadersCount = 100;
  // Node looks for late requests every 30 s unless told; only the constructor documents it, restify does not pass it on.
  Reflect.set(http, 'connectionsCheckingInterval', 2_000);
  const { total = 0, parAdresse = 0 } = options.connexions ?? {};
  if (total > 0) http.maxConnections = total;
  if (parAdresse <= 0 || options.proxy !== undefined) return;
  const ouvertes = new Map<string, number>();
  http.on('connection', (socket: Socket) => {
    const adresse = socket.remoteAddress ?? '';
    const nombre = (ouvertes.get(adresse) ?? 0) + 1;
    ouvertes.set(adresse, nombre);
    socket.once('close', () => {
      const reste = (ouvertes.get(adresse) ?? 1) - 1;
      if (reste > 0) ouvertes.set(adresse, reste);
      else ouvertes.delete(adresse);
    });
    if (nombre > parAdresse) socket.destroy();
  });
}

type Upgrade = { readonly chemin: RegExp; readonly traiter: SurUpgrade };

function garderUpgrades(serveur: Server, hotes: ReadonlySet<string>): Upgrade[] {
  const upgrades: Upgrade[] = [];
  serveur.server.on('upgrade', (req: IncomingMessage, socket: Duplex, tete: Buffer) => {
    socket.on('error', () => socket.destroy());
    const refus = refuserRequete(req, hotes);
    if (refus !== undefined) return refuserUpgrade(socket, refus.statut);
    const chemin = (req.url ?? '').split('?')[0] ?? '';
    const trouve = upgrades.find((u) => u.chemin.test(chemin));
    if (trouve === undefined) refuserUpgrade(socket, 404);
    else trouve.traiter(req, socket, tete);
  });
  return upgrades;
}

const RAISONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  421: 'Misdirected Request',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
};

/**
 * Refuses an upgrade by hand: no response object exists at that point. The connection is nobody's any more: the HTTP server has let it go, with
 * its time limits. A client that reads the refusal and does not hang up would keep it for ever, and a stop would wait for it.
 */
export function refuserUpgrade(socket: Duplex, statut: number): void {
  socket.end(
    `HTTP/1.1 ${statut} ${RAISONS[statut] ?? 'Refused'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
  // Read to its end, so that the refusal is not lost in a reset (RFC 9112 § 9.6).
  socket.resume();
  const minuterie = setTimeout(() => socket.destroy(), RELIQUAT_MS);
  socket.once('close', () => clearTimeout(minuterie));
}
