import type { Issue } from '../aiguillage/index.ts';
import type { GenreInformation } from '../information/types.ts';
import type { MetierCompris } from '../langage/types.ts';
import {
  jamais,
  type Champ,
  type Demande,
  type Operateur,
  type Profil,
  type Registre,
} from '../vocabulaire/index.ts';
import type { Evenement, ExplorationNotee, Question } from './evenements.ts';

export type Lieu = {
  readonly commune?: string;
  readonly departement?: string;
  readonly region?: string;
  readonly sansReponse?: boolean;
};

/** One conversation's record. Built only by `rejouer`/`appliquer`; never mutated. */
export type Dossier = {
  readonly version: 1;
  readonly registre: Registre;
  readonly demande?: Demande;
  readonly secondaires: readonly Demande[];
  readonly paroles: readonly string[];
  readonly profil: Profil;
  /** Fields in the order they were first answered: what « retour » takes back and « corriger » lists. */
  readonly ordre: readonly Champ[];
  /** Fields filled by an implication (« lycéen » ⇒ étudiant): recomputed, never listed as something the person said. */
  readonly impliques: readonly Champ[];
  readonly lieu: Lieu;
  readonly lieuxPossibles: readonly string[];
  readonly metiers: readonly MetierCompris[];
  readonly question: Question | null;
  /** Questions asked so far, for the count and « retour ». */
  readonly posees: readonly Question[];
  readonly reformule: boolean;
  /** A reformulation was the last thing said, with the question that follows it. */
  readonly aRelire?: true;
  /** Messages in a row that brought nothing: after two, the assistant offers a way out. */
  readonly incompris: number;
  readonly informations: readonly { readonly id: string; readonly genre: GenreInformation }[];
  /** The last look elsewhere, until the person's own information comes back. */
  readonly exploration?: ExplorationNotee;
  readonly informationVue?: 'oui' | 'a-revoir';
  readonly aiguillageMontre: boolean;
  /** The last orientation shown: kept when an answer reopens it, to say how it moved. */
  readonly dernierMontre?: { readonly issue: Issue; readonly operateurs: readonly Operateur[] };
  readonly choix?: Operateur;
  readonly decision?: 'poursuivre' | 'arreter';
  /** The person's choice, line by line; a line absent here keeps the document's default. */
  readonly lignes: Readonly<Record<string, boolean>>;
  /** Lines in the person's own words, by line; each holds as long as the line says one of `de`. */
  readonly reecrites: Readonly<
    Record<string, { readonly de: readonly string[]; readonly mots: string; readonly sante: boolean }>
  >;
  readonly transmission?: { readonly etat: 'envoyee' | 'retiree'; readonly service: string };
  /** Who types for the person, and where; absent: the person types. */
  readonly assiste?: { readonly nom: string; readonly mode: 'telephone' | 'guichet' };
  /** Who holds the conversation; absent: the assistant. */
  readonly echange?: Echange;
  /** `non`: the person left an exchange and wants nobody to join again. */
  readonly accordEchange?: 'oui' | 'non';
  /** The last proposal to be followed elsewhere that was shown here, and what became of it. */
  readonly reorientation?: {
    readonly le: number;
    readonly etat: 'montree' | 'plus-tard' | 'acceptee' | 'refusee';
  };
  /** The proposal that was the last thing asked. `seule`: it came by itself. */
  readonly reorientationDemandee?: { readonly le: number; readonly seule: boolean };
};

/** A live exchange under way. `id` says nothing of who they are; `nom` and `service` are what the person sees. */
export type Echange = {
  readonly conseiller: { readonly id: string; readonly nom: string };
  readonly service: string;
};

export const dossierVide = (): Dossier => ({
  version: 1,
  registre: 'standard',
  secondaires: [],
  paroles: [],
  profil: {},
  ordre: [],
  impliques: [],
  lieu: {},
  lieuxPossibles: [],
  metiers: [],
  question: null,
  posees: [],
  reformule: false,
  incompris: 0,
  informations: [],
  aiguillageMontre: false,
  lignes: {},
  reecrites: {},
});

const MAX_PAROLES = 5;
const MAX_SECONDAIRES = 3;

const sans = <T extends object, C extends keyof T>(objet: T, cle: C): Omit<T, C> => {
  const { [cle]: _, ...reste } = objet;
  return reste;
};

/** What an answer that changed makes stale: the orientation shown, the choice and the decision that rested on it. */
function rouvrir(dossier: Dossier): Dossier {
  const { choix: _choix, decision: _decision, ...reste } = dossier;
  return { ...reste, aiguillageMontre: false };
}

function noterReponse(dossier: Dossier, e: Extract<Evenement, { type: 'reponse' }>): Dossier {
  const avant: unknown = dossier.profil[e.champ];
  const change = JSON.stringify(avant) !== JSON.stringify(e.valeur);
  const suite = change && dossier.aiguillageMontre ? rouvrir(dossier) : dossier;
  const implique = e.source === 'implication';
  return {
    ...suite,
    profil: { ...suite.profil, [e.champ]: e.valeur },
    ordre: suite.ordre.includes(e.champ) || implique ? suite.ordre : [...suite.ordre, e.champ],
    impliques: implique
      ? [...new Set([...suite.impliques, e.champ])]
      : suite.impliques.filter((c) => c !== e.champ),
    incompris: 0,
  };
}

function noterDemande(dossier: Dossier, e: Extract<Evenement, { type: 'demande' }>): Dossier {
  const anciennes = dossier.demande === undefined ? [] : [dossier.demande];
  const secondaires = [...new Set([...e.secondaires, ...anciennes, ...dossier.secondaires])].filter(
    (d) => d !== e.demande,
  );
  return { ...dossier, demande: e.demande, secondaires: secondaires.slice(0, MAX_SECONDAIRES), incompris: 0 };
}

