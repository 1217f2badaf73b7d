import type { IncomingMessage } from 'node:http';
import { texte } from '../../knowledge/textes/index.ts';
import type { Conversations } from '../echange/index.ts';
import type { Transmission } from '../handover/index.ts';
import { ErreurHttp, repondreJson, type Serveur } from '../http/index.ts';
import type { GesteConsole, Session } from './droits.ts';
import type { JournalLectures } from './journal-lectures.ts';
import type { Sessions } from './sessions.ts';

type Requete = IncomingMessage & { readonly params?: Readonly<Record<string, string>> };

export type OptionsConversationConsole = {
  readonly conversations: Conversations;
  readonly sessions: Sessions;
  readonly lectures: JournalLectures;
  /** @throws {ErreurHttp} 403 */
  readonly exigerDroit: (session: Session, geste: GesteConsole) => Session;
  /** @throws {ErreurHttp} 404 */
  readonly lire: (session: Session, geste: GesteConsole, reference: string) => Promise<Transmission>;
  readonly referenceDe: (req: Requete) => string;
};

/** Below the twenty seconds many proxies allow a silent request. */
const TENIR_MS = 15_000;

/**
 * The conversation of a file, for the counsellor who holds it, where the person agreed. Reading it is recorded before it is shown. The
 * second address carries no word: it is held until the agreement may have changed, so that an open page hides at once what was taken back.
 * Returns how to let the held requests go, for the stop.
 */
export function monterConversationConsole(
  { restify }: Serveur,
  { conversations, sessions, lectures, exigerDroit, lire, referenceDe }: OptionsConversationConsole,
): { relacher(): void } {
  const tenues = new Set<AbortController>();
  const demander = async (req: Requete): Promise<{ session: Session; t: Transmission }> => {
    const session = exigerDroit(sessions.exiger(req), 'conversation');
    return { session, t: await lire(session, 'conversation', referenceDe(req)) };
  };

  restify.get('/api/console/transmissions/:reference/conversation', async (req, res) => {
    const { session, t } = await demander(req);
    const vue = await conversations.lire(t, session);
    if (!vue.ok) throw refusHttp();
    if (vue.valeur.etat === 'lisible') await lectures.noter(session.id, 'conversation', t.reference);
    repondreJson(res, vue.valeur);
  });

  restify.get('/api/console/transmissions/:reference/conversation/veille', async (req, res) => {
    const { t } = await demander(req);
    const fin = new AbortController();
    tenues.add(fin);
    res.once('close', () => fin.abort());
    try {
      await conversations.attendre(t, fin.signal, TENIR_MS);
    } finally {
      tenues.delete(fin);
    }
    // The rights are those of now: the file may have been released, or the session closed, while this request was held.
    const maintenant = await demander(req);
    const etat = await conversations.etat(maintenant.t, maintenant.session);
    if (!etat.ok) throw refusHttp();
    repondreJson(res, { etat: etat.valeur });
  });
  return { relacher: () => tenues.forEach((fin) => fin.abort()) };
}

const refusHttp = (): ErreurHttp =>
  new ErreurHttp(409, 'Conflict', texte('console.echange-refus-pas-a-vous', 'standard'));
