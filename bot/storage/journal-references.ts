import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ecrireAtomique,
  ecrireDurable,
  OUVRIR_AJOUT,
  siAbsent,
  synchroniserDossier,
} from './journal-fichiers.ts';
import { lireEntete } from './journal-etat.ts';
import type { References } from './journal-moteur.ts';

/** A header is one short line; what follows is the person's. */
const OCTETS_ENTETE = 1_024;
/** Headers read before the other work of the process gets its turn. */
const PAR_LOT = 32;

/** One line of the index, and the file of `<dossier>` that holds it: one of 256, so that a search reads some hundred lines whatever is stored. */
export const ligneReference = (reference: string, conversation: string): string =>
  `${reference} ${conversation}\n`;
export const fichierReference = (reference: string): string =>
  createHash('sha256').update(reference).digest('hex').slice(0, 2);
/** Present when the index holds every conversation of the folder. */
export const REFERENCES_COMPLETES = 'complet';

/**
 * Reference code → conversation, on disk: with 100,000 conversations stored, reading every log to find one took half a minute.
 * A folder written before the index existed (`complet` is missing) has it built at the first search, from the first line of each log.
 */
export function ouvrirReferences(
  dossier: string,
  { neuf, logs }: { readonly neuf: boolean; readonly logs: () => AsyncIterable<string> },
): References {
  mkdirSync(dossier, { recursive: true, mode: 0o700 });
  const marque = join(dossier, REFERENCES_COMPLETES);
  if (neuf) closeSync(openSync(marque, 'a', 0o600));
  /** One write at a time per file. */
  const suites = new Map<string, Promise<void>>();
  let construction: Promise<void> | undefined;

  function aSonTour(nom: string, travail: () => Promise<void>): Promise<void> {
    const fait = (suites.get(nom) ?? Promise.resolve()).then(travail);
    const suite = fait
      .catch(() => undefined)
      .finally(() => {
        if (suites.get(nom) === suite) suites.delete(nom);
      });
    suites.set(nom, suite);
    return fait;
  }

  function ecrire(nom: string, lignes: string): Promise<void> {
    const fichier = join(dossier, nom);
    return aSonTour(nom, async () => {
      const nouveau = !existsSync(fichier);
      const fd = openSync(fichier, OUVRIR_AJOUT, 0o600);
      try {
        // The leading empty line ends one torn by a crash.
        await ecrireDurable(fd, Buffer.from(`\n${lignes}`));
      } finally {
        closeSync(fd);
      }
      if (nouveau) await synchroniserDossier(dossier);
    });
  }

  async function lignesDe(nom: string): Promise<readonly string[]> {
    const texte = (await readFile(join(dossier, nom), 'utf8').catch(siAbsent)) ?? '';
    return texte.split('\n').slice(0, -1);
  }

  async function construire(): Promise<void> {
    const parFichier = new Map<string, string[]>();
    let lus = 0;
    for await (const log of logs()) {
      const entete = lireEntete(lireDebut(log));
      if (entete === undefined) continue;
      const nom = fichierReference(entete.reference);
      const liste = parFichier.get(nom) ?? [];
      liste.push(ligneReference(entete.reference, entete.id));
      parFichier.set(nom, liste);
      if ((lus += 1) % PAR_LOT === 0) await new Promise((r) => setImmediate(r));
    }
    for (const [nom, lignes] of parFichier) await ecrire(nom, lignes.join(''));
    await ecrireAtomique(marque, '');
  }

  async function completer(): Promise<void> {
    if (construction === undefined && existsSync(marque)) return;
    construction ??= construire().catch((erreur: unknown) => {
      construction = undefined;
      throw erreur;
    });
    await construction;
  }

  return {
    ajouter: (reference, conversation) =>
      ecrire(fichierReference(reference), ligneReference(reference, conversation)),
    retirer(reference) {
      const nom = fichierReference(reference);
      return aSonTour(nom, async () => {
        const lignes = await lignesDe(nom);
        const gardees = lignes.filter((l) => l !== '' && !l.startsWith(`${reference} `));
        if (gardees.length < lignes.length)
          await ecrireAtomique(join(dossier, nom), gardees.map((l) => `${l}\n`).join(''));
      });
    },
    async retrouver(reference) {
      await completer();
      const ligne = (await lignesDe(fichierReference(reference))).findLast((l) =>
        l.startsWith(`${reference} `),
      );
      return ligne?.slice(reference.length + 1);
    },
  };
}

function lireDebut(fichier: string): string {
  const octets = Buffer.allocUnsafe(OCTETS_ENTETE);
  const fd = openSync(fichier, 'r');
  try {
    return octets.subarray(0, readSync(fd, octets, 0, OCTETS_ENTETE, 0)).toString('utf8');
  } finally {
    closeSync(fd);
  }
}
