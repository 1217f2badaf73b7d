import {
  ficheTerritoire,
  nombre,
  sourceBmo,
  type LienRegional,
  type LigneTerritoire,
  type PieceInformation,
} from '../../../knowledge/information/index.ts';
import {
  dansDepartement,
  departements,
  nomDepartement,
  regions,
  sourceTerritoire,
} from '../../../knowledge/territoire/index.ts';
import type { Jour, Registre } from '../../../knowledge/vocabulaire/index.ts';
import { echapperHtml } from '../../http/index.ts';
import { texteEnHtml } from '../texte-html.ts';
import { contactHtml } from './contenus.ts';
import { adresse, direHtml, dire, sourceHtml, type Page } from './gabarit.ts';
import { graphiqueHtml } from '../../document/index.ts';

const lienDepartement = (code: string, registre: Registre): string =>
  `<li><a href="${adresse(`/territoires/${code}`, registre)}">${echapperHtml(nomDepartement(code))} (${echapperHtml(code)})</a></li>`;

/** The départements by region, overseas collectivities last. */
export function corpsTerritoires(registre: Registre): string {
  const tous = departements();
  const liste = (codes: readonly string[]): string =>
    `<ul class="deux-colonnes liste-liens">\n${codes.map((c) => lienDepartement(c, registre)).join('\n')}\n</ul>`;
  const desRegions = regions()
    .filter((r) => !r.horsRegions)
    .sort((a, b) => a.nom.localeCompare(b.nom, 'fr'))
    .map(
      (r) =>
        `<h2>${echapperHtml(r.nom.replaceAll("'", '’'))}</h2>\n${liste(tous.filter((d) => d.region === r.code).map((d) => d.code))}`,
    );
  const dansUneRegion = new Set(
    regions()
      .filter((r) => !r.horsRegions)
      .map((r) => r.code),
  );
  const horsRegions = tous.filter((d) => !dansUneRegion.has(d.region)).map((d) => d.code);
  const { producteur, millesime, licence } = sourceTerritoire();
  return `<p>${direHtml('territoires-intro', registre)}</p>
${desRegions.join('\n')}
<h2>${direHtml('territoires-hors-regions', registre)}</h2>
${liste(horsRegions)}
<p class="source">${echapperHtml(`${producteur}, ${millesime}, ${licence}`)}</p>`;
}

function pieceHtml(piece: PieceInformation, registre: Registre): string {
  return `<h2>${echapperHtml(piece.titre)}</h2>
${texteEnHtml(piece.texte)}
${piece.graphique === undefined ? '' : graphiqueHtml(piece.graphique, registre)}
${piece.sources.map((s) => sourceHtml(s, registre)).join('\n')}`;
}

function tableauHtml(lignes: readonly LigneTerritoire[], legende: string, registre: Registre): string {
  const part = (valeur: number | null): string =>
    valeur === null ? direHtml('non-publie', registre) : `${valeur}\u00A0%`;
  const projets = ({ chiffre: { projets: n, secrets } }: LigneTerritoire): string => {
    if (n === null) return direHtml('non-publie', registre);
    return secrets > 0 ? direHtml('au-moins', registre, { nombre: nombre(n) }) : nombre(n);
  };
  return `<div class="tableau" tabindex="0" role="region" aria-label="${echapperHtml(legende)}"><table>
<caption>${echapperHtml(legende)}</caption>
<thead><tr>${['metier', 'projets', 'difficiles', 'saisonniers'].map((c) => `<th scope="col">${direHtml(`colonne-${c}`, registre)}</th>`).join('')}</tr></thead>
<tbody>
${lignes
  .map(
    (l) =>
      `<tr><th scope="row">${echapperHtml(l.famille)}</th><td>${projets(l)}</td><td>${part(l.chiffre.partDifficile)}</td><td>${part(l.chiffre.partSaisonniere)}</td></tr>`,
  )
  .join('\n')}
</tbody></table></div>`;
}

const liste = (titre: string, elements: readonly string[], registre: Registre): string =>
  elements.length === 0
    ? ''
    : `<h2>${direHtml(titre, registre)}</h2>\n<ul>\n${elements.map((e) => `<li>${e}</li>`).join('\n')}\n</ul>`;

