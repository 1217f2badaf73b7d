import type { IncomingMessage } from 'node:http';
import { ErreurHttp } from './erreur-http.ts';

const JSON_TYPE = 'application/json';
const FORMULAIRE = 'application/x-www-form-urlencoded';

export type TypeCorps = typeof JSON_TYPE | typeof FORMULAIRE;
export type OptionsCorps = {
  /** Bytes; 16 KiB by default. */
  readonly max?: number;
  readonly types?: readonly TypeCorps[];
  /** An absent body is `{}` instead of a refusal (stock clients refresh with no body and no Content-Type). */
  readonly vide?: boolean;
  /** Time to receive the whole body, milliseconds. */
  readonly delaiMs?: number;
};

export type Corps = Readonly<Record<string, unknown>>;

/**
 * Reads a request body: the only way a body enters the process. restify's own readers are not used: an invalid gzip body kills the
 * process, and any multipart post is written to the temporary folder whatever the limit (restify #1785, #956).
 * A form gives strings (the last of a repeated name wins); JSON must be an object.
 * @throws {ErreurHttp} 415 (type or any Content-Encoding), 413 (connection then closed), 408 (too slow), 400 (not UTF-8, not JSON, not an object)
 */
export async function lireCorps(req: IncomingMessage, options: OptionsCorps = {}): Promise<Corps> {
  const { max = 16_384, types = [JSON_TYPE], vide = false, delaiMs = 10_000 } = options;
  if (req.headers['content-encoding'] !== undefined)
    throw new ErreurHttp(415, 'BadArgument', 'Content-Encoding is not accepted.', FERMER);
  const type = typeDe(req);
  const sansCorps =
    req.headers['transfer-encoding'] === undefined && (req.headers['content-length'] ?? '0') === '0';
  if (sansCorps && vide) return {};
  if (type === undefined ? !vide : !types.some((t) => t === type))
    throw new ErreurHttp(415, 'BadArgument', `Content-Type must be ${types.join(' or ')}.`, FERMER);
  if (Number(req.headers['content-length'] ?? 0) > max) throw tropGros(max);

  const texte = decoder(await recevoir(req, max, delaiMs));
  if (texte === '' && vide) return {};
  return type === FORMULAIRE ? Object.fromEntries(new URLSearchParams(texte)) : lireObjet(texte);
}

/** The connection is closed after the answer: the rest of the body is not worth receiving. */
const FERMER = { Connection: 'close' };
const tropGros = (max: number): ErreurHttp =>
  new ErreurHttp(413, 'TooLarge', `The body must not exceed ${max} bytes.`, FERMER);

const typeDe = (req: IncomingMessage): string | undefined =>
  req.headers['content-type']?.split(';')[0]?.trim().toLowerCase();

function recevoir(req: IncomingMessage, max: number, delaiMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const morceaux: Buffer[] = [];
    let recu = 0;
    const finir = (erreur?: ErreurHttp): void => {
      clearTimeout(minuterie);
      req.off('data', surMorceau).off('end', surFin).off('error', surCoupure).off('close', surCoupure);
      if (erreur === undefined) return resolve(Buffer.concat(morceaux));
      // Errors after this point belong to a request nobody reads any more.
      req.on('error', () => undefined);
      req.pause();
      reject(erreur);
    };
    const surMorceau = (morceau: Buffer): void => {
      recu += morceau.length;
      if (recu > max) finir(tropGros(max));
      else morceaux.push(morceau);
    };
    const surFin = (): void => finir();
    const surCoupure = (): void => finir(new ErreurHttp(400, 'BadArgument', 'The request was cut short.'));
    const minuterie = setTimeout(
      () => finir(new ErreurHttp(408, 'BadArgument', 'The body took too long to arrive.', FERMER)),
      delaiMs,
    );
    req.on('data', surMorceau).on('end', surFin).on('error', surCoupure).on('close', surCoupure);
  });
}

function decoder(octets: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(octets);
  } catch {
    throw new ErreurHttp(400, 'BadArgument', 'The body is not valid UTF-8.');
  }
}

function lireObjet(texte: string): Corps {
  let lu: unknown;
  try {
    lu = JSON.parse(texte);
  } catch {
    throw new ErreurHttp(400, 'BadArgument', 'The body is not valid JSON.');
  }
  if (typeof lu !== 'object' || lu === null || Array.isArray(lu))
    throw new ErreurHttp(400, 'BadArgument', 'The body must be a JSON object.');
  return { ...lu };
}
