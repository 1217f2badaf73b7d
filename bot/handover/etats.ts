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
  'fixer-rendez-vous',
  'noter',
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

/** From each open state, where each action leads. What is not written here is not allowed; a closed handover never opens again. */
const TRANSITIONS: Readonly<Partial<Record<Etat, Readonly<Partial<Record<Action, Etat>>>>>> = {
  ouverte: {
    prendre: 'prise-en-charge',
    reorienter: 'reorientee',
    expirer: 'expiree',
    retirer: 'retiree-par-la-personne',
  },
  'prise-en-charge': {
    liberer: 'ouverte',
    'fixer-rendez-vous': 'rendez-vous',
    noter: 'prise-en-charge',
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
  'sans-suite': ['ne-souhaite-plus', 'deja-accompagnee', 'doublon', 'hors-perimetre'],
  injoignable: ['sans-reponse', 'coordonnees-erronees'],
  reorientee: ['autre-operateur-plus-adapte', 'autre-territoire', 'relais-plus-adapte'],
} as const;
export type EtatClos = keyof typeof MOTIFS;
export type Motif = (typeof MOTIFS)[EtatClos][number];
export const ETATS_CLOS: readonly EtatClos[] = ['aboutie', 'sans-suite', 'injoignable', 'reorientee'];

/** The action that leads to a closing state. */
export const ACTION_DE_CLOTURE = {
  aboutie: 'aboutir',
  'sans-suite': 'classer-sans-suite',
  injoignable: 'declarer-injoignable',
  reorientee: 'reorienter',
} as const satisfies Record<EtatClos, Action>;

export const estEtatClos = (v: unknown): v is EtatClos => (ETATS_CLOS as readonly unknown[]).includes(v);
export const estMotifDe = (etat: EtatClos, motif: unknown): motif is Motif =>
  (MOTIFS[etat] as readonly unknown[]).includes(motif);
