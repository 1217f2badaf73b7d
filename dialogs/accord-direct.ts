import { heureDe } from '../knowledge/textes/index.ts';
import { FUSEAU_PARIS, heureEnMots, jourDeSemaineEnMots } from '../knowledge/vocabulaire/index.ts';
import type { Carnet, HeuresDuService } from './contexte.ts';
import type { BlocCarte, Choix } from './messages.ts';

/** What is said of the hours of a service that answers here: open until, or closed and when it opens; `undefined` when they are not known. */
function motsDesHeures(carnet: Carnet, { ouverture, fuseau }: HeuresDuService): string | undefined {
  if (ouverture === undefined) return undefined;
  const nom = heureDe(fuseau ?? FUSEAU_PARIS, carnet.dossier.registre);
  if (ouverture.ouvert)
    return carnet.t('echange.ouvert', { heure: heureEnMots(ouverture.jusqua), fuseau: nom });
  const { prochaine } = ouverture;
  return prochaine === undefined
    ? carnet.t('echange.ferme-sans-date')
    : carnet.t('echange.ferme', {
        quand: `${jourDeSemaineEnMots(prochaine.jour)} à ${heureEnMots(prochaine.heure)}`,
        fuseau: nom,
      });
}

const estFerme = ({ ouverture }: HeuresDuService): boolean => ouverture?.ouvert === false;

/**
 * The box that lets somebody answer here, while the service is open; closed, when it opens, and no box: nobody is there. The same wherever
 * it is asked: at sending, and at a re-routing.
 */
export function blocsDAccord(
  carnet: Carnet,
  service: HeuresDuService & { readonly nom: string },
): readonly BlocCarte[] {
  const dire = (texte: string): BlocCarte => ({ type: 'texte', texte, style: 'discret' });
  const heures = [motsDesHeures(carnet, service), service.noteHoraires].flatMap((m) =>
    m === undefined ? [] : [dire(m)],
  );
  if (estFerme(service)) return heures;
  return [
    {
      type: 'case',
      id: 'enDirect',
      libelle: carnet.t('echange.accord', { service: service.nom }),
      cochee: false,
    },
    dire(carnet.t('echange.accord-precision')),
    ...heures,
  ];
}

/** After leaving an exchange: the button that agrees again, while the service is open. `undefined`: it is closed. */
export function choixDAccepter(carnet: Carnet): Choix | undefined {
  const heures = carnet.contexte.suivi?.enDirect;
  return heures !== undefined && estFerme(heures)
    ? undefined
    : carnet.choix('echange.choix-accepter', { action: 'accepter-echange' });
}

/** That button where the person asks about their request: they left an exchange, and the service is open now. */
export const choixDAccepterEncore = (carnet: Carnet): readonly Choix[] => {
  if (carnet.dossier.accordEchange !== 'non' || carnet.contexte.suivi?.enDirect === undefined) return [];
  const choix = choixDAccepter(carnet);
  return choix === undefined ? [] : [choix];
};

/** Closed: when it opens, in the same words as at sending. */
export function direFermeture(carnet: Carnet): void {
  const heures = carnet.contexte.suivi?.enDirect;
  const mots = heures !== undefined && estFerme(heures) ? motsDesHeures(carnet, heures) : undefined;
  if (mots !== undefined) carnet.repondre({ texte: mots });
}
