import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Journal } from './journal.ts';
import {
  ecrireAtomique,
  ecrireDurable,
  OUVRIR_AJOUT,
  OUVRIR_EXISTANT,
  siAbsent,
  synchroniserDossier,
} from './journal-fichiers.ts';
import { creerMoteur, type OptionsMoteur, type Support } from './journal-moteur.ts';
import { ouvrirReferences } from './journal-references.ts';
import { verrouiller } from './journal-verrou.ts';

const NOM = /^[a-z0-9-]{8,80}$/;
const MAX_DESCRIPTEURS = 256;
/** Names in the index of conversations that may be unfinished before it is rewritten with those that are. */
const MAX_INDEX = 500;
/** How long the mark of an erased conversation stays: longer than any token that could name it. */
const DUREE_EFFACE_MS = 2 * 86_400_000;

/**
 * Logs on disk: `<dossier>/conversations/<2 characters>/<id>.jsonl`, one file per conversation, mode 0600, append only, for ONE process.
 * @throws {DossierDejaOuvert}
 */
export async function ouvrirJournalDisque(
  options: OptionsMoteur & { readonly dossier: string },
): Promise<Journal> {
  mkdirSync(options.dossier, { recursive: true, mode: 0o700 });
  const verrou = await verrouiller(options.dossier);
  try {
    const support = ouvrirSupport(join(options.dossier, 'conversations'));
    const journal = creerMoteur(support, options);
    return {
      ...journal,
      fermer: async () => {
        await journal.fermer();
        await verrou.rendre();
      },
    };
  } catch (erreur) {
    await verrou.rendre();
    throw erreur;
  }
}

function ouvrirSupport(racine: string): Support {
  const neuf = !existsSync(racine);
  // Restored from a backup (see `lireEpoque`): the index may be of another day than the logs, and is built again from them.
  if (!neuf && !existsSync(join(racine, 'epoque')))
    rmSync(join(racine, 'references'), { recursive: true, force: true });
  preparer(racine);
  const descripteurs = creerDescripteurs();
  const index = creerIndex(join(racine, 'en-cours'));
  const chemin = (id: string): string => {
    // The id becomes a file name: anything but our own alphabet stops here.
    if (!NOM.test(id)) throw new Error('Identifiant de conversation refusé.');
    return join(racine, id.slice(0, 2).replaceAll('-', '0'), `${id}.jsonl`);
  };
  const references = ouvrirReferences(join(racine, 'references'), {
    neuf,
    async *logs() {
      for await (const { conversation } of lister(racine)) yield chemin(conversation);
    },
  });

  return {
    epoque: lireEpoque(join(racine, 'epoque')),
    lire: async (id) => {
      const fichier = chemin(id);
      const octets = await readFile(fichier).catch(siAbsent);
      if (octets === undefined) return undefined;
      const fin = octets.lastIndexOf(0x0a) + 1;
      // A torn last line would glue itself to the next append.
      if (fin < octets.length && fin > 0) await truncate(fichier, fin);
      return octets.subarray(0, fin).toString('utf8');
    },
    ajouter: async (id, texte, premier) => {
      const fichier = chemin(id);
      await descripteurs.ecrire(id, fichier, Buffer.from(texte), premier);
      if (premier) await synchroniserDossier(dirname(fichier));
    },
    remplacer: async (id, texte) => {
      const fichier = chemin(id);
      descripteurs.fermer(id);
      await ecrireAtomique(fichier, texte);
    },
    retirer: async (id) => {
      const fichier = chemin(id);
      descripteurs.fermer(id);
      await rm(fichier, { force: true });
      await synchroniserDossier(dirname(fichier));
    },
    marquer: index.marquer,
    marques: index.lire,
    resserrer: index.resserrer,
    references,
    oublier: descripteurs.fermer,
    lister: () => lister(racine),
    fermer: async () => {
      descripteurs.fermerTout();
      await index.fermer();
    },
  };
}

/** All folders are made once, so that a new conversation only has one folder to sync. */
function preparer(racine: string): void {
  mkdirSync(racine, { recursive: true, mode: 0o700 });
  for (let i = 0; i < 256; i += 1)
    mkdirSync(join(racine, i.toString(16).padStart(2, '0')), { recursive: true, mode: 0o700 });
  const fd = openSync(racine, 'r');
  fsyncSync(fd);
  closeSync(fd);
}

/** Left out of backups: a restored folder makes a new one, and every client reads again from the beginning. */
function lireEpoque(fichier: string): string {
  try {
    const lue = readFileSync(fichier, 'utf8').trim();
    if (/^[a-z0-9]{4,16}$/.test(lue)) return lue;
  } catch (erreur) {
    siAbsent(erreur);
  }
  const nouvelle = randomBytes(4).toString('hex');
  const fd = openSync(fichier, 'w', 0o600);
  writeSync(fd, nouvelle);
  fsyncSync(fd);
  closeSync(fd);
  return nouvelle;
}

type Descripteur = { readonly fd: number; usages: number; aFermer: boolean };

