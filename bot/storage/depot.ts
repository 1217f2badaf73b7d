import type { z } from 'zod';
import type { Resultat } from '../../knowledge/vocabulaire/index.ts';

/** What listing knows of a record without opening it; kept in memory for every record, so it stays small. */
export type Fiche<R> = {
  readonly operateur?: string;
  readonly region?: string;
  readonly etat?: string;
  /** Listing order (ms since the epoch, usually the creation). */
  readonly tri: number;
  /** Instant (ms) after which `expirer` removes the record; absent = kept until erased. */
  readonly expireLe?: number;
  /** Words `texte` searches, already lower-case and without accents. */
  readonly recherche?: string;
  readonly resume: R;
};

/**
 * One kind of record. `version` is the schema's; `migrations[n]` turns a value of version `n` into one of `n + 1`, purely.
 * A value read back is always checked again by `schema`: files can be edited by hand.
 */
export type DefinitionCollection<T, R> = {
  /** Lower-case letters and dashes: it names a folder. */
  readonly nom: string;
  readonly version: number;
  readonly schema: z.ZodType<T>;
  readonly migrations?: Readonly<Record<number, (valeur: unknown) => unknown>>;
  readonly fiche: (valeur: T) => Fiche<R>;
};

/** `revision` grows by one at each write; it is what a writer must have read to be allowed to write. */
export type Enregistrement<T> = { readonly id: string; readonly revision: number; readonly valeur: T };

export type RefusLecture =
  | { readonly code: 'absent' }
  | { readonly code: 'illisible' }
  | { readonly code: 'version-trop-recente'; readonly lue: number; readonly connue: number };

export type RefusEcriture =
  | { readonly code: 'conflit'; readonly attendue: number; readonly actuelle: number }
  | Exclude<RefusLecture, { code: 'absent' }>;

/** Absent criteria do not filter. `texte`: every word must be found in `recherche`. */
export type Filtre = {
  readonly operateurs?: readonly string[];
  readonly regions?: readonly string[];
  readonly etats?: readonly string[];
  readonly texte?: string;
  readonly ordre?: 'anciens-d-abord' | 'recents-d-abord';
  readonly debut?: number;
  readonly limite?: number;
};

export type Ligne<R> = { readonly id: string; readonly revision: number } & Fiche<R>;
export type Page<R> = { readonly total: number; readonly lignes: readonly Ligne<R>[] };

/** Records of one kind. Writes to one record are done one at a time, in the order they were asked. */
export interface Collection<T, R> {
  lire(id: string): Promise<Resultat<Enregistrement<T>, RefusLecture>>;
  /**
   * Writes durably (once resolved, a power cut loses nothing). `revisionAttendue` is the revision read before, 0 for a new record.
   * @returns the record as written, or `conflit` when somebody wrote in between (nothing is changed then).
   */
  ecrire(
    id: string,
    valeur: T,
    revisionAttendue: number,
  ): Promise<Resultat<Enregistrement<T>, RefusEcriture>>;
  /** Removes the record and every copy of it (backup, quarantine, temporary). Resolves to whether there was one. */
  effacer(id: string): Promise<boolean>;
  lister(filtre?: Filtre): Promise<Page<R>>;
  /** Removes the records whose `expireLe` is before `avant` (ms). Resolves to what listing knew of them. */
  expirer(avant: number): Promise<readonly Ligne<R>[]>;
}

/** Where versioned records live. Two engines pass the same contract (`test/contracts/depot.ts`): memory and lowdb. */
export interface Depot {
  /**
   * Opens a collection, its index built.
   * @throws {DepotTropRecent} when a record was written by a newer release: going on would lose what that release knew.
   */
  collection<T, R>(definition: DefinitionCollection<T, R>): Promise<Collection<T, R>>;
  /** Waits for the writes under way. */
  fermer(): Promise<void>;
}

/** The data directory was written by a newer release; the message says what to do. */
export class DepotTropRecent extends Error {
  override readonly name = 'DepotTropRecent';
}
