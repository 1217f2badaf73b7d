import type { IncomingMessage } from 'node:http';
import { aiguiller, tableDesRegles } from '../../../knowledge/aiguillage/index.ts';
import { texte } from '../../../knowledge/textes/index.ts';
import { jourDe, type Jour, type Registre } from '../../../knowledge/vocabulaire/index.ts';
import { echapperHtml, lireCorps, repondreHtml, repondreJson, type Serveur } from '../../http/index.ts';
import type { Horloge } from '../../ports.ts';
import { lireScenarios, scenariosParRegle } from '../../sources/scenarios.ts';
import { rendrePage } from '../reperes/gabarit.ts';
import { formulaireHtml, lireFormulaire, type Saisie } from './formulaire.ts';
import { PageResultat } from './resultat.ts';
import { tableHtml } from './table.ts';

const LICENCE = 'https://www.etalab.gouv.fr/licence-ouverte-open-licence/';

const registreDe = (req: IncomingMessage): Registre =>
  /[?&]registre=falc\b/.test(req.url ?? '') ? 'falc' : 'standard';

/**
 * `/regles`: the whole table in both registers, a form that replays a profile (no JavaScript, nothing kept: the answer is computed and
 * forgotten), and the table and its scenarios as open data. Scenarios are read once, when first asked for: they change with the sources, not
 * while running, and playing them all costs more than a tenth of a second.
 */
export function monterRegles(serveur: Serveur, horloge: Horloge): void {
  let lu: ReturnType<typeof preparer> | undefined;
  const fonds = (): ReturnType<typeof preparer> => (lu ??= preparer());

  const rendre = (registre: Registre, le: Jour, saisie: Saisie | undefined): string => {
    const { tables, nombres } = fonds();
    const dire = (cle: string): string => echapperHtml(texte(`regles.${cle}`, registre, nombres));
    const corps = `<p class="chapeau">${dire('chapeau')}</p>
<p>${dire('lecture')}</p>
<h2 id="rejouer">${dire('rejouer')}</h2>
<p>${dire('rejouer-texte')}</p>
${saisie === undefined ? '' : resultatHtml(saisie, le, registre)}
${formulaireHtml(saisie ?? {}, le, registre)}
<h2>${dire('donnees')}</h2>
<p>${dire('donnees-texte')}</p>
<ul>
<li><a href="/regles/table.json" download>${dire('telecharger-table')}</a></li>
<li><a href="/regles/scenarios.json" download>${dire('telecharger-scenarios')}</a></li>
</ul>
<h2 id="table">${dire('table')}</h2>
${tables[registre]}`;
    return rendrePage(
      {
        racine: '/regles',
        feuille: '/demo/regles.css',
        chemin: '',
        titre: texte('regles.titre', registre),
        corps,
      },
      registre,
    );
  };

  serveur.restify.get('/regles', async (req, res) =>
    repondreHtml(res, rendre(registreDe(req), jourDe(horloge()), undefined)),
  );
  serveur.restify.post('/regles', async (req, res) => {
    const corps = await lireCorps(req, { types: ['application/x-www-form-urlencoded'], max: 8_192 });
    const saisie = Object.fromEntries(
      Object.entries(corps).flatMap(([k, v]) => (typeof v === 'string' && v !== '' ? [[k, v] as const] : [])),
    );
    repondreHtml(res, rendre(registreDe(req), jourDe(horloge()), saisie));
  });
  serveur.restify.get('/regles/table.json', async (_req, res) =>
    repondreJson(res, { licence: LICENCE, le: jourDe(horloge()), regles: tableDesRegles() }),
  );
  serveur.restify.get('/regles/scenarios.json', async (_req, res) =>
    repondreJson(res, { licence: LICENCE, le: jourDe(horloge()), scenarios: fonds().scenarios }),
  );
}

function preparer() {
  const scenarios = lireScenarios();
  const exemples = scenariosParRegle(scenarios);
  return {
    scenarios,
    tables: { standard: tableHtml('standard', exemples), falc: tableHtml('falc', exemples) },
    nombres: { regles: String(tableDesRegles().length), scenarios: String(scenarios.length) },
  };
}

function resultatHtml(saisie: Saisie, le: Jour, registre: Registre): string {
  const dire = (cle: string): string => echapperHtml(texte(`regles.${cle}`, registre));
  const lu = lireFormulaire(saisie, le, registre);
  const resultat = lu.ok ? aiguiller(lu.valeur) : lu;
  const contenu =
    resultat.ok && lu.ok
      ? new PageResultat(lu.valeur, registre).html(resultat.valeur)
      : `<p role="alert"><strong>${dire('refus')}.</strong> ${resultat.ok ? '' : refusEnMots(resultat.refus, registre)} ${dire('refus-garde')}</p>`;
  return `<section id="resultat" class="resultat" aria-labelledby="titre-resultat">
<h3 id="titre-resultat">${dire('resultat')}</h3>
${contenu}
</section>`;
}

/** The field by its name for people, then what is wrong with it. */
function refusEnMots(
  { champ, message }: { readonly champ: string; readonly message: string },
  registre: Registre,
): string {
  const cle =
    champ === 'commune' ? 'dossier.nom-lieu' : champ === 'le' ? 'regles.jour' : `dossier.nom-${champ}`;
  return `${echapperHtml(texte(cle, registre))} : ${echapperHtml(message)}`;
}