/** Open files, the least recently used closed first. Opening is done in place: it takes microseconds, a thread pool trip takes more. */
function creerDescripteurs() {
  const ouverts = new Map<string, Descripteur>();

  function fermer(id: string): void {
    const d = ouverts.get(id);
    if (d === undefined) return;
    ouverts.delete(id);
    if (d.usages > 0) d.aFermer = true;
    else closeSync(d.fd);
  }

  function prendre(id: string, fichier: string, premier: boolean): Descripteur {
    if (premier) fermer(id);
    const deja = ouverts.get(id);
    const drapeaux = premier ? OUVRIR_AJOUT | constants.O_TRUNC : OUVRIR_EXISTANT;
    const d = deja ?? { fd: openSync(fichier, drapeaux, 0o600), usages: 0, aFermer: false };
    ouverts.delete(id);
    ouverts.set(id, d);
    if (ouverts.size > MAX_DESCRIPTEURS)
      for (const [ancien, { usages }] of ouverts)
        if (usages === 0 && ancien !== id) {
          fermer(ancien);
          break;
        }
    return d;
  }

  return {
    fermer,
    fermerTout: () => [...ouverts.keys()].forEach(fermer),
    async ecrire(id: string, fichier: string, octets: Buffer, premier: boolean): Promise<void> {
      const d = prendre(id, fichier, premier);
      d.usages += 1;
      try {
        await ecrireDurable(d.fd, octets);
      } finally {
        d.usages -= 1;
        if (d.aFermer && d.usages === 0) closeSync(d.fd);
      }
    },
  };
}

/**
 * The conversations that may have an unfinished turn: a superset, so that most turns write nothing here. A name is added (durably, before the
 * message is acknowledged) when it is not in the file yet; after `MAX_INDEX` names the file is rewritten with those that really wait.
 */
function creerIndex(fichier: string) {
  /** Each known name, with the write that makes it durable. */
  let connues = new Map<string, Promise<void>>();
  let fd: number | undefined;
  let suite: Promise<void> = Promise.resolve();
  let lot: { readonly noms: string[]; readonly ecrit: Promise<void> } | undefined;

  async function lire(): Promise<readonly string[]> {
    const texte = await readFile(fichier, 'utf8').catch(siAbsent);
    const noms = new Set(
      (texte ?? '')
        .split('\n')
        .slice(0, -1)
        .filter((l) => NOM.test(l)),
    );
    for (const nom of noms) if (!connues.has(nom)) connues.set(nom, suite);
    return [...noms];
  }

  async function ecrire(noms: readonly string[], enCours: () => Iterable<string>): Promise<void> {
    lot = undefined;
    if (connues.size > MAX_INDEX) return recrire(noms, enCours);
    const nouveau = fd === undefined;
    fd ??= openSync(fichier, OUVRIR_AJOUT, 0o600);
    // A first empty line ends a name torn by a crash.
    const debut = nouveau ? '\n' : '';
    await ecrireDurable(fd, Buffer.from(debut + noms.map((n) => `${n}\n`).join('')));
    if (nouveau) await synchroniserDossier(dirname(fichier));
  }

  async function recrire(noms: readonly string[], enCours: () => Iterable<string>): Promise<void> {
    const restantes = new Set([...enCours(), ...noms]);
    const fait = suite;
    connues = new Map([...restantes].map((n) => [n, fait]));
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
    await ecrireAtomique(fichier, [...restantes].map((n) => `${n}\n`).join(''));
  }

  return {
    lire,
    resserrer(enCours: Iterable<string>): Promise<void> {
      const fait = suite.then(() => recrire([], () => enCours));
      suite = fait.catch(() => undefined);
      return fait;
    },
    /** A failed write forgets its names, so that the next message tries again. */
    marquer(id: string, enCours: () => Iterable<string>): Promise<void> {
      const connue = connues.get(id);
      if (connue !== undefined) return connue;
      if (lot === undefined) {
        const noms: string[] = [];
        const ecrit = suite.then(() => ecrire(noms, enCours));
        suite = ecrit.catch(() => {
          for (const nom of noms) connues.delete(nom);
        });
        lot = { noms, ecrit };
      }
      lot.noms.push(id);
      connues.set(id, lot.ecrit);
      return lot.ecrit;
    },
    async fermer(): Promise<void> {
      await suite;
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    },
  };
}

async function* lister(racine: string): AsyncIterable<{ conversation: string; modifieLe: number }> {
  for (let i = 0; i < 256; i += 1) {
    const dossier = join(racine, i.toString(16).padStart(2, '0'));
    for (const nom of await readdir(dossier)) {
      const id = /^([a-z0-9-]{8,80})\.jsonl$/.exec(nom)?.[1];
      if (id === undefined) continue;
      const fichier = join(dossier, nom);
      const etat = await stat(fichier).catch(siAbsent);
      if (etat === undefined) continue;
      if (etat.size > 64) yield { conversation: id, modifieLe: etat.mtimeMs };
      else if (Date.now() - etat.mtimeMs > DUREE_EFFACE_MS) await rm(fichier, { force: true });
    }
  }
}
