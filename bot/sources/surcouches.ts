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
  statSync,
  writeSync,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { z } from 'zod';
import {
  ecrirePaquet,
  provenanceBmo,
  reprendreBassinsLivres,
  reprendrePaquetLivre,
  reprendrePortailsLivres,
  reprendreRomeLivre,
  retirerPaquetAnnuaire,
  retirerPaquetFapRome,
  retirerPaquetReunions,
  retirerPaquetRncp,
  retirerPaquetZonesEmploi,
  schemaPaquetAnnuaire,
  schemaPaquetBassins,
  schemaPaquetBmo,
  schemaPaquetFapRome,
  schemaPaquetReunions,
  schemaPaquetRncp,
  schemaPaquetRome,
  schemaPaquetZonesEmploi,
  schemaRegions,
  sourceAnnuaire,
  sourceBassins,
  sourceFapRome,
  sourcePortails,
  sourceReunions,
  sourceRncp,
  sourceRome,
  sourceZonesEmploi,
  utiliserPaquetAnnuaire,
  utiliserPaquetBassins,
  utiliserPaquetBmo,
  utiliserPaquetFapRome,
  utiliserPaquetReunions,
  utiliserPaquetRncp,
  utiliserPaquetRome,
  utiliserPaquetZonesEmploi,
  utiliserPortails,
} from '../../knowledge/information/index.ts';
import { utiliserAppellations } from '../../knowledge/langage/index.ts';
import {
  communes,
  reprendreTerritoireLivre,
  schemaTerritoire,
  sourceTerritoire,
  utiliserTerritoire,
} from '../../knowledge/territoire/index.ts';

/** Open data that can be imported over what ships, or where nothing ships. */
export const SOURCES = [
  'cog',
  'bmo',
  'bassins',
  'zones-emploi',
  'rome',
  'fap-rome',
  'annuaire',
  'portails',
  'rncp',
  'reunions',
] as const;
export type SourceImportee = (typeof SOURCES)[number];
export const estSource = (v: unknown): v is SourceImportee => (SOURCES as readonly unknown[]).includes(v);

/** What is in service for a source, whether it ships or was imported. */
export type EnService = {
  readonly titre: string;
  readonly licence: string;
  /** Year, month or day of the data themselves. */
  readonly date: string;
  readonly importeLe: string;
  readonly lignes: number;
};

type Registre = {
  readonly [S in SourceImportee]: {
    /** Checks a stored pack and puts it in service, whole and at once. */
    readonly installer: (brut: unknown) => void;
    /** What ships is in service again, or nothing where nothing ships. */
    readonly retirer: () => void;
    readonly enService: () => EnService | undefined;
  };
};

const installerAvec =
  <S extends z.ZodType>(schema: S, utiliser: (paquet: z.output<S>) => void) =>
  (brut: unknown): void =>
    utiliser(schema.parse(brut));

const annee = <T extends { readonly millesime: number }>({ millesime, ...reste }: T) => ({
  ...reste,
  date: String(millesime),
});