/** The link says the site it opens: its heading already says whose it is. */
const lienHtml = ({ url, source }: LienRegional, registre: Registre): string =>
  `<p><a href="${echapperHtml(url)}" rel="noreferrer">${echapperHtml(new URL(url).hostname)}</a></p>\n${sourceHtml(source, registre)}`;

/** The page of a département, or `undefined` when no département has this code. */
export function pageTerritoire(code: string, registre: Registre, le: Jour): Page | undefined {
  const fiche = ficheTerritoire(code, registre, le);
  if (fiche === undefined) return undefined;
  const lieu = dansDepartement(code);
  const chiffres =
    fiche.lignes.length === 0
      ? `<p>${direHtml('territoire-sans-chiffre', registre)}</p>`
      : `${fiche.pieces.map((p) => pieceHtml(p, registre)).join('\n')}
<h2>${direHtml('territoire-detail', registre)}</h2>
${tableauHtml(fiche.lignes, dire('territoire-table', registre, { annee: fiche.annee, lieu }), registre)}
${sourceHtml(sourceBmo(), registre)}
<p><a href="${adresse('/lire-les-chiffres', registre)}">${direHtml('page-lire', registre)}</a></p>`;
  const bassins =
    fiche.bassins.length < 2
      ? ''
      : `<h2>${direHtml('territoire-bassins', registre)}</h2>
<p>${direHtml('territoire-bassins-intro', registre, { annee: fiche.annee })}</p>
<dl>
${fiche.bassins
  .map(
    (b) =>
      `<dt>${echapperHtml(b.nom.charAt(0).toUpperCase() + b.nom.slice(1))}</dt><dd>${b.lignes
        .map((l) => `${echapperHtml(l.famille)} (${nombre(l.chiffre.projets ?? 0)})`)
        .join(', ')}</dd>`,
  )
  .join('\n')}
</dl>`;
  const relais = fiche.relais.map(
    (r) =>
      `<h3>${echapperHtml(r.nom)}</h3>\n<p>${echapperHtml(r.description[registre])}</p>\n${r.contact === undefined ? '' : contactHtml(r.contact, registre)}`,
  );
  return {
    chemin: `/territoires/${code}`,
    titre: dire('territoire-titre', registre, { lieu }),
    corps: `${chiffres}
${bassins}
<h2>${direHtml('territoire-contacts', registre)}</h2>
<p><a href="${adresse('/qui-accompagne-qui', registre)}">${direHtml('page-qui', registre)}</a></p>
${fiche.contacts
  .map(
    (c) =>
      `<section>\n<h3>${echapperHtml(c.nom.charAt(0).toUpperCase() + c.nom.slice(1))}</h3>\n${contactHtml(c, registre)}\n</section>`,
  )
  .join('\n')}
${
  fiche.zonesEmploi.length === 0
    ? ''
    : `<h2>${direHtml('territoire-zones', registre)}</h2>\n<p>${direHtml('territoire-zones-texte', registre, { liste: fiche.zonesEmploi.join(', ') })}</p>`
}
${liste(
  'territoire-lieux',
  fiche.lieux.map((l) => texteEnHtml(l.enMots)),
  registre,
)}
${liste('territoire-reunions', fiche.reunions.map(texteEnHtml), registre)}
<h2>${direHtml('territoire-portes', registre)}</h2>
<section>
<h3>${direHtml('territoire-formation', registre, { nom: fiche.formation.nom })}</h3>
${lienHtml(fiche.formation, registre)}
</section>
<section>
<h3>${echapperHtml(fiche.transitionsPro.nom)}</h3>
${lienHtml(fiche.transitionsPro, registre)}
</section>
${
  fiche.observatoire === undefined
    ? ''
    : `<section>\n<h3>${direHtml('territoire-observatoire', registre, { nom: fiche.observatoire.nom })}</h3>\n${lienHtml(fiche.observatoire, registre)}\n</section>`
}
${relais.map((r) => `<section>\n${r}\n</section>`).join('\n')}`,
  };
}
