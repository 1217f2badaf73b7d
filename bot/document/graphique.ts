import { nombre, pleineLongueur, type GraphiqueInformation } from '../../knowledge/information/index.ts';
import { texte } from '../../knowledge/textes/index.ts';
import type { Registre } from '../../knowledge/vocabulaire/index.ts';
import { echapperHtml } from '../http/index.ts';

/** Bars without script nor inline style: the length is an attribute of the drawing, the value is written beside, the sentence says it all. */
export function graphiqueHtml(g: GraphiqueInformation, registre: Registre): string {
  const max = pleineLongueur(g);
  const rangees = g.barres.map(({ libelle, valeur }) => {
    const trace =
      valeur === null
        ? ''
        : `<svg viewBox="0 0 100 10" preserveAspectRatio="none" focusable="false"><rect x="0" y="0" width="${Math.max(1, (valeur / max) * 100).toFixed(1)}" height="10"/></svg>`;
    return `<div class="barre"><span>${echapperHtml(libelle)}</span><span class="barre-trace">${trace}</span><span>${valeur === null ? echapperHtml(texte('information.graphique-non-publie', registre)) : nombre(valeur)}</span></div>`;
  });
  return `<figure class="graphique">
<figcaption>${echapperHtml(g.titre)} (${echapperHtml(g.unite)})</figcaption>
<p class="cache">${echapperHtml(g.texte)}</p>
<div aria-hidden="true">
${rangees.join('\n')}
</div>
<p class="source">${echapperHtml(g.source)}</p>
</figure>`;
}
