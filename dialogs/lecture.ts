import { motsDeLecture, type SanteLue } from '../knowledge/dossier/index.ts';
import type { Carnet } from './contexte.ts';
import type { BlocCarte, Choix } from './messages.ts';

/** The words of the agreement to read this conversation, in the person's register. */
export const accordDeLecture = (
  carnet: Carnet,
  service: string,
  sante: SanteLue,
): ReturnType<typeof motsDeLecture> =>
  motsDeLecture(carnet.dossier.registre, { service, sante, jours: carnet.contexte.conservationJours });

/** Typed by a counsellor for somebody on the phone or at the desk, the conversation is not the person's to show, nor theirs to be answered in. */
export const estLaSienne = ({ dossier }: Carnet): boolean => dossier.assiste === undefined;

/** The box of the agreement, never ticked, and what it means. */
export function blocsDeLecture(carnet: Carnet, service: string, sante: SanteLue): readonly BlocCarte[] {
  if (!estLaSienne(carnet)) return [];
  const { accord, precision } = accordDeLecture(carnet, service, sante);
  return [
    { type: 'case', id: 'conversation', libelle: accord, cochee: false },
    { type: 'texte', texte: precision, style: 'discret' },
  ];
}

/** The button that takes the agreement back, where there is one. */
export const choixDeRetrait = (carnet: Carnet): readonly Choix[] =>
  carnet.contexte.suivi?.lecture === undefined
    ? []
    : [carnet.choix('lecture.choix-retirer', { action: 'retirer-lecture' })];

/** The person takes back the agreement: the host does it, whatever this turn believes of it. */
export function retirerLecture(carnet: Carnet): 'demande' | 'sans-objet' {
  if (carnet.dossier.transmission?.etat !== 'envoyee') {
    carnet.dire('lecture.retiree-deja');
    return 'sans-objet';
  }
  carnet.demander({ type: 'retirer-lecture', service: carnet.dossier.transmission.service });
  return 'demande';
}

export const conclureRetrait = (carnet: Carnet, service: string, reussi: boolean): void =>
  carnet.dire(reussi ? 'lecture.retiree' : 'lecture.retrait-echec', { service });
