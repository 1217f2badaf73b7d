import { texte, type Parametres } from '../../../knowledge/textes/index.ts';
import { jourEnToutesLettres, type Registre } from '../../../knowledge/vocabulaire/index.ts';
import type { Source } from '../../../knowledge/information/index.ts';
import { echapperHtml } from '../../http/index.ts';

export const RACINE_REPERES = '/reperes';

/** The pages of the self-service part, in the order of the menu: path under `/reperes` and text key. */
export const PAGES_REPERES = [
  { chemin: '/cep', cle: 'page-cep' },
  { chemin: '/qui-accompagne-qui', cle: 'page-qui' },
  { chemin: '/dispositifs', cle: 'page-dispositifs' },
  { chemin: '/territoires', cle: 'page-territoires' },
  { chemin: '/lire-les-chiffres', cle: 'page-lire' },
  { chemin: '/exercices', cle: 'page-exercices' },
] as const;

/** A sentence of these pages, plain text. */
export const dire = (cle: string, registre: Registre, trous: Parametres = {}): string =>
  texte(`reperes.${cle}`, registre, trous);

/** The same, safe inside HTML. */
export const direHtml = (cle: string, registre: Registre, trous: Parametres = {}): string =>
  echapperHtml(dire(cle, registre, trous));

/** The address of one of these pages in a register: links keep the register the person chose. */
export const adresse = (chemin: string, registre: Registre, racine: string = RACINE_REPERES): string =>
  `${racine}${chemin}${registre === 'falc' ? '?registre=falc' : ''}`;

const MOIS = new Intl.DateTimeFormat('fr-FR', { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** « 2024 », « juillet 2026 », « 20 novembre 2026 »: sources are not all dated to the day. */
function dateDite(date: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(date)) return jourEnToutesLettres(date);
  return /^\d{4}-\d{2}$/.test(date) ? MOIS.format(Date.parse(`${date}-01T00:00:00Z`)) : date;
}

type SourceMontree = Pick<Source, 'titre' | 'url' | 'date'> & { readonly confiance?: Source['confiance'] };

/** The line under a fact: who says it, when, and how sure it is. Nothing is shown without it. */
export function sourceHtml(source: SourceMontree, registre: Registre): string {
  const confiance = source.confiance ?? 'sur';
  const ligne = dire('source', registre, {
    titre: '\u0000',
    date: dateDite(source.date),
    confiance: confiance === 'sur' ? '' : dire(`confiance-${confiance}`, registre),
  });
  const lien = `<a href="${echapperHtml(source.url)}" rel="noreferrer">${echapperHtml(source.titre)}</a>`;
  return `<p class="source">${echapperHtml(ligne).replace('\u0000', () => lien)}</p>`;
}

export type Page = {
  /** `/reperes` unless the page lives elsewhere with the same menu. */
  readonly racine?: string;
  /** A style sheet of its own, beside those of every page. */
  readonly feuille?: string;
  /** A script that makes it easier; the page works without. */
  readonly script?: string;
  /** Path under `/reperes`, empty for the first page. */
  readonly chemin: string;
  readonly titre: string;
  /** HTML, its headings starting at `h2`. */
  readonly corps: string;
};

/** A whole page: menu, title, content, foot. It works without script and prints as it reads. */
export function rendrePage(
  { racine, feuille, script, chemin, titre, corps }: Page,
  registre: Registre,
): string {
  const autre: Registre = registre === 'falc' ? 'standard' : 'falc';
  const menu = PAGES_REPERES.map(({ chemin: vers, cle }) => {
    const ici = vers === chemin ? ' aria-current="page"' : '';
    return `<li><a href="${adresse(vers, registre)}"${ici}>${direHtml(cle, registre)}</a></li>`;
  });
  const service = echapperHtml(texte('pages.service', registre));
  return `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${echapperHtml(titre)} – ${service}</title>
<link rel="stylesheet" href="/demo/pages.css">
<link rel="stylesheet" href="/demo/reperes.css">
${feuille === undefined ? '' : `<link rel="stylesheet" href="${feuille}">\n`}<link rel="icon" href="/widget/icone.svg">
${script === undefined ? '' : `<script src="${script}" defer></script>\n`}</head>
<body>
<header class="tete-reperes">
<p><a href="/">${direHtml('accueil', registre)}</a> · <a href="${adresse('', registre)}">${direHtml('titre', registre)}</a> · <a href="${adresse(chemin, autre, racine)}">${direHtml(`autre-registre-${autre}`, registre)}</a></p>
<nav aria-label="${direHtml('nav', registre)}"><ul>
${menu.join('\n')}
</ul></nav>
</header>
<main>
<h1>${echapperHtml(titre)}</h1>
${corps}
</main>
<footer class="pied">
<p>${direHtml('pied-libre', registre)}</p>
<p><a href="${registre === 'falc' ? '/suivi?registre=falc' : '/suivi'}">${echapperHtml(texte('suivi.titre', registre))}</a> · <a href="/widget/">${direHtml('conversation', registre)}</a> · <a href="/regles">${direHtml('pied-regles', registre)}</a> · <a href="/mentions">${echapperHtml(texte('pages.titre-mentions', registre))}</a> · <a href="/confidentialite">${echapperHtml(texte('pages.titre-confidentialite', registre))}</a> · <a href="/accessibilite">${echapperHtml(texte('pages.titre-accessibilite', registre))}</a></p>
</footer>
</body>
</html>`;
}
