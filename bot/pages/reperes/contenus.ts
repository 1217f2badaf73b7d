import { tableDesRegles, type LigneRegle } from '../../../knowledge/aiguillage/index.ts';
import {
  anneeBmo,
  contactsDe,
  descriptionOperateur,
  dispositifs,
  nomOperateur,
  relaisDe,
  sourceBmo,
  type Contact,
  type Dispositif,
} from '../../../knowledge/information/index.ts';
import { repondreFaq } from '../../../knowledge/langage/index.ts';
import {
  jourEnToutesLettres,
  OPERATEURS,
  type Jour,
  type Operateur,
  type Registre,
} from '../../../knowledge/vocabulaire/index.ts';
import { echapperHtml } from '../../http/index.ts';
import { texteEnHtml } from '../texte-html.ts';
import { adresse, dire, direHtml, PAGES_REPERES, sourceHtml } from './gabarit.ts';

/** The first page: what there is, one line each. */
export const corpsAccueil = (registre: Registre): string =>
  `<p class="chapeau">${direHtml('chapeau', registre)}</p>
${PAGES_REPERES.map(
  ({ chemin, cle }) =>
    `<h2><a href="${adresse(chemin, registre)}">${direHtml(cle, registre)}</a></h2>\n<p>${direHtml(`${cle}-resume`, registre)}</p>`,
).join('\n')}`;

/** The pieces about the CEP, in the order one wonders: the same answers as in the conversation. */
const QUESTIONS_CEP = [
  'cep-definition',
  'qui-a-droit',
  'gratuit',
  'cep-deroulement',
  'niveau-2',
  'cep-duree',
  'distance',
  'employeur-informe',
  'temps-de-travail',
  'plusieurs-fois',
  'deux-operateurs',
  'continuite',
  'cep-bilan',
  'ft-sanction',
  'reclamation',
] as const;

/** What the CEP is: the checked answers of the conversation, each with its sources. */
export const corpsCep = (registre: Registre): string =>
  QUESTIONS_CEP.map((id) => {
    const { titre, texte, sources } = repondreFaq(id, registre);
    return `<section>
<h2>${echapperHtml(titre)}</h2>
${texteEnHtml(texte)}
${sources.map((s) => sourceHtml(s, registre)).join('\n')}
</section>`;
  }).join('\n');

/** How to reach a service: number, address on the web, note, source. */
export function contactHtml(contact: Contact, registre: Registre): string {
  const { telephone, horaires, url, libelleUrl, note, source } = contact;
  const numero =
    telephone === undefined
      ? []
      : [
          `<a href="tel:${telephone.replaceAll(/\D/g, '')}">${direHtml('qui-numero', registre, { numero: telephone })}</a>${horaires === undefined ? '' : ` (${echapperHtml(horaires)})`}`,
        ];
  const lien = `<a href="${echapperHtml(url)}" rel="noreferrer">${echapperHtml(libelleUrl)}</a>`;
  return `<p>${[...numero, lien].join('<br>')}</p>
${note === undefined ? '' : `<p>${echapperHtml(note)}</p>`}
${sourceHtml(source, registre)}`;
}

const articleHtml = (r: LigneRegle): string =>
  r.references
    .map((ref) => `<a href="${echapperHtml(ref.url)}" rel="noreferrer">${echapperHtml(ref.article)}</a>`)
    .join(', ');

function listeRegles(titre: string, regles: readonly LigneRegle[], registre: Registre): string {
  if (regles.length === 0) return '';
  return `<h3>${direHtml(titre, registre)}</h3>
<ul>
${regles.map((r) => `<li>${echapperHtml(r.motif)} <span class="source">${articleHtml(r)}</span></li>`).join('\n')}
</ul>`;
}

function operateurHtml(operateur: Operateur, regles: readonly LigneRegle[], registre: Registre): string {
  const siennes = regles.filter((r) => r.effet === 'orientation' && r.operateur === operateur);
  const deja = siennes.filter((r) => r.theme === 'continuite');
  const autres = siennes.filter((r) => r.theme !== 'continuite');
  const nom = nomOperateur(operateur);
  return `<section>
<h2 id="${operateur}">${echapperHtml(nom.charAt(0).toUpperCase() + nom.slice(1))}</h2>
<p>${echapperHtml(descriptionOperateur(operateur, registre))}</p>
${listeRegles(
  'qui-principales',
  autres.filter((r) => r.role === 'principale'),
  registre,
)}
${listeRegles(
  'qui-alternatives',
  autres.filter((r) => r.role === 'alternative'),
  registre,
)}
${listeRegles('qui-continuite', deja, registre)}
${contactHtml(contactsDe(operateur, {}, registre), registre)}
</section>`;
}

