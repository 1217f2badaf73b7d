import type { Server } from 'restify';
import { texte, type Parametres } from '../../knowledge/textes/index.ts';
import type { Registre } from '../../knowledge/vocabulaire/index.ts';
import type { Config } from '../config.ts';
import { echapperHtml, repondreHtml } from '../http/index.ts';
import { texteEnHtml } from './texte-html.ts';

const PAGES = ['mentions', 'confidentialite', 'accessibilite'] as const;

/** The pages the law asks for (publisher, personal data, accessibility), each in both registers (`?registre=falc`). Readable without JavaScript. */
export function monterPages(serveur: Server, config: Config): void {
  for (const page of PAGES) {
    serveur.get(`/${page}`, async (req, res) => {
      const registre: Registre = /[?&]registre=falc\b/.test(req.url ?? '') ? 'falc' : 'standard';
      const suite = page === 'confidentialite' && aDesSourcesVives(config) ? ['confidentialite-vives'] : [];
      repondreHtml(res, rendrePage([page, ...suite], registre, parametresDe(config)));
    });
  }
}

const parametresDe = ({ editeur, conservation }: Config): Parametres => ({
  editeur: editeur.nom,
  responsable: editeur.responsable,
  contact: editeur.contact,
  telephone: editeur.telephone,
  jours: conservation.conversationJours,
  mois: conservation.transmissionMois,
  moisJournal: conservation.journalMois,
});

const aDesSourcesVives = ({ vives }: Config): boolean =>
  vives.annuaire !== undefined || vives.franceTravail !== undefined;

/** @param cles the page, then what this installation adds to it. */
function rendrePage(
  [page, ...suites]: readonly [(typeof PAGES)[number], ...string[]],
  registre: Registre,
  parametres: Parametres,
): string {
  const titre = echapperHtml(texte(`pages.titre-${page}`, registre));
  const service = echapperHtml(texte('pages.service', registre));
  const autre =
    registre === 'falc'
      ? { url: `/${page}`, libelle: 'Version habituelle' }
      : { url: `/${page}?registre=falc`, libelle: 'Version facile à lire' };
  return `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${titre} – ${service}</title>
<link rel="stylesheet" href="/demo/pages.css">
</head>
<body>
<main>
<p><a href="/">${echapperHtml(texte('pages.retour', registre))}</a> · <a href="/reperes${registre === 'falc' ? '?registre=falc' : ''}">${echapperHtml(texte('reperes.titre', registre))}</a> · <a href="${autre.url}">${autre.libelle}</a></p>
<h1>${titre}</h1>
${[page, ...suites].map((cle) => texteEnHtml(texte(`pages.${cle}`, registre, parametres))).join('\n')}
</main>
</body>
</html>`;
}
