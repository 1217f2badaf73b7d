import { texte } from '../../knowledge/textes/index.ts';
import type { Canaux } from '../channels/index.ts';
import { ErreurHttp, lireCorps, repondreJson, type Serveur } from '../http/index.ts';
import type { Horloge } from '../ports.ts';
import type { GesteConsole, Session } from './droits.ts';
import type { JournalLectures } from './journal-lectures.ts';
import type { Sessions } from './sessions.ts';

export type OptionsAccueil = {
  readonly canaux: Pick<Canaux, 'accueillir'>;
  readonly sessions: Sessions;
  readonly lectures: JournalLectures;
  readonly horloge: Horloge;
  /** @throws {ErreurHttp} 403 */
  readonly exigerDroit: (session: Session, geste: GesteConsole) => Session;
};

const estMode = (v: unknown): v is 'telephone' | 'guichet' => v === 'telephone' || v === 'guichet';

/**
 * Accueil assisté: a conversation like any other (same questions, rules, information and document), opened by a counsellor for somebody on
 * the phone or at the desk. Who types and what the person agreed to are its first event, before any answer.
 */
export function monterAccueil({ restify }: Serveur, options: OptionsAccueil): void {
  const { canaux, sessions, lectures, horloge, exigerDroit } = options;
  restify.post('/api/console/accueil', async (req, res) => {
    const session = exigerDroit(sessions.exigerEcriture(req), 'accueil');
    const { mode, accord } = await lireCorps(req);
    if (!estMode(mode)) throw new ErreurHttp(400, 'BadArgument', 'Where the person is is expected.');
    if (accord !== true)
      throw new ErreurHttp(400, 'BadArgument', texte('console.accueil-sans-accord', 'standard'));
    const { conversation, reference, resume } = await canaux.accueillir([
      {
        type: 'accueil-assiste',
        nom: session.nom.slice(0, 120) || session.id.slice(0, 120),
        mode,
        accord: { le: horloge(), texte: texte('console.accueil-accord', 'standard') },
      },
    ]);
    await lectures.noter(session.id, 'accueil', reference);
    repondreJson(res, { conversation, resume });
  });
}
