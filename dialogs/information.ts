import { demandeInformation, territoireDe, lieuEnMots, type Etape } from '../knowledge/dossier/index.ts';
import {
  explorer,
  informer,
  nomDeMetier,
  nommerExploration,
  type DemandeInformation,
  type Exploration,
  type PieceInformation,
} from '../knowledge/information/index.ts';
import { lireAilleurs, type Comprehension } from '../knowledge/langage/index.ts';
import { commune, nomComplet } from '../knowledge/territoire/index.ts';
import type { Carnet } from './contexte.ts';
import type { BlocCarte, Choix } from './messages.ts';
import { progressionDe } from './progression.ts';

/** Never more than three things at once (issue of readability, not of space): the rest comes with « en savoir plus ». */
const PAR_FOIS = 3;

/** What `informer` needs of a dossier. */
/** What information is chosen from, the live sources included. */
function demandeDuTour({ dossier, contexte }: Carnet): DemandeInformation {
  const vives = contexte.vives?.(
    territoireDe(dossier.lieu),
    dossier.metiers.map((m) => m.rome),
  );
  return {
    ...demandeInformation(dossier, contexte.aujourdhui),
    ...(vives === undefined ? {} : { vives }),
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

function montrer(
  carnet: Carnet,
  pieces: readonly PieceInformation[],
  titre: string,
  exploration?: Exploration,
): void {
  carnet.noter({
    type: 'information',
    pieces: pieces.map(({ id, genre }) => ({ id, genre })),
    ...(exploration === undefined
      ? {}
      : {
          exploration: {
            ...exploration,
            communes: [...exploration.communes],
            metiers: exploration.metiers.map(({ libelle, rome }) => ({ libelle, rome })),
          },
        }),
  });
  carnet.repondre({
    texte: titre,
    carte: { titre: carnet.t('dialogue.progression-information'), blocs: pieces.flatMap(blocs), actions: [] },
  });
}

/** Asks whether the information was understood: the step ends when the person says so, not when the text was shown. */
export function verifier(carnet: Carnet, etape: Etape): void {
  const { pieces } = informer(demandeDuTour(carnet), carnet.dossier.registre);
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
  const { pieces } = informer(demandeDuTour(carnet), carnet.dossier.registre);
  const dites = carnet.dossier.informations.map((i) => i.id);
  const choisies =
    mode === 'reprise'
      ? pieces.filter((p) => dites.slice(-PAR_FOIS).includes(p.id))
      : pieces.filter((p) => !dites.includes(p.id)).slice(0, PAR_FOIS);
  if (choisies.length === 0) {
    if (dites.length > 0) carnet.dire('dialogue.information-fin');
    return finir(carnet, etape);
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
  finir(carnet, etape);
}

/** The follow-ups of information given out of its step: the person is not held there. */
function proposerReprise(carnet: Carnet): void {
  carnet.dire(
    'dialogue.information-verification',
    {},
    {
      choix: [
        carnet.choix('dialogue.choix-reprendre', { action: 'reprendre' }),
        ...choixVerification(carnet, 0).slice(1),
      ],
    },
  );
}

/** After something was shown: the check of the information step, or the way back to where the person was. */
function finir(carnet: Carnet, etape: Etape): void {
  if (etape.type === 'information') verifier(carnet, etape);
  else proposerReprise(carnet);
}

function montrerExploration(carnet: Carnet, exploration: Exploration, etape: Etape): void {
  const { pieces } = explorer(demandeDuTour(carnet), exploration, carnet.dossier.registre);
  const { communes, departement, region } = exploration;
  const zone =
    communes.length > 0
      ? undefined
      : lieuEnMots(
          {
            ...(departement === undefined ? {} : { departement }),
            ...(region === undefined ? {} : { region }),
          },
          carnet.dossier.registre,
        );
  montrer(
    carnet,
    pieces.slice(0, PAR_FOIS),
    carnet.t('dialogue.information-explorer', { quoi: nommerExploration(exploration, zone) }),
    exploration,
  );
  finir(carnet, etape);
}

/** Several places of one name: asked, never guessed. */
function demanderLaquelle(carnet: Carnet, codes: readonly string[], metiers: Exploration['metiers']): void {
  carnet.dire(
    'dialogue.information-explorer-lieux',
    {},
    {
      choix: [
        ...codes.slice(0, 6).map((commune) => ({
          libelle: nomComplet(commune),
          valeur: {
            action: 'explorer',
            commune,
            ...(metiers[0] === undefined ? {} : { rome: metiers[0].rome }),
          },
        })),
        carnet.choix('dialogue.choix-reprendre', { action: 'reprendre' }),
      ],
    },
  );
}

/** One commune for each name said, the best first; several communes under one name only are candidates to choose from. */
function communesNommees(lu: Comprehension): {
  readonly dites: readonly string[];
  readonly homonymes: boolean;
} {
  if (lu.commune !== null) return { dites: [lu.commune], homonymes: false };
  const parNom = new Map<string, string>();
  for (const code of lu.communes) {
    const nom = commune(code)?.nom ?? code;
    if (!parNom.has(nom)) parNom.set(nom, code);
  }
  return { dites: [...parNom.values()], homonymes: parNom.size === 1 };
}

/**
 * A look elsewhere (« et à Arras ? », « et pour électricien ? », « compare Lille et Valenciennes »): informs without changing what was noted of the person. A question
 * that follows another keeps what it does not say: « et à Lens ? » after « et pour électricien ? » is about an electrician in Lens.
 */
export function repondreExploration(carnet: Carnet, texte: string, lu: Comprehension, etape: Etape): void {
  const avant = carnet.dossier.exploration;
  const metiers = lu.metiers.length > 0 ? lu.metiers : (avant?.metiers ?? []);
  const { dites, homonymes } = communesNommees(lu);
  if (homonymes) return demanderLaquelle(carnet, lu.communes, metiers);
  const chezSoi = carnet.dossier.lieu.commune;
  const reference = avant?.communes[0] ?? chezSoi;
  const seule = dites.length === 1 ? dites[0] : undefined;
  // « compare avec Dunkerque »: with the place looked at last, otherwise with home.
  const comparees =
    lireAilleurs(texte) === 'comparaison' &&
    seule !== undefined &&
    reference !== undefined &&
    reference !== seule
      ? [reference, seule]
      : dites;
  const lieuDit = dites.length > 0 || lu.departement !== undefined || lu.region !== undefined;
  const exploration: Exploration = lieuDit
    ? {
        communes: comparees,
        ...(comparees.length > 0 || lu.departement === undefined ? {} : { departement: lu.departement }),
        ...(comparees.length > 0 || lu.region === undefined ? {} : { region: lu.region }),
        metiers,
      }
    : { communes: [], ...avant, metiers };
  return montrerExploration(carnet, exploration, etape);
}

/** The place chosen among namesakes, with the métier that was being looked at. */
export function explorerCommune(
  carnet: Carnet,
  codeCommune: string,
  rome: string | undefined,
  etape: Etape,
): void {
  const connus = [...(carnet.dossier.exploration?.metiers ?? []), ...carnet.dossier.metiers];
  const metier =
    rome === undefined
      ? undefined
      : (connus.find((m) => m.rome === rome) ?? { libelle: nomDeMetier(rome), rome });
  const exploration = { communes: [codeCommune], metiers: metier === undefined ? [] : [metier] };
  return montrerExploration(carnet, exploration, etape);
}

const APRES_INFORMATION = new Set(['information', 'orientation', 'decision', 'document']);

/**
 * True when a message asks about another place or métier rather than telling about oneself: at any time for a comparison, which never says
 * where the person lives; once something was informed for the rest (« et à Arras ? » may answer « où habitez-vous ? » before).
 */
export function estExploration(carnet: Carnet, texte: string, lu: Comprehension): boolean {
  const { dossier } = carnet;
  const lieux = lu.communes.length + (lu.commune === null ? 0 : 1);
  const nomme = lieux > 0 || lu.departement !== undefined || lu.region !== undefined || lu.metiers.length > 0;
  if (!nomme || Object.keys(lu.profil).length > 0) return false;
  const ailleurs = lireAilleurs(texte);
  if (ailleurs === 'comparaison' && !communesNommees(lu).homonymes && lieux > 1)
    return dossier.metiers.length + lu.metiers.length > 0;
  return (
    ailleurs !== undefined &&
    dossier.informations.length > 0 &&
    (dossier.question === null || APRES_INFORMATION.has(dossier.question))
  );
}

/**
 * What one asks of information already given, at any later step: more, the method to read it, or the same in simpler words. Simpler than « facile à lire » does not exist:
 * a person is named then, and the dossier keeps that it was not understood.
 */
export function suivreInformation(
  carnet: Carnet,
  suite: 'plus' | 'simple' | 'methode',
  etape: Etape,
): 'dite' | 'personne' {
  if (suite === 'plus') {
    donnerInformation(carnet, etape);
    return 'dite';
  }
  if (suite === 'methode') {
    carnet.dire('dialogue.information-methode');
    finir(carnet, etape);
    return 'dite';
  }
  if (carnet.dossier.registre === 'falc') {
    carnet.noter({ type: 'information-vue', comprise: 'a-revoir' });
    carnet.dire('dialogue.information-plus-simple-impossible');
    return 'personne';
  }
  carnet.noter({ type: 'registre', registre: 'falc' });
  const { exploration } = carnet.dossier;
  if (exploration === undefined) donnerInformation(carnet, etape, 'reprise');
  else {
    carnet.dire('dialogue.information-plus-simple');
    montrerExploration(carnet, exploration, etape);
  }
  return 'dite';
}
