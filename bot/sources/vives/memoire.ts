import type { Horloge, Journaliseur } from '../../ports.ts';

/** What fetching one thing gave. `pauseMs`: leave the whole source alone for that long. */
export type Obtenu<T> =
  | { readonly ok: true; readonly valeur: T }
  | { readonly ok: false; readonly raison: string; readonly pauseMs?: number };

export type OptionsMemoire<T> = {
  readonly nom: string;
  readonly horloge: Horloge;
  readonly journaliseur: Journaliseur;
  readonly chercher: (cle: string) => Promise<Obtenu<T>>;
  /** Younger than this, what we have is not asked again. */
  readonly fraicheurMs: number;
  /** Older than this, what we have is no longer shown. */
  readonly oubliMs: number;
  readonly entrees?: number;
};

type Entree<T> = { readonly valeur: T; readonly le: number };

/** After an unexplained failure, the source is left alone: an outage must not be hammered. */
const PAUSE_ECHEC_MS = 30_000;

/**
 * Answers of a live source kept in memory: what was last good is given at once with its date, and asked again beside when it is no longer fresh. A person never waits for a
 * source, and a source that is down changes nothing but dates.
 */
export class Memoire<T> {
  readonly #entrees = new Map<string, Entree<T>>();
  readonly #enCours = new Map<string, Promise<void>>();
  #pauseJusque = 0;

  constructor(readonly options: OptionsMemoire<T>) {}

  /** The last good answer and when it was read, unless it is too old to be shown. */
  lire(cle: string): Entree<T> | undefined {
    const entree = this.#entrees.get(cle);
    return entree !== undefined && this.options.horloge() - entree.le <= this.options.oubliMs
      ? entree
      : undefined;
  }

  /** Asks again, once at a time, what is not fresh. The promise is for tests: callers do not wait. */
  preparer(cle: string): Promise<void> {
    const { horloge, fraicheurMs } = this.options;
    const entree = this.#entrees.get(cle);
    if (entree !== undefined && horloge() - entree.le <= fraicheurMs) return Promise.resolve();
    const deja = this.#enCours.get(cle);
    if (deja !== undefined) return deja;
    if (horloge() < this.#pauseJusque) return Promise.resolve();
    const appel = this.#chercher(cle).finally(() => this.#enCours.delete(cle));
    this.#enCours.set(cle, appel);
    return appel;
  }

  async #chercher(cle: string): Promise<void> {
    const { nom, horloge, journaliseur, chercher, entrees = 2_000 } = this.options;
    let obtenu: Obtenu<T>;
    try {
      obtenu = await chercher(cle);
    } catch (erreur) {
      journaliseur.erreur('source-vive', erreur, { source: nom });
      obtenu = { ok: false, raison: 'erreur' };
    }
    if (obtenu.ok) {
      this.#entrees.delete(cle);
      this.#entrees.set(cle, { valeur: obtenu.valeur, le: horloge() });
      const ancienne = this.#entrees.size > entrees ? this.#entrees.keys().next().value : undefined;
      if (ancienne !== undefined) this.#entrees.delete(ancienne);
      return;
    }
    this.#pauseJusque = horloge() + (obtenu.pauseMs ?? PAUSE_ECHEC_MS);
    journaliseur.alerte('source-vive', { source: nom, raison: obtenu.raison });
  }
}
