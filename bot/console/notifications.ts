import type { Abonnements } from '../channels/index.ts';
import { repondreJson, type Serveur } from '../http/index.ts';
import type { GesteConsole, Session } from './droits.ts';
import type { Sessions } from './sessions.ts';

/**
 * Being told of requests in Teams: the console, where a counsellor is known with their operators and régions, gives a code; the bot takes it in the conversation where it
 * is written. Nobody has to be recognised by Teams, and a channel can be chosen.
 */
export function monterNotifications(
  http: Serveur,
  options: {
    readonly abonnements: Abonnements;
    readonly sessions: Sessions;
    readonly exigerDroit: (session: Session, geste: GesteConsole) => Session;
  },
): void {
  const { abonnements, sessions, exigerDroit } = options;
  const { restify } = http;
  // Whoever may list the requests may be told of them.
  restify.get('/api/console/teams/notifications', async (req, res) => {
    const { id } = exigerDroit(sessions.exiger(req), 'lister');
    repondreJson(res, { nombre: await abonnements.nombre(id), aRevoir: await abonnements.aRevoir(id) });
  });
  restify.post('/api/console/teams/notifications', async (req, res) => {
    const session = exigerDroit(sessions.exigerEcriture(req), 'lister');
    repondreJson(res, abonnements.proposer(session));
  });
  restify.post('/api/console/teams/notifications/arreter', async (req, res) => {
    const { id } = exigerDroit(sessions.exigerEcriture(req), 'lister');
    repondreJson(res, { arretees: await abonnements.desabonnerTout(id) });
  });
}