/** Who accompanies whom, written from the decision table in force on that day: the page cannot disagree with the conversation. */
export function corpsQui(registre: Registre, le: Jour): string {
  const regles = tableDesRegles(registre).filter((r) => r.du <= le && (r.au ?? le) >= le);
  const agents = regles.filter((r) => r.effet === 'relais' && r.theme === 'agent-public');
  const horsChamp = regles.filter((r) => r.effet === 'hors-champ');
  const portes = (r: LigneRegle): string =>
    direHtml('qui-hors-champ-portes', registre, {
      portes: (r.relais ?? []).map((id) => relaisDe(id).nom).join(' ; '),
    });
  const avecPortes = (titre: string, liste: readonly LigneRegle[], intro: string): string =>
    `<section>
<h2>${direHtml(titre, registre)}</h2>
${intro}
<ul>
${liste.map((r) => `<li>${echapperHtml(r.motif)} ${portes(r)} <span class="source">${articleHtml(r)}</span></li>`).join('\n')}
</ul>
</section>`;
  return `${texteEnHtml(dire('qui-intro', registre))}
${OPERATEURS.map((o) => operateurHtml(o, regles, registre)).join('\n')}
${avecPortes('qui-agents', agents, `<p>${direHtml('qui-agents-intro', registre)}</p>`)}
${avecPortes('qui-hors-champ', horsChamp, '')}`;
}

function dispositifHtml(d: Dispositif, registre: Registre): string {
  const rubriques = [
    ['dispositif-quoi', d.quoi],
    ['dispositif-conditions', d.conditions],
    ['dispositif-montant', d.montant],
    ['dispositif-decide', d.quiDecide],
  ] as const;
  const lignes = rubriques.flatMap(([cle, phrases]) =>
    phrases === undefined
      ? []
      : [`<dt>${direHtml(cle, registre)}</dt><dd>${echapperHtml(phrases[registre])}</dd>`],
  );
  if (d.lien !== undefined)
    lignes.push(
      `<dt>${direHtml('dispositif-lien', registre)}</dt><dd><a href="${echapperHtml(d.lien.url)}" rel="noreferrer">${echapperHtml(d.lien.libelleUrl)}</a></dd>`,
    );
  return `<section>
<h3 id="${d.id}">${echapperHtml(d.nom)}</h3>
<dl>
${lignes.join('\n')}
</dl>
${sourceHtml(d.source, registre)}
<p class="source">${direHtml('verifie-le', registre, { jour: jourEnToutesLettres(d.verifieLe) })}</p>
</section>`;
}

/** Every scheme in force on that day, then what is gone or suspended, so that an old name finds its answer. */
export function corpsDispositifs(registre: Registre, le: Jour): string {
  const enVigueur = (d: Dispositif): boolean =>
    d.statut === 'en-vigueur' && (d.du ?? le) <= le && (d.au ?? le) >= le;
  const aVenir = (d: Dispositif): boolean => d.statut === 'en-vigueur' && (d.du ?? le) > le;
  const tous = [...dispositifs()].sort((a, b) => a.nom.localeCompare(b.nom, 'fr'));
  const ouverts = tous.filter(enVigueur);
  const finis = tous.filter((d) => !enVigueur(d) && !aVenir(d));
  return `<p>${direHtml('dispositifs-intro', registre)}</p>
<nav aria-label="${direHtml('dispositifs-sommaire', registre)}"><ul class="deux-colonnes liste-liens">
${ouverts.map((d) => `<li><a href="#${d.id}">${echapperHtml(d.nom)}</a></li>`).join('\n')}
</ul></nav>
<h2>${direHtml('page-dispositifs', registre)}</h2>
${ouverts.map((d) => dispositifHtml(d, registre)).join('\n')}
<h2>${direHtml('dispositifs-finis', registre)}</h2>
<p>${direHtml('dispositifs-finis-intro', registre)}</p>
${finis.map((d) => dispositifHtml(d, registre)).join('\n')}`;
}

/** How to read the figures: where they come from, five questions, the words. */
export const corpsLire = (registre: Registre): string =>
  `${['vient', 'questions', 'mots', 'suite']
    .map(
      (p) =>
        `<section>\n<h2>${direHtml(`lire-${p}`, registre)}</h2>\n${texteEnHtml(
          dire(`lire-${p}-texte`, registre, { annee: anneeBmo() }),
        )}\n</section>`,
    )
    .join('\n')}
${sourceHtml(sourceBmo(), registre)}`;

/** Exercises to do on paper: nothing is typed, nothing is sent. */
export const corpsExercices = (registre: Registre): string =>
  `<p>${direHtml('exercices-intro', registre)}</p>
${[1, 2, 3]
  .map(
    (n) => `<section>
<h2>${direHtml(`exercice-${n}`, registre)}</h2>
<p>${direHtml(`exercice-${n}-texte`, registre)}</p>
${dire(`exercice-${n}-lignes`, registre)
  .split('|')
  .map((l) => `<p class="a-ecrire">${echapperHtml(l)} :</p>`)
  .join('\n')}
</section>`,
  )
  .join('\n')}
<section>
<h2>${direHtml('exercices-suite', registre)}</h2>
<p>${direHtml('exercices-suite-texte', registre)}</p>
</section>`;
