import { tableDesRegles, THEMES, type LigneRegle, type Theme } from '../../../knowledge/aiguillage/index.ts';
import { relaisDe } from '../../../knowledge/information/index.ts';
import { texte } from '../../../knowledge/textes/index.ts';
import { jourEnToutesLettres, type Registre } from '../../../knowledge/vocabulaire/index.ts';
import { echapperHtml } from '../../http/index.ts';
import type { ScenarioNomme } from '../../sources/scenarios.ts';

type Dire = (cle: string, trous?: Readonly<Record<string, string>>) => string;

function effetEnMots(l: LigneRegle, dire: Dire, registre: Registre): string {
  const operateur = l.operateur === undefined ? '' : texte(`dialogue.nom-${l.operateur}`, registre);
  const relais = (l.relais ?? []).map((id) => relaisDe(id).nom).join(', ');
  const cle =
    l.effet === 'orientation' && l.role === 'alternative'
      ? 'alternative'
      : l.effet === 'ecart' && l.exclut === true
        ? 'ecart-exclut'
        : l.effet;
  const dit = dire(`effet-${cle}`, { operateur, relais });
  return dit.charAt(0).toUpperCase() + dit.slice(1);
}

function regleHtml(
  l: LigneRegle,
  exemples: readonly ScenarioNomme[],
  dire: Dire,
  registre: Registre,
): string {
  const ligne = (cle: string, contenu: string): string => `<dt>${dire(cle)}</dt><dd>${contenu}</dd>`;
  const puces = (lignes: readonly string[]): string =>
    `<ul>${lignes.map((x) => `<li>${x}</li>`).join('')}</ul>`;
  const references = l.references.map(
    (r) =>
      `<a href="${echapperHtml(r.url)}" rel="noreferrer">${dire('reference', {
        article: r.article,
        jour: jourEnToutesLettres(r.verifieLe),
        confiance: dire(`confiance-${r.confiance}`),
      })}</a>`,
  );
  const dates =
    l.au === undefined
      ? dire('depuis', { du: jourEnToutesLettres(l.du) })
      : dire('du-au', { du: jourEnToutesLettres(l.du), au: jourEnToutesLettres(l.au) });
  return `<article id="regle-${l.id}" class="une-regle">
<h4>${echapperHtml(l.titre)} <code>${l.id}</code></h4>
<dl>
${ligne('si-conditions', puces(l.conditions.map(echapperHtml)))}
${ligne('effet', effetEnMots(l, dire, registre))}
${ligne('dit', echapperHtml(l.motif))}
${ligne('references', puces(references))}
${ligne('en-vigueur', dates)}
${exemples.length === 0 ? '' : ligne('exemples', echapperHtml(exemples.map((s) => s.titre).join(' ; ')))}
</dl>
</article>`;
}

const EXEMPLES_MONTRES = 4;

/** The published table, by theme in the order of the ranking, each rule with its conditions, article, dates and checked examples. */
export function tableHtml(
  registre: Registre,
  exemples: ReadonlyMap<string, readonly ScenarioNomme[]>,
): string {
  const dire: Dire = (cle, trous = {}) => echapperHtml(texte(`regles.${cle}`, registre, trous));
  const lignes = tableDesRegles(registre);
  const bloc = (theme: Theme): string => {
    const siennes = lignes.filter((l) => l.theme === theme);
    const nombre =
      siennes.length === 1 ? dire('nombre-une') : dire('nombre', { nombre: String(siennes.length) });
    const regles = siennes.map((l) =>
      regleHtml(l, (exemples.get(l.id) ?? []).slice(0, EXEMPLES_MONTRES), dire, registre),
    );
    return `<details id="theme-${theme}"><summary><h3>${dire(`theme-${theme}`)}</h3> <span>${nombre}</span></summary>
${regles.join('\n')}
</details>`;
  };
  return THEMES.map(bloc).join('\n');
}
