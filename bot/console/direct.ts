import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Changement, Transmissions } from '../handover/index.ts';
import { ErreurHttp, type Serveur } from '../http/index.ts';
import { peutFaire, type GesteConsole, type Session } from './droits.ts';
import type { Sessions } from './sessions.ts';
import { placeDe } from './vues.ts';

export type OptionsDirect = {
  readonly transmissions: Pick<Transmissions, 'surChangement'>;
  readonly sessions: Pick<Sessions, 'exiger'>;
  /** @throws {ErreurHttp} 403 */
  readonly exigerDroit: (session: Session, geste: GesteConsole) => Session;
  /** Between two signs of life, when nothing changes. */
  readonly battementMs?: number;
};

/** Below the twenty seconds many proxies allow a silent answer. */
const BATTEMENT_MS = 15_000;
/** What changes together is told together: a sweep that closes a hundred files is a few events. */
const REGROUPER_MS = 150;
/** Pages one person may keep open at once; beyond, a page asks from time to time instead. */
const PAR_SESSION = 4;
/** Unread bytes after which a page is not listening any more. */
const RETARD_MAX = 64 * 1024;

type Ecoute = {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly jeton: string;
  readonly references: Set<string>;
  envoi: NodeJS.Timeout | undefined;
};

/**
 * `GET /api/console/direct`: server-sent events that say which files changed, and nothing of them: the page then asks as usual, under its
 * rights and the journal of reads. The session and the rights are looked at again before every event and every beat.
 */
export function monterDirect(
  { restify }: Serveur,
  { transmissions, sessions, exigerDroit, battementMs = BATTEMENT_MS }: OptionsDirect,
): { relacher(): void } {
  const ecoutes = new Set<Ecoute>();

  const finir = (e: Ecoute): void => {
    if (!ecoutes.delete(e)) return;
    clearTimeout(e.envoi);
    e.res.end();
  };

  /** The session of now, or nothing: it ended, was closed, or lost the right, and the page is let go to find out. */
  function sessionDe(e: Ecoute): Session | undefined {
    try {
      return exigerDroit(sessions.exiger(e.req), 'lister');
    } catch (erreur) {
      if (!(erreur instanceof ErreurHttp)) throw erreur;
      finir(e);
      return undefined;
    }
  }

  function ecrire(e: Ecoute, mots: string): void {
    if (e.res.writableLength > RETARD_MAX) finir(e);
    else e.res.write(mots);
  }

  function envoyer(e: Ecoute): void {
    e.envoi = undefined;
    if (sessionDe(e) === undefined) return;
    const references = [...e.references];
    e.references.clear();
    ecrire(e, `event: change\ndata: ${JSON.stringify({ references })}\n\n`);
  }

  const prevenir = ({ reference, places }: Changement): void => {
    for (const e of ecoutes) {
      const session = sessionDe(e);
      if (session === undefined) continue;
      // A file that left what this person may see is a change of their queue too; one they never saw is not.
      const visible = (place: (typeof places)[number]): boolean =>
        peutFaire(session, 'lister', placeDe(place));
      const derniere = places.at(-1);
      if (!places.some(visible)) continue;
      if (derniere !== undefined && visible(derniere)) e.references.add(reference);
      e.envoi ??= setTimeout(() => envoyer(e), REGROUPER_MS);
    }
  };
  const cesser = transmissions.surChangement(prevenir);
  const battement = setInterval(() => {
    for (const e of ecoutes) if (sessionDe(e) !== undefined) ecrire(e, ': \n\n');
  }, battementMs);
  battement.unref();

  restify.get('/api/console/direct', async (req, res) => {
    const { jeton } = exigerDroit(sessions.exiger(req), 'lister');
    if ([...ecoutes].filter((e) => e.jeton === jeton).length >= PAR_SESSION)
      throw new ErreurHttp(429, 'TooManyRequests', 'Too many pages listen already.', { 'Retry-After': '30' });
    res.statusCode = 200;
    res.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
    res.setHeader('Cache-Control', 'no-store');
    // A proxy that waits for more before passing it on would make it late.
    res.setHeader('X-Accel-Buffering', 'no');
    const ecoute: Ecoute = { req, res, jeton, references: new Set(), envoi: undefined };
    ecoutes.add(ecoute);
    res.once('close', () => finir(ecoute));
    ecrire(ecoute, 'event: pret\ndata: {}\n\n');
  });

  return {
    relacher() {
      cesser();
      clearInterval(battement);
      for (const e of ecoutes) finir(e);
    },
  };
}
