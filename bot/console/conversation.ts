import { texte } from '../../knowledge/textes/index.ts';
import type { Conversations } from '../echange/index.ts';
import type { Transmission } from '../handover/index.ts';
import { ErreurHttp, repondreJson, type Serveur } from '../http/index.ts';
import { RequetesTenues, type AccesFiche, type RequeteFiche } from './acces-fiche.ts';
import type { Session } from './droits.ts';

export type OptionsConversationConsole = AccesFiche & { readonly conversations: Conversations };

/**
 * The conversation of a file, for the counsellor who holds it, where the person agreed. Reading it is recorded before it is shown. The
 * second address carries no word: it is held until the agreement may have changed, so that an open page hides at once what was taken back.
 * Returns how to let the held requests go, for the stop.
 */
export function monterConversationConsole(
  { restify }: Serveur,
  { conversations, sessions, lectures, exigerDroit, lire, referenceDe }: OptionsConversationConsole,
): { relacher(): void } {
  const tenues = new RequetesTenues();
  const demander = async (req: RequeteFiche): Promise<{ session: Session; t: Transmission }> => {
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
    await tenues.tenir(res, (signal, ms) => conversations.attendre(t, signal, ms));
    // The rights are those of now: the file may have been released, or the session closed, while this request was held.
    const maintenant = await demander(req);
    const etat = await conversations.etat(maintenant.t, maintenant.session);
    if (!etat.ok) throw refusHttp();
    repondreJson(res, { etat: etat.valeur });
  });
  return tenues;
}

const refusHttp = (): ErreurHttp =>
  new ErreurHttp(409, 'Conflict', texte('console.echange-refus-pas-a-vous', 'standard'));
