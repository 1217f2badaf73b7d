import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** One key: `id` goes in what it signs (rotation), `octets` is 32 bytes. */
export type Cle = { readonly id: string; readonly octets: Buffer };
/** Several keys are accepted, the first one signs. */
export type TrousseauDeCles = readonly [Cle, ...Cle[]];
export type Cles = {
  /** The keys of one use (« directline », « console », « liens »…): derived, so that a signature of one use is worth nothing in another. */
  pour(usage: string): TrousseauDeCles;
};

const schema = z.strictObject({
  version: z.literal(1),
  cles: z.array(z.strictObject({ id: z.string().regex(/^[\w-]{1,32}$/), secret: z.string().min(43) })).min(1),
});

/**
 * The keys of this installation, made at first start and kept in `<dossier>/cles.json` (0600), so that a restart loses no session.
 * To rotate, put a new key first in the file and drop the old one after the longest session; `secrets` (configuration) replaces the file.
 * @throws {Error} unreadable file: it is not replaced, that would silently end every session.
 */
export function ouvrirCles(dossier: string, secrets?: readonly string[]): Cles {
  const maitresses =
    secrets === undefined || secrets.length === 0
      ? lireOuCreer(dossier)
      : secrets.map((s) => ({ id: empreinteDe(s), secret: Buffer.from(s) }));
  const derivees = new Map<string, TrousseauDeCles>();
  return {
    pour(usage) {
      const deja = derivees.get(usage);
      if (deja !== undefined) return deja;
      const [premiere, ...autres] = maitresses.map((m): Cle => ({
        id: m.id,
        octets: Buffer.from(hkdfSync('sha256', m.secret, 'cep', usage, 32)),
      }));
      if (premiere === undefined) throw new Error('Aucune clé.');
      const trousseau: TrousseauDeCles = [premiere, ...autres];
      derivees.set(usage, trousseau);
      return trousseau;
    },
  };
}

/** A name for a configured secret that says nothing of it. */
const empreinteDe = (secret: string): string =>
  createHmac('sha256', 'nom-de-cle').update(secret).digest('base64url').slice(0, 8);

function lireOuCreer(dossier: string): { id: string; secret: Buffer }[] {
  mkdirSync(dossier, { recursive: true, mode: 0o700 });
  const chemin = join(dossier, 'cles.json');
  let texte: string;
  try {
    texte = readFileSync(chemin, 'utf8');
  } catch (erreur) {
    if (!(erreur instanceof Error && 'code' in erreur && erreur.code === 'ENOENT')) throw erreur;
    texte = creer(chemin);
  }
  chmodSync(chemin, 0o600);
  try {
    return schema
      .parse(JSON.parse(texte))
      .cles.map((c) => ({ id: c.id, secret: Buffer.from(c.secret, 'base64url') }));
  } catch (cause) {
    throw new Error(
      `${chemin} : fichier de clés illisible. Restaurez-le, ou supprimez-le pour en créer un (les sessions en cours seront perdues).`,
      { cause },
    );
  }
}

/** Written whole, synced, then linked to its name: never half a file, and two starting processes agree on one. */
function creer(chemin: string): string {
  const texte = JSON.stringify({
    version: 1,
    cles: [{ id: randomBytes(4).toString('hex'), secret: randomBytes(32).toString('base64url') }],
  });
  const provisoire = `${chemin}.${randomBytes(6).toString('hex')}`;
  const fd = openSync(provisoire, 'wx', 0o600);
  writeSync(fd, texte);
  fsyncSync(fd);
  closeSync(fd);
  try {
    linkSync(provisoire, chemin);
  } catch {
    // Another process made it first: its file is the one.
  }
  rmSync(provisoire, { force: true });
  return readFileSync(chemin, 'utf8');
}

/** Signs `texte` with the first key: `<key id>.<base64url HMAC-SHA-256>`. */
export const signer = (cles: TrousseauDeCles, texte: string): string =>
  `${cles[0].id}.${mac(cles[0], texte).toString('base64url')}`;

/** True when `signature` (of `signer`) is one of ours for `texte`. Constant time. */
export function estSigne(cles: TrousseauDeCles, texte: string, signature: string): boolean {
  const point = signature.indexOf('.');
  const cle = cles.find((c) => c.id === signature.slice(0, point));
  if (cle === undefined) return false;
  return memesOctets(mac(cle, texte), Buffer.from(signature.slice(point + 1), 'base64url'));
}

export const mac = (cle: Cle, texte: string): Buffer =>
  createHmac('sha256', cle.octets).update(texte).digest();

/** Constant-time equality. */
export const memesOctets = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