const REGISTRE: Registre = {
  cog: {
    installer: installerAvec(schemaTerritoire, utiliserTerritoire),
    retirer: reprendreTerritoireLivre,
    enService: () => {
      const { producteur, millesime, licence, version } = sourceTerritoire();
      return {
        titre: `${producteur}, ${version}`,
        licence,
        date: String(millesime),
        importeLe: String(millesime),
        lignes: communes().length,
      };
    },
  },
  'zones-emploi': {
    installer: installerAvec(schemaPaquetZonesEmploi, utiliserPaquetZonesEmploi),
    retirer: retirerPaquetZonesEmploi,
    enService: sourceZonesEmploi,
  },
  bmo: {
    installer: installerAvec(schemaPaquetBmo, utiliserPaquetBmo),
    retirer: reprendrePaquetLivre,
    enService: () => annee(provenanceBmo()),
  },
  bassins: {
    installer: installerAvec(schemaPaquetBassins, utiliserPaquetBassins),
    retirer: reprendreBassinsLivres,
    enService: () => annee(sourceBassins()),
  },
  rome: {
    installer: installerAvec(schemaPaquetRome, (paquet) => {
      utiliserPaquetRome(paquet);
      utiliserAppellations(paquet.appellations ?? []);
    }),
    retirer: () => {
      reprendreRomeLivre();
      utiliserAppellations([]);
    },
    enService: () => ({ ...sourceRome(), date: sourceRome().importeLe }),
  },
  'fap-rome': {
    installer: installerAvec(schemaPaquetFapRome, utiliserPaquetFapRome),
    retirer: retirerPaquetFapRome,
    enService: sourceFapRome,
  },
  annuaire: {
    installer: installerAvec(schemaPaquetAnnuaire, utiliserPaquetAnnuaire),
    retirer: retirerPaquetAnnuaire,
    enService: sourceAnnuaire,
  },
  portails: {
    installer: installerAvec(schemaRegions, utiliserPortails),
    retirer: reprendrePortailsLivres,
    enService: () => {
      const { source, verifieLe } = sourcePortails();
      return { titre: source.titre, licence: 'faits', date: source.date, importeLe: verifieLe, lignes: 18 };
    },
  },
  rncp: {
    installer: installerAvec(schemaPaquetRncp, utiliserPaquetRncp),
    retirer: retirerPaquetRncp,
    enService: sourceRncp,
  },
  reunions: {
    installer: installerAvec(schemaPaquetReunions, utiliserPaquetReunions),
    retirer: retirerPaquetReunions,
    enService: sourceReunions,
  },
};

/** Producer, licence, date and rows of what is in service; `undefined` where nothing ships and nothing was imported. */
export const enService = (source: SourceImportee): EnService | undefined => REGISTRE[source].enService();

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
export function ecrireSurcouche(dataDir: string, source: SourceImportee, paquet: object): string {
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
  REGISTRE[source].retirer();
}

function installer(dataDir: string, source: SourceImportee): EtatSurcouche {
  const chemin = cheminSurcouche(dataDir, source);
  if (!existsSync(chemin)) return { source, etat: 'absente' };
  try {
    REGISTRE[source].installer(JSON.parse(readFileSync(chemin, 'utf8')));
    return { source, etat: 'en-service' };
  } catch (cause) {
    return {
      source,
      etat: 'refusee',
      message: `${chemin} : ${cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : 'illisible'}`,
    };
  }
}

/**
 * Puts every overlay of the data folder in service. A broken overlay never stops the service: it is reported, and what was in use stays in use.
 */
export const installerSurcouches = (dataDir: string): readonly EtatSurcouche[] =>
  SOURCES.map((source) => installer(dataDir, source));

/**
 * Follows the overlays of a running service: each look puts in service what an import wrote since the last one, whole and at once, and goes back to what ships when an
 * overlay was taken away. An import never asks for a restart.
 */
export class VeilleSurcouches {
  readonly #vues = new Map<SourceImportee, number>();

  constructor(readonly dataDir: string) {}

  /** What changed since the last look; at the first one, every overlay that is there. */
  passer(): readonly EtatSurcouche[] {
    return SOURCES.flatMap((source): EtatSurcouche[] => {
      // A rename makes a new file: its inode changes even within one tick of the clock.
      const fichier = statSync(cheminSurcouche(this.dataDir, source), { throwIfNoEntry: false });
      const marque = fichier === undefined ? undefined : fichier.mtimeMs + fichier.ino;
      if (marque === this.#vues.get(source)) return [];
      if (marque === undefined) {
        this.#vues.delete(source);
        REGISTRE[source].retirer();
        return [{ source, etat: 'absente' }];
      }
      this.#vues.set(source, marque);
      return [installer(this.dataDir, source)];
    });
  }
}
