import { territoireDe, lieuEnMots, type Etape } from '../knowledge/dossier/index.ts';
import { informer, type DemandeInformation, type PieceInformation } from '../knowledge/information/index.ts';
import type { Comprehension } from '../knowledge/langage/index.ts';
import type { Carnet } from './contexte.ts';
import type { BlocCarte, Choix } from './messages.ts';
import { progressionDe } from './progression.ts';

/** Never more than three things at once (issue of readability, not of space): the rest comes with « en savoir plus ». */
const PAR_FOIS = 3;

/** What `informer` needs of a dossier, with what was just said when one explores (« et à Arras ? »). */
function demandeInformation(carnet: Carnet, exploration?: Comprehension): DemandeInformation {
  const { dossier, contexte } = carnet;
  const lieu =
    exploration !== undefined &&
    (exploration.commune !== null ||
      exploration.departement !== undefined ||
      exploration.region !== undefined)
      ? {
          ...(exploration.commune === null ? {} : { commune: exploration.commune }),
          ...(exploration.departement === undefined ? {} : { departement: exploration.departement }),
          ...(exploration.region === undefined ? {} : { region: exploration.region }),
        }
      : dossier.lieu;
  const metiers =
    exploration !== undefined && exploration.metiers.length > 0
      ? exploration.metiers.map((m) => ({ ...m, role: 'vise' as const }))
      : dossier.metiers;
  return {
    le: contexte.aujourdhui,
    profil: dossier.profil,
    ...(dossier.demande === undefined ? {} : { demande: dossier.demande }),
    ...territoireDe(lieu),
    metiers,
  };
}

function blocs(piece: PieceInformation): BlocCarte[] {
  const sources = piece.sources.map((s) => `${s.titre} (${s.date})`).join(' ; ');
  return [
    { type: 'titre', texte: piece.titre },
    { type: 'texte', texte: piece.texte },
    ...(piece.graphique === undefined ? [] : [{ type: 'graphique' as const, graphique: piece.graphique }]),
    ...(sources === ''
      ? []
      : [{ type: 'texte' as const, texte: `Source : ${sources}`, style: 'discret' as const }]),
  ];
}

function choixVerification(carnet: Carnet, reste: number): Choix[] {
  return [
    carnet.choix('dialogue.choix-information-oui', { action: 'information', suite: 'oui' }),
    ...(reste > 0
      ? [carnet.choix('dialogue.choix-information-plus', { action: 'information', suite: 'plus' })]
      : []),
    ...(carnet.dossier.registre === 'falc'
      ? []
      : [carnet.choix('dialogue.choix-information-simple', { action: 'information', suite: 'simple' })]),
    carnet.choix('dialogue.choix-information-methode', { action: 'information', suite: 'methode' }),
  ];
}

function montrer(carnet: Carnet, pieces: readonly PieceInformation[], titre: string): void {
  carnet.noter({ type: 'information', pieces: pieces.map(({ id, genre }) => ({ id, genre })) });
  carnet.repondre({
    texte: titre,
    carte: { titre: carnet.t('dialogue.progression-information'), blocs: pieces.flatMap(blocs), actions: [] },
  });
}

/** Asks whether the information was understood: the step ends when the person says so, not when the text was shown. */
export function verifier(carnet: Carnet, etape: Etape): void {
  const { pieces } = informer(demandeInformation(carnet), carnet.dossier.registre);
  const dites = new Set(carnet.dossier.informations.map((i) => i.id));
  if (carnet.dossier.question !== 'information') carnet.noter({ type: 'question', question: 'information' });
  carnet.dire(
    'dialogue.information-verification',
    {},
    {
      choix: choixVerification(carnet, pieces.filter((p) => !dites.has(p.id)).length),
      progression: progressionDe(carnet, etape),
    },
  );
}

/** The information step: the first three pieces, or the next three, or the same ones again in the other register. */
export function donnerInformation(carnet: Carnet, etape: Etape, mode: 'suite' | 'reprise' = 'suite'): void {
  const { pieces } = informer(demandeInformation(carnet), carnet.dossier.registre);
  const dites = carnet.dossier.informations.map((i) => i.id);
  const choisies =
    mode === 'reprise'
      ? pieces.filter((p) => dites.slice(-PAR_FOIS).includes(p.id))
      : pieces.filter((p) => !dites.includes(p.id)).slice(0, PAR_FOIS);
  if (choisies.length === 0) {
    if (dites.length > 0) carnet.dire('dialogue.information-fin');
    return verifier(carnet, etape);
  }
  const lieu = lieuEnMots(carnet.dossier.lieu, carnet.dossier.registre);
  const cle =
    mode === 'reprise'
      ? 'information-plus-simple'
      : dites.length > 0
        ? 'information-suite'
        : 'information-intro';
  const titre = carnet.t(`dialogue.${cle}`, {
    lieu: lieu === undefined || carnet.dossier.lieu.sansReponse === true ? '' : ` – ${lieu}`,
  });
  montrer(carnet, choisies, titre);
  verifier(carnet, etape);
}

/** A look elsewhere (« et à Arras ? », « et pour électricien ? »): informs without changing what was noted of the person. */
export function explorer(carnet: Carnet, lu: Comprehension, etape: Etape): void {
  const { pieces } = informer(demandeInformation(carnet, lu), carnet.dossier.registre);
  montrer(carnet, pieces.slice(0, PAR_FOIS), carnet.t('dialogue.information-explorer'));
  if (etape.type === 'information') verifier(carnet, etape);
}

/** True when a message at or after the information step asks about another place or métier rather than telling about oneself. */
export function estExploration(carnet: Carnet, texte: string, lu: Comprehension): boolean {
  const { dossier } = carnet;
  if (
    dossier.informations.length === 0 ||
    (dossier.question !== null &&
      !['information', 'orientation', 'decision', 'document'].includes(dossier.question))
  )
    return false;
  const ailleurs =
    lu.commune !== null || lu.departement !== undefined || lu.region !== undefined || lu.metiers.length > 0;
  return (
    ailleurs &&
    /^\s*(et|ou|sinon|compare|que|qu|quel|c'est comment)\b/i.test(texte) &&
    Object.keys(lu.profil).length === 0
  );
}
