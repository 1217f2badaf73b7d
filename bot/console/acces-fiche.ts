import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Transmission } from '../handover/index.ts';
import type { GesteConsole, Session } from './droits.ts';
import type { JournalLectures } from './journal-lectures.ts';
import type { Sessions } from './sessions.ts';

export type RequeteFiche = IncomingMessage & { readonly params?: Readonly<Record<string, string>> };

/** What the routes of one file share: who asks, whether they may, which file, and the record of having read it. */
export type AccesFiche = {
  readonly sessions: Sessions;
  readonly lectures: JournalLectures;
  /** @throws {ErreurHttp} 403 */
  readonly exigerDroit: (session: Session, geste: GesteConsole) => Session;
  /** @throws {ErreurHttp} 404 */
  readonly lire: (session: Session, geste: GesteConsole, reference: string) => Promise<Transmission>;
  readonly referenceDe: (req: RequeteFiche) => string;
};

/** Below the twenty seconds many proxies allow a silent request. */
const TENIR_MS = 15_000;

/** Requests held until something comes: let go when their client leaves, after fifteen seconds, or all at once for the stop. */
export class RequetesTenues {
  readonly #tenues = new Set<AbortController>();

  /** @param attendre resolves when something has come, the signal ends, or `ms` have passed. */
  async tenir(
    res: ServerResponse,
    attendre: (signal: AbortSignal, ms: number) => Promise<void>,
  ): Promise<void> {
    const fin = new AbortController();
    this.#tenues.add(fin);
    res.once('close', () => fin.abort());
    try {
      await attendre(fin.signal, TENIR_MS);
    } finally {
      this.#tenues.delete(fin);
    }
  }

  relacher(): void {
    for (const fin of this.#tenues) fin.abort();
  }
}
