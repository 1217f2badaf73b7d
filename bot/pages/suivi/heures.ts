import type { HeuresDuService } from '../../../dialogs/index.ts';
import { heureDe, texte, type Parametres } from '../../../knowledge/textes/index.ts';
import {
  ajouterJours,
  FUSEAU_PARIS,
  heureEnMots,
  jourDe,
  jourDeSemaineEnMots,
  type Jour,
  type Registre,
} from '../../../knowledge/vocabulaire/index.ts';
import {
  heuresDe,
  JOURS_DE_SEMAINE,
  type Calendrier,
  type Horaires,
  type ServiceReceveur,
} from '../../handover/index.ts';
import { echapperHtml } from '../../http/index.ts';

/** Dated closings and openings further away than that are not for somebody who waits for an answer. */
const HORIZON_JOURS = 60;

type Mot = (cle: string, trous?: Parametres) => string;

/** Open until, or closed and when it opens next. @param sujet whose sentences: of the request (`suivi`), or of answers given here (`echange`) */
export function motsDOuverture(
  { ouverture, fuseau }: HeuresDuService,
  sujet: 'suivi' | 'echange',
  registre: Registre,
): string {
  const mot: Mot = (cle, trous) =>
    texte(sujet === 'suivi' ? `suivi.heures-${cle}` : `echange.${cle}`, registre, trous);
  const nom = heureDe(fuseau ?? FUSEAU_PARIS, registre);
  if (ouverture === undefined) return '';
  if (ouverture.ouvert) return mot('ouvert', { heure: heureEnMots(ouverture.jusqua), fuseau: nom });
  const { prochaine } = ouverture;
  return prochaine === undefined
    ? mot('ferme-sans-date')
    : mot('ferme', {
        quand: `${jourDeSemaineEnMots(prochaine.jour)} à ${heureEnMots(prochaine.heure)}`,
        fuseau: nom,
      });
}

const plagesEnMots = (plages: readonly string[], mot: Mot): string =>
  plages
    .map((p) => mot('plage', { debut: heureEnMots(p.slice(0, 5)), fin: heureEnMots(p.slice(6)) }))
    .join(mot('et'));

/** Monday first; days in a row with the same hours make one line. */
function semaineEnMots({ semaine }: Horaires, mot: Mot): readonly (readonly [string, string])[] {
  const [dimanche, ...autres] = JOURS_DE_SEMAINE;
  const groupes: { premier: string; dernier: string; nombre: number; heures: string }[] = [];
  for (const jour of [...autres, dimanche]) {
    const plages = semaine[jour];
    const heures = plages === undefined ? mot('jour-ferme') : plagesEnMots(plages, mot);
    const courant = groupes.at(-1);
    if (courant?.heures === heures) {
      courant.dernier = jour;
      courant.nombre += 1;
    } else groupes.push({ premier: jour, dernier: jour, nombre: 1, heures });
  }
  return groupes.map(({ premier, dernier, nombre, heures }) => [
    nombre === 1
      ? mot('jour', { jour: premier })
      : mot(nombre === 2 ? 'deux-jours' : 'jours', { debut: premier, fin: dernier }),
    heures,
  ]);
}

/** Dated closings and openings of the next weeks. */
function exceptions(
  { fermetures = [], ouvertures = [] }: Horaires,
  aujourdhui: Jour,
  mot: Mot,
): readonly string[] {
  const fin = ajouterJours(aujourdhui, HORIZON_JOURS);
  return [
    ...fermetures
      .filter(({ du, au }) => au >= aujourdhui && du <= fin)
      .map(({ du, au }) =>
        du === au
          ? mot('fermeture-jour', { jour: jourDeSemaineEnMots(du) })
          : mot('fermeture', { du: jourDeSemaineEnMots(du), au: jourDeSemaineEnMots(au) }),
      ),
    ...ouvertures
      .filter(({ le }) => le >= aujourdhui && le <= fin)
      .map(({ le, plages }) =>
        mot('ouverture', { jour: jourDeSemaineEnMots(le), heures: plagesEnMots(plages, mot) }),
      ),
  ];
}

/** When the service can be reached: open or closed now, its week, what is dated, its own words. Empty where its hours are not known. */
export function rendreHeures(
  service: Calendrier & Pick<ServiceReceveur, 'nom'>,
  maintenant: number,
  registre: Registre,
): string {
  const { horaires, fuseau } = service;
  if (horaires === undefined) return '';
  const mot: Mot = (cle, trous) => texte(`suivi.heures-${cle}`, registre, trous);
  const heures = heuresDe(service, maintenant);
  const paragraphe = (mots: string): string => `<p>${echapperHtml(mots)}</p>`;
  const lignes = semaineEnMots(horaires, mot)
    .map(([jours, plages]) => `<div><dt>${echapperHtml(jours)}</dt><dd>${echapperHtml(plages)}</dd></div>`)
    .join('');
  const dates = exceptions(horaires, jourDe(maintenant, fuseau), mot)
    .map((m) => `<li>${echapperHtml(m)}</li>`)
    .join('');
  return `<section aria-labelledby="horaires"><h2 id="horaires">${echapperHtml(mot('titre'))}</h2>
<p><strong>${echapperHtml(motsDOuverture(heures, 'suivi', registre))}</strong></p>
<dl class="faits-suivi heures-suivi">${lignes}</dl>
${dates === '' ? '' : `<ul>${dates}</ul>\n`}${paragraphe(mot('feries', { fuseau: heureDe(fuseau ?? FUSEAU_PARIS, registre) }))}
${horaires.note === undefined ? '' : paragraphe(mot('note', { note: horaires.note }))}
</section>
`;
}
