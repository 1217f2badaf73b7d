import { refuse, reussi, type Resultat } from '../../knowledge/vocabulaire/index.ts';

/** Where a handover stands. A closed list: no other word is ever stored or shown. */
export const ETATS = [
  'ouverte',
  'prise-en-charge',
  'rendez-vous',
  'aboutie',
  'sans-suite',
  'injoignable',
  'reorientee',
  'expiree',
  'retiree-par-la-personne',
] as const;
export type Etat = (typeof ETATS)[number];

/** States a counsellor still has to act on. */
export const ETATS_OUVERTS = ['ouverte', 'prise-en-charge', 'rendez-vous'] as const satisfies readonly Etat[];
export const estOuvert = (etat: Etat): boolean => (ETATS_OUVERTS as readonly Etat[]).includes(etat);

export const ACTIONS = [
  'prendre',
  'liberer',
  'transferer',
  'fixer-rendez-vous',
  'noter',
  'confirmer-document',
  'proposer-reorientation',
  'refuser-reorientation',
  'aboutir',
  'classer-sans-suite',
  'declarer-injoignable',
  'reorienter',
  'expirer',
  'retirer',
] as const;
export type Action = (typeof ACTIONS)[number];

export type RefusTransition = {
  readonly code: 'transition-interdite';
  readonly etat: Etat;
  readonly action: Action;
};

/**
 * From each open state, where each action leads. What is not written here is not allowed; a closed handover never opens again: one that is
 * re-routed, with the person's agreement, is opened anew at the other service.
 */
const TRANSITIONS: Readonly<Partial<Record<Etat, Readonly<Partial<Record<Action, Etat>>>>>> = {
  ouverte: {
    prendre: 'prise-en-charge',
    'refuser-reorientation': 'ouverte',
    reorienter: 'reorientee',
    expirer: 'expiree',
    retirer: 'retiree-par-la-personne',
  },
  'prise-en-charge': {
    liberer: 'ouverte',
    'fixer-rendez-vous': 'rendez-vous',
    noter: 'prise-en-charge',
    'confirmer-document': 'prise-en-charge',
    transferer: 'prise-en-charge',
    'proposer-reorientation': 'prise-en-charge',
    'refuser-reorientation': 'prise-en-charge',
    aboutir: 'aboutie',
    'classer-sans-suite': 'sans-suite',
    'declarer-injoignable': 'injoignable',
    reorienter: 'reorientee',
    expirer: 'expiree',
    retirer: 'retiree-par-la-personne',
  },
  'rendez-vous': {
    liberer: 'ouverte',
    'fixer-rendez-vous': 'rendez-vous',
    noter: 'rendez-vous',
    'confirmer-document': 'rendez-vous',
    transferer: 'rendez-vous',
    'proposer-reorientation': 'rendez-vous',
    'refuser-reorientation': 'rendez-vous',
    aboutir: 'aboutie',
    'classer-sans-suite': 'sans-suite',
    'declarer-injoignable': 'injoignable',
    reorienter: 'reorientee',
    expirer: 'expiree',
    retirer: 'retiree-par-la-personne',
  },
};

/** The one place that says what may happen to a handover. @returns the state the action leads to, or why it is refused. */
export function transition(etat: Etat, action: Action): Resultat<Etat, RefusTransition> {
  const vers = TRANSITIONS[etat]?.[action];
  return vers === undefined ? refuse({ code: 'transition-interdite', etat, action }) : reussi(vers);
}

/** What may be done from a state, in the order of `ACTIONS`. */
export const actionsPermises = (etat: Etat): readonly Action[] =>
  ACTIONS.filter((action) => transition(etat, action).ok);

/** Why a handover was closed: one reason from a closed list, so that it can be counted and never tells a story. */
export const MOTIFS = {
  aboutie: ['accompagnement-demarre', 'reponse-donnee', 'rendez-vous-honore'],
  'sans-suite': ['ne-souhaite-plus', 'deja-accompagnee', 'doublon', 'hors-perimetre', 'service-retire'],
  injoignable: ['sans-reponse', 'coordonnees-erronees'],
  reorientee: ['autre-operateur-plus-adapte', 'autre-territoire', 'relais-plus-adapte'],
} as const;
export type Motif = (typeof MOTIFS)[keyof typeof MOTIFS][number];
/** States a counsellor closes with. « Réorientée » is not one: only the agreement of the person leads there. */
export const ETATS_CLOS = ['aboutie', 'sans-suite', 'injoignable'] as const;
export type EtatClos = (typeof ETATS_CLOS)[number];

/** The action that leads to a closing state. */
export const ACTION_DE_CLOTURE = {
  aboutie: 'aboutir',
  'sans-suite': 'classer-sans-suite',
  injoignable: 'declarer-injoignable',
} as const satisfies Record<EtatClos, Action>;

export const estEtatClos = (v: unknown): v is EtatClos => (ETATS_CLOS as readonly unknown[]).includes(v);
export const estMotifDe = (etat: keyof typeof MOTIFS, motif: unknown): motif is Motif =>
  (MOTIFS[etat] as readonly unknown[]).includes(motif);
