import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  ecrirePaquet,
  reprendreBassinsLivres,
  reprendrePaquetLivre,
  reprendreRomeLivre,
  schemaPaquetBassins,
  schemaPaquetBmo,
  schemaPaquetRome,
  utiliserPaquetBassins,
  utiliserPaquetBmo,
  utiliserPaquetRome,
  type PaquetBassins,
  type PaquetBmo,
  type PaquetRome,
} from '../../knowledge/information/index.ts';

/** Open data that can be imported over what ships. */
export const SOURCES = ['bmo', 'bassins', 'rome'] as const;
export type SourceImportee = (typeof SOURCES)[number];
export const estSource = (v: unknown): v is SourceImportee => (SOURCES as readonly unknown[]).includes(v);

type Paquets = { readonly bmo: PaquetBmo; readonly bassins: PaquetBassins; readonly rome: PaquetRome };

/** What became of one overlay at start: put in service, absent, or unreadable (then what ships stays in service). */
export type EtatSurcouche =
  | { readonly source: SourceImportee; readonly etat: 'en-service' | 'absente' }
  | { readonly source: SourceImportee; readonly etat: 'refusee'; readonly message: string };

const dossier = (dataDir: string): string => join(dataDir, 'donnees');
export const cheminSurcouche = (dataDir: string, source: SourceImportee): string =>
  join(dossier(dataDir), `${source}.json`);

/**
 * Writes an overlay so that a reader, or a crash, sees the old pack or the new one, never half of one: unique temporary name, fsync, rename.
 * The pack it replaces is kept beside it as `<source>.precedent.json`.
 */
export function ecrireSurcouche<S extends SourceImportee>(
  dataDir: string,
  source: S,
  paquet: Paquets[S],
): string {
  mkdirSync(dossier(dataDir), { recursive: true, mode: 0o700 });
  const cible = cheminSurcouche(dataDir, source);
  const provisoire = `${cible}.${randomUUID()}.tmp`;
  const fichier = openSync(provisoire, 'wx', 0o600);
  try {
    writeSync(fichier, ecrirePaquet(paquet));
    fsyncSync(fichier);
  } finally {
    closeSync(fichier);
  }
  if (existsSync(cible)) {
    const precedent = join(dossier(dataDir), `${source}.precedent.json`);
    rmSync(precedent, { force: true });
    linkSync(cible, precedent);
  }
  renameSync(provisoire, cible);
  return cible;
}

/** Takes an overlay away: what ships is in service again. */
export function retirerSurcouche(dataDir: string, source: SourceImportee): void {
  rmSync(cheminSurcouche(dataDir, source), { force: true });
  RETOURS[source]();
}

const RETOURS: Readonly<Record<SourceImportee, () => void>> = {
  bmo: reprendrePaquetLivre,
  bassins: reprendreBassinsLivres,
  rome: reprendreRomeLivre,
};

const MISES_EN_SERVICE: Readonly<Record<SourceImportee, (brut: unknown) => void>> = {
  bmo: (brut) => utiliserPaquetBmo(schemaPaquetBmo.parse(brut)),
  bassins: (brut) => utiliserPaquetBassins(schemaPaquetBassins.parse(brut)),
  rome: (brut) => utiliserPaquetRome(schemaPaquetRome.parse(brut)),
};

/**
 * Puts every overlay of the data folder in service; called once at start, before the first request. A broken overlay never stops the service: it is reported, and
 * what ships stays in use.
 */
export function installerSurcouches(dataDir: string): readonly EtatSurcouche[] {
  return SOURCES.map((source): EtatSurcouche => {
    const chemin = cheminSurcouche(dataDir, source);
    if (!existsSync(chemin)) return { source, etat: 'absente' };
    try {
      MISES_EN_SERVICE[source](JSON.parse(readFileSync(chemin, 'utf8')));
      return { source, etat: 'en-service' };
    } catch (cause) {
      return {
        source,
        etat: 'refusee',
        message: `${chemin} : ${cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : 'illisible'}`,
      };
    }
  });
}
