import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { mac, memesOctets, type TrousseauDeCles } from '../../http/index.ts';
import { refuse, reussi, type Resultat } from '../../../knowledge/vocabulaire/index.ts';

/** Life of a token (C16: clients refresh every 15 min) and of a stream ticket, in seconds; a session's refreshes end after twelve hours. */
export const DUREE_JETON_S = 3_600;
const DUREE_TICKET_S = 60;
const DUREE_SESSION_S = 12 * 3_600;

const schema = z.object({
  typ: z.enum(['dl', 'dl-stream']),
  conv: z.string().regex(/^[\da-f]{32}$/),
  user: z.string().startsWith('dl_'),
  org: z.string(),
  iat: z.number(),
  exp: z.number(),
  sid: z.number(),
  aud: z.literal('cep-directline'),
  /** Hash of the resume secret, until the conversation exists and keeps it. */
  res: z.string().optional(),
});
/** What a token says. `org`: the origin it was made for; `sid`: first issue, seconds. */
export type Jeton = z.output<typeof schema>;
export type RefusJeton = { readonly code: 'illisible' | 'perime' };

const enB64 = (v: unknown): string => Buffer.from(JSON.stringify(v)).toString('base64url');

/** Compact JWT, HS256 (C18: stock clients decode it and read `user`). */
function ecrire(cles: TrousseauDeCles, contenu: Jeton): string {
  const corps = `${enB64({ alg: 'HS256', typ: 'JWT', kid: cles[0].id })}.${enB64(contenu)}`;
  return `${corps}.${mac(cles[0], corps).toString('base64url')}`;
}

const enTete = z.object({ alg: z.literal('HS256'), kid: z.string() });

/** The content of a token signed by one of our keys. `alg` chooses nothing: any other value is refused. */
function lireSigne(cles: TrousseauDeCles, brut: string): unknown {
  const [tete = '', charge = '', signature = '', ...reste] = brut.length > 2_000 ? [] : brut.split('.');
  const lue = enTete.safeParse(deB64(tete));
  const cle = lue.success ? cles.find((c) => c.id === lue.data.kid) : undefined;
  if (cle === undefined || reste.length > 0) return undefined;
  const attendue = mac(cle, `${tete}.${charge}`);
  return memesOctets(attendue, Buffer.from(signature, 'base64url')) ? deB64(charge) : undefined;
}

function deB64(morceau: string): unknown {
  try {
    return JSON.parse(Buffer.from(morceau, 'base64url').toString('utf8'));
  } catch {
    // Not ours: the caller refuses what it cannot read.
    return undefined;
  }
}

/** What lasts from one token of a conversation to the next. */
export type Base = {
  readonly conv: string;
  readonly user: string;
  readonly org: string;
  readonly sid?: number;
  readonly res?: string | undefined;
};

/** A token, one hour. Only what `Base` names is carried over: dates are always new. */
export function nouveauJeton(
  cles: TrousseauDeCles,
  { conv, user, org, sid, res }: Base,
  maintenantMs: number,
): string {
  const iat = Math.floor(maintenantMs / 1000);
  const commun = { aud: 'cep-directline', conv, user, org, iat, sid: sid ?? iat } as const;
  return ecrire(cles, {
    ...commun,
    typ: 'dl',
    exp: iat + DUREE_JETON_S,
    ...(res === undefined ? {} : { res }),
  });
}

/** The right to open one socket: signed, one minute, one conversation, one origin. A ticket is not a token, nor a token a ticket. */
export function nouveauTicket(
  cles: TrousseauDeCles,
  { conv, user, org, sid }: Base,
  maintenantMs: number,
): string {
  const iat = Math.floor(maintenantMs / 1000);
  const commun = { aud: 'cep-directline', conv, user, org, iat, sid: sid ?? iat } as const;
  return ecrire(cles, { ...commun, typ: 'dl-stream', exp: iat + DUREE_TICKET_S });
}

/** Reads a token of ours of the expected kind. Constant-time signature check, fixed algorithm. */
export function lireJeton(
  cles: TrousseauDeCles,
  type: Jeton['typ'],
  brut: string,
  maintenantMs: number,
): Resultat<Jeton, RefusJeton> {
  const lu = schema.safeParse(lireSigne(cles, brut));
  if (!lu.success || lu.data.typ !== type) return refuse({ code: 'illisible' });
  return lu.data.exp * 1000 <= maintenantMs ? refuse({ code: 'perime' }) : reussi(lu.data);
}

export const sessionFinie = (jeton: Jeton, maintenantMs: number): boolean =>
  maintenantMs / 1000 - jeton.sid > DUREE_SESSION_S;

export const nouvelIdentifiant = (): string => randomBytes(16).toString('hex');
export const nouveauSecret = (): string => randomBytes(32).toString('base64url');
export const empreinte = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
export const memeEmpreinte = (a: string, b: string): boolean => memesOctets(Buffer.from(a), Buffer.from(b));
