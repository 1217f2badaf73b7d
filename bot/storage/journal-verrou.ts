import { randomBytes } from 'node:crypto';
import { linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join, relative } from 'node:path';

/** Another process already works in this data folder. */
export class DossierDejaOuvert extends Error {
  override readonly name = 'DossierDejaOuvert';
}

/** Several starters may find the same dead socket: the name must still be ours after the time another needs to take it away. */
const STABLE_MS = 60;

export type Verrou = { rendre(): Promise<void> };

/**
 * Exclusive lock of a data folder: a socket bound in it, which answers while its process lives and stops answering when it dies, SIGKILL included
 * (a pid file would outlive it). The socket is bound under a name of its own, then linked to the shared name, so that taking it is atomic.
 * @throws {DossierDejaOuvert}
 */
export async function verrouiller(dossier: string): Promise<Verrou> {
  const nom = cheminCourt(join(dossier, 'verrou.sock'));
  const propre = cheminCourt(join(dossier, `.v-${randomBytes(3).toString('hex')}`));
  const serveur = await lier(propre);
  try {
    for (let essai = 0; essai < 5; essai += 1) {
      if (lierNom(propre, nom)) {
        await new Promise((r) => setTimeout(r, STABLE_MS));
        if (estLeNotre(nom, propre)) return { rendre: () => rendre(serveur, nom, propre) };
        break;
      }
      if (await repond(nom)) break;
      await ecarter(nom, `${propre}p`);
    }
  } catch (erreur) {
    await rendre(serveur, undefined, propre);
    throw erreur;
  }
  await rendre(serveur, undefined, propre);
  throw new DossierDejaOuvert(
    `Le dossier ${dossier} est déjà utilisé par un autre processus. Arrêtez-le, ou choisissez un autre DATA_DIR.`,
  );
}

/** A socket's path holds about 100 characters: a deep folder is named from where we are when that is shorter. */
function cheminCourt(chemin: string): string {
  const court = relative(process.cwd(), chemin);
  return court.length < chemin.length ? court : chemin;
}

function lier(chemin: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const serveur = createServer((socket) => socket.end());
    serveur.once('error', reject);
    serveur.listen(chemin, () => {
      serveur.unref();
      resolve(serveur);
    });
  });
}

function lierNom(propre: string, nom: string): boolean {
  try {
    linkSync(propre, nom);
    return true;
  } catch (erreur) {
    if (erreur instanceof Error && 'code' in erreur && erreur.code === 'EEXIST') return false;
    throw erreur;
  }
}

function repond(chemin: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(chemin);
    const dire = (vivant: boolean): void => {
      socket.destroy();
      resolve(vivant);
    };
    socket.once('connect', () => dire(true));
    socket.once('error', () => dire(false));
    socket.setTimeout(2_000, () => dire(true));
  });
}

/** Takes a dead socket out of the way. If another starter had just replaced it by a living one, that one gets its name back. */
async function ecarter(nom: string, ailleurs: string): Promise<void> {
  try {
    renameSync(nom, ailleurs);
  } catch {
    // Someone else moved it first: try again.
    return;
  }
  if (await repond(ailleurs)) lierNom(ailleurs, nom);
  rmSync(ailleurs, { force: true });
}

function rendre(serveur: Server, nom: string | undefined, propre: string): Promise<void> {
  if (nom !== undefined && estLeNotre(nom, propre)) rmSync(nom, { force: true });
  rmSync(propre, { force: true });
  return new Promise((resolve) => serveur.close(() => resolve()));
}

function estLeNotre(nom: string, propre: string): boolean {
  try {
    return statSync(nom).ino === statSync(propre).ino;
  } catch {
    // Gone: nothing to give back.
    return false;
  }
}
