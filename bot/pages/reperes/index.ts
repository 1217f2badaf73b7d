import type { IncomingMessage } from 'node:http';
import type { Server } from 'restify';
import { jourDe, type Jour, type Registre } from '../../../knowledge/vocabulaire/index.ts';
import { repondreHtml } from '../../http/index.ts';
import type { Horloge } from '../../ports.ts';
import { corpsAccueil, corpsCep, corpsDispositifs, corpsExercices, corpsLire, corpsQui } from './contenus.ts';
import { dire, direHtml, PAGES_REPERES, RACINE_REPERES, rendrePage } from './gabarit.ts';
import { corpsTerritoires, pageTerritoire } from './territoires.ts';

type Chemin = (typeof PAGES_REPERES)[number]['chemin'];

const CORPS: Readonly<Record<Chemin, (registre: Registre, le: Jour) => string>> = {
  '/cep': corpsCep,
  '/qui-accompagne-qui': corpsQui,
  '/dispositifs': corpsDispositifs,
  '/territoires': corpsTerritoires,
  '/lire-les-chiffres': corpsLire,
  '/exercices': corpsExercices,
};

const registreDe = (req: IncomingMessage): Registre =>
  /[?&]registre=falc\b/.test(req.url ?? '') ? 'falc' : 'standard';

/** The self-service pages under `/reperes`: the same facts, sources and dates as the conversation, readable without it and without JavaScript. */
export function monterReperes(serveur: Server, horloge: Horloge): void {
  serveur.get(RACINE_REPERES, async (req, res) => {
    const registre = registreDe(req);
    repondreHtml(
      res,
      rendrePage({ chemin: '', titre: dire('titre', registre), corps: corpsAccueil(registre) }, registre),
    );
  });
  for (const { chemin, cle } of PAGES_REPERES) {
    serveur.get(`${RACINE_REPERES}${chemin}`, async (req, res) => {
      const registre = registreDe(req);
      const corps = CORPS[chemin](registre, jourDe(horloge()));
      repondreHtml(res, rendrePage({ chemin, titre: dire(cle, registre), corps }, registre));
    });
  }
  serveur.get(`${RACINE_REPERES}/territoires/:code`, async (req, res) => {
    const registre = registreDe(req);
    const code = String(req.params?.['code'] ?? '').toUpperCase();
    const page = pageTerritoire(code, registre, jourDe(horloge()));
    if (page !== undefined) return repondreHtml(res, rendrePage(page, registre));
    const corps = `<p>${direHtml('introuvable-texte', registre)}</p>\n${corpsTerritoires(registre)}`;
    return repondreHtml(
      res,
      rendrePage({ chemin: '/territoires', titre: dire('introuvable', registre), corps }, registre),
      { statut: 404 },
    );
  });
}
