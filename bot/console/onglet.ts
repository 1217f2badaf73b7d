import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { texte } from '../../knowledge/textes/index.ts';
import { RACINE_PROJET } from '../../knowledge/vocabulaire/index.ts';
import { ErreurHttp, jetonDe, repondreHtml, repondreJson, type Serveur } from '../http/index.ts';
import type { Journaliseur } from '../ports.ts';
import type { Entra } from './entra.ts';
import type { Sessions } from './sessions.ts';

/** Where Teams shows a tab: in a browser and in the desktop and mobile applications, which open the same addresses. */
const HOTES_TEAMS = [
  'https://teams.microsoft.com',
  'https://*.teams.microsoft.com',
  'https://teams.cloud.microsoft',
  'https://*.teams.cloud.microsoft',
];

/**
 * The console as a Teams tab: the page, which holds nothing of anyone until a person signed in, and the exchange of an Entra token for a session. The only page of the
 * console another site may frame.
 */
export function monterOnglet(
  http: Serveur,
  options: {
    readonly entra: Entra;
    readonly sessions: Sessions;
    readonly journaliseur: Journaliseur;
    /** On this computer, a page of our own may stand for Teams. */
    readonly local: boolean;
  },
): void {
  const { restify } = http;
  // The console's own page, which starts once Teams has said who is there.
  const page = readFileSync(join(RACINE_PROJET, 'dist', 'web', 'console', 'index.html'), 'utf8')
    .replace('/console/console.js', '/console/teams.js')
    .replace('</head>', '<link rel="stylesheet" href="/console/teams.css" /></head>');
  restify.get('/console/teams', async (_req, res) =>
    repondreHtml(res, page, { csp: { cadre: [...(options.local ? ["'self'"] : []), ...HOTES_TEAMS] } }),
  );

  restify.post('/api/console/teams', async (req, res) => {
    const identite = await options.entra.identifier(jetonDe(req.headers.authorization));
    if (identite.ok) return repondreJson(res, options.sessions.ouvrirPorteur(identite.valeur));
    const { code } = identite.refus;
    // The code only: what was in the token stays out of the log.
    options.journaliseur.alerte('onglet-refuse', { raison: code });
    if (code === 'cles-indisponibles')
      throw new ErreurHttp(503, 'ServiceUnavailable', texte('console.connexion-indisponible', 'standard'), {
        'Retry-After': '10',
      });
    if (code === 'sans-role')
      throw new ErreurHttp(403, 'Forbidden', texte('console.connexion-sans-role', 'standard'));
    throw new ErreurHttp(401, 'Unauthorized', texte('console.connexion-refusee', 'standard'));
  });
}