/** Pure: the dossier after one event. */
export function appliquer(dossier: Dossier, e: Evenement): Dossier {
  switch (e.type) {
    case 'registre':
      return { ...dossier, registre: e.registre };
    case 'demande':
      return noterDemande(dossier, e);
    case 'paroles':
      return { ...dossier, paroles: [...dossier.paroles, e.texte].slice(0, MAX_PAROLES) };
    case 'reponse':
      return noterReponse(dossier, e);
    case 'retrait':
      return {
        ...rouvrir(dossier),
        profil: sans(dossier.profil, e.champ),
        ordre: dossier.ordre.filter((c) => c !== e.champ),
        impliques: dossier.impliques.filter((c) => c !== e.champ),
      };
    case 'lieu': {
      const { type: _, ...lieu } = e;
      const propre = Object.fromEntries(Object.entries(lieu).filter(([, v]) => v !== undefined)) as Lieu;
      const suite = dossier.aiguillageMontre ? rouvrir(dossier) : dossier;
      return { ...suite, lieu: propre, lieuxPossibles: [], incompris: 0 };
    }
    case 'lieux-possibles':
      return { ...dossier, lieuxPossibles: e.communes, incompris: 0 };
    case 'metiers':
      return { ...dossier, metiers: fusionnerMetiers(dossier.metiers, e.metiers), incompris: 0 };
    case 'question':
      return {
        ...dossier,
        question: e.question,
        posees: e.question === null ? dossier.posees : [...dossier.posees, e.question],
      };
    case 'reformulation':
      return { ...dossier, reformule: true, aRelire: true };
    case 'reformulation-lue':
      return sans(dossier, 'aRelire');
    case 'incompris':
      return { ...dossier, incompris: dossier.incompris + 1 };
    case 'information':
      return {
        ...sans(dossier, 'exploration'),
        informations: fusionnerInformations(dossier.informations, e.pieces),
        ...(e.exploration === undefined ? {} : { exploration: e.exploration }),
      };
    case 'information-vue':
      return { ...dossier, informationVue: e.comprise };
    case 'aiguillage-montre':
      return {
        ...dossier,
        aiguillageMontre: true,
        ...(e.issue === undefined
          ? {}
          : { dernierMontre: { issue: e.issue, operateurs: e.operateurs ?? [] } }),
      };
    case 'choix':
      return { ...dossier, choix: e.operateur };
    case 'decision':
      return { ...dossier, decision: e.decision };
    case 'document':
      return { ...dossier, lignes: { ...dossier.lignes, ...e.lignes } };
    case 'ligne-reecrite':
      return {
        ...dossier,
        reecrites: { ...dossier.reecrites, [e.ligne]: { de: e.de, mots: e.mots, sante: e.sante } },
      };
    case 'ligne-rendue': {
      const { [e.ligne]: _, ...reecrites } = dossier.reecrites;
      return { ...dossier, reecrites };
    }
    case 'transmission':
      return { ...dossier, transmission: { etat: e.etat, service: e.service } };
    case 'recommencement':
      // The register is a need of the reader, not an answer: it survives. So does a transmission: it happened.
      return {
        ...dossierVide(),
        registre: dossier.registre,
        ...(dossier.transmission === undefined ? {} : { transmission: dossier.transmission }),
        ...(dossier.assiste === undefined ? {} : { assiste: dossier.assiste }),
        ...(dossier.echange === undefined ? {} : { echange: dossier.echange }),
        ...(dossier.accordEchange === undefined ? {} : { accordEchange: dossier.accordEchange }),
        ...(dossier.reorientation === undefined ? {} : { reorientation: dossier.reorientation }),
      };
    case 'accueil-assiste':
      return { ...dossier, assiste: { nom: e.nom, mode: e.mode } };
    // What is typed to somebody who joined, or after they left, is not about a proposal shown before.
    case 'echange-ouvert':
      return {
        ...sans(dossier, 'reorientationDemandee'),
        echange: { conseiller: e.conseiller, service: e.service },
      };
    case 'echange-clos':
      return sans(sans(dossier, 'reorientationDemandee'), 'echange');
    case 'echange-accord':
      return { ...dossier, accordEchange: e.accord };
    case 'reorientation':
      return { ...dossier, reorientation: { le: e.le, etat: e.etat } };
    case 'reorientation-demandee':
      return { ...dossier, reorientationDemandee: { le: e.le, seule: e.seule === true } };
    case 'reorientation-lue':
      return sans(dossier, 'reorientationDemandee');
    default:
      return jamais(e);
  }
}

/** A métier said again replaces the one that had the same role and, for the target, all former targets of another code are kept behind it. */
function fusionnerMetiers(
  avant: readonly MetierCompris[],
  nouveaux: readonly MetierCompris[],
): readonly MetierCompris[] {
  const gardes = avant.filter(
    (m) => !nouveaux.some((n) => n.rome === m.rome || (n.role === 'actuel' && m.role === 'actuel')),
  );
  return [...nouveaux, ...gardes].slice(0, 6);
}

function fusionnerInformations(
  avant: Dossier['informations'],
  nouvelles: Dossier['informations'],
): Dossier['informations'] {
  return [...avant.filter((a) => !nouvelles.some((n) => n.id === a.id)), ...nouvelles];
}

/** The dossier of a list of events, oldest first. */
export const rejouer = (evenements: readonly Evenement[]): Dossier =>
  evenements.reduce(appliquer, dossierVide());
