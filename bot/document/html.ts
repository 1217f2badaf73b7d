import type { DocumentNiveau1 } from '../../knowledge/dossier/document-types.ts';
import { texte } from '../../knowledge/textes/index.ts';
import { jourEnToutesLettres, type Registre } from '../../knowledge/vocabulaire/index.ts';
import { echapperHtml } from '../http/index.ts';
import { graphiqueHtml } from './graphique.ts';
import { conservationEnMots, sourceEnMots } from './mots.ts';

export type OptionsDocumentHtml = {
  readonly registre?: Registre;
  /** Addresses of the two files; absent: no download section (the page embedded elsewhere). */
  readonly telechargements?: { readonly pdf: string; readonly json: string };
  /** Where the style sheet is served. */
  readonly style?: string;
};

export const STYLE_PERSONNE = '/personne/pages.css';

/** Text with its https addresses and French phone numbers made clickable; everything is escaped. */
export function texteAvecLiens(brut: string): string {
  return brut
    .split(/(https:\/\/[^\s<>"')]+[^\s<>"').,;:!?]|\b0[1-9](?:[ .\u00a0]?\d{2}){4}\b)/u)
    .map((morceau, i) => {
      const sur = echapperHtml(morceau);
      if (i % 2 === 0) return sur.replaceAll('\n', '<br>');
      return morceau.startsWith('https:')
        ? `<a href="${sur}" rel="noreferrer">${sur}</a>`
        : `<a href="tel:${morceau.replaceAll(/\D/g, '')}">${sur}</a>`;
    })
    .join('');
}

/** A whole page of the person's own: works without JavaScript, prints on white paper. `corps` is HTML. */
export function rendrePagePersonne(titre: string, corps: string, style = STYLE_PERSONNE): string {
  return `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${echapperHtml(titre)}</title>
<link rel="stylesheet" href="${echapperHtml(style)}">
</head>
<body>
<main id="contenu">
${corps}
</main>
</body>
</html>
`;
}

/**
 * The body of the document: headings, lists of lines, warnings first, sources last. Nothing of what a person typed is ever taken for HTML.
 * `niveau` is the level of the document's own title, so that the console can show it under its own headings.
 */
export function rendreDocument(
  doc: DocumentNiveau1,
  registre: Registre = 'standard',
  niveau: 1 | 2 = 1,
): string {
  const t = (cle: string): string => echapperHtml(texte(`document-page.${cle}`, registre));
  const h = (plus: 0 | 1, contenu: string, attributs = ''): string =>
    `<h${niveau + plus}${attributs}>${contenu}</h${niveau + plus}>`;
  const fait = (nom: string, valeur: string): string => `<div><dt>${nom}</dt><dd>${valeur}</dd></div>`;
  const conservation = conservationEnMots(doc, registre);
  const avertissements =
    doc.avertissements.length === 0
      ? ''
      : `<section class="avertissements" aria-labelledby="titre-avertissements">
${h(1, t('avertissements'), ' id="titre-avertissements"')}
${doc.avertissements.map((a) => `<p>${texteAvecLiens(a)}</p>`).join('\n')}
</section>`;
  const sections = doc.sections
    .filter((s) => s.lignes.length > 0)
    .map(
      (s) => `<section class="bloc" aria-labelledby="titre-${s.id}">
${h(1, echapperHtml(s.titre), ` id="titre-${s.id}"`)}
<dl>
${s.lignes
  .map((l) => {
    const sensible = l.sensible === undefined ? '' : ` <span class="sensible">${t('sensible')}</span>`;
    return fait(echapperHtml(l.libelle), texteAvecLiens(l.texte) + sensible);
  })
  .join('\n')}
</dl>
</section>`,
    );
  const reperes =
    doc.reperes.length === 0
      ? ''
      : `<section class="bloc" aria-labelledby="titre-reperes">
${h(1, t('reperes'), ' id="titre-reperes"')}
${doc.reperes.map((r) => graphiqueHtml(r, registre)).join('\n')}
</section>`;
  const sources =
    doc.sources.length === 0
      ? ''
      : `<section class="sources" aria-labelledby="titre-sources">
${h(1, t('sources'), ' id="titre-sources"')}
<ul>
${doc.sources.map((s) => `<li>${texteAvecLiens(sourceEnMots(s, registre))}</li>`).join('\n')}
</ul>
</section>`;
  return `<header class="tete">
<p class="service">${t('service')}</p>
${h(0, t('titre'))}
<p class="prepare">${echapperHtml(doc.preparePar)}</p>
<dl class="reperes">
${fait(t('reference'), `<strong>${echapperHtml(doc.reference)}</strong>`)}
${fait(t('etabli-le'), jourEnToutesLettres(doc.etabliLe))}
${conservation === undefined ? '' : `${fait(echapperHtml(conservation.nom), echapperHtml(conservation.valeur))}\n`}</dl>
</header>
${avertissements}
${sections.join('\n')}
${reperes}
${sources}`;
}

/** The level-1 document as a page to read or print. */
export function documentHtml(doc: DocumentNiveau1, options: OptionsDocumentHtml = {}): string {
  const registre = options.registre ?? 'standard';
  const t = (cle: string): string => echapperHtml(texte(`document-page.${cle}`, registre));
  const { telechargements } = options;
  const outils =
    telechargements === undefined
      ? ''
      : `<section class="outils" aria-labelledby="titre-telecharger">
<h2 id="titre-telecharger">${t('telecharger')}</h2>
<ul>
<li><a href="${echapperHtml(telechargements.pdf)}" download>${t('telecharger-pdf')}</a></li>
<li><a href="${echapperHtml(telechargements.json)}" download>${t('telecharger-json')}</a></li>
</ul>
<p>${t('modifier')}</p>
<p>${t('lien-prive')}</p>
</section>`;
  return rendrePagePersonne(
    `${texte('document-page.titre', registre)} ${doc.reference}`,
    `<article class="document">\n${rendreDocument(doc, registre)}\n</article>\n${outils}`,
    options.style,
  );
}

/** The page shown for a link that no longer opens anything: the same whatever the reason, so that it teaches nothing. */
export function pageDocumentAbsent(registre: Registre = 'standard'): string {
  const titre = texte('document-page.absent-titre', registre);
  return rendrePagePersonne(
    titre,
    `<h1>${echapperHtml(titre)}</h1>\n<p>${texteAvecLiens(texte('document-page.absent', registre))}</p>\n<p><a href="/">${echapperHtml(texte('suivi.retour-accueil', registre))}</a></p>`,
  );
}
