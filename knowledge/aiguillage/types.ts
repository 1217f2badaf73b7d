import type { Alerte, Champ, Demande, Jour, Operateur, Profil } from '../vocabulaire/index.ts';

/** Where a rule comes from. `confiance` is the one of the source; `verifieLe` the day a person last read it. */
export type Reference = {
  readonly article: string;
  readonly url: string;
  readonly verifieLe: Jour;
  readonly confiance: 'sur' | 'sur-tiers' | 'deduit';
};

/** One operator this person may go to, and why. `motif` is a text key (`knowledge/textes`), so that both registers exist. */
export type Orientation = {
  readonly operateur: Operateur;
  readonly regle: string;
  readonly motif: string;
  readonly references: readonly Reference[];
  /** The other rules that lead to the same operator: nothing that applied is lost, and each operator is shown once. */
  readonly aussi?: readonly Omit<Orientation, 'operateur' | 'aussi'>[];
};

/** An operator that would not be the one to accompany this person (never « refuses »: all owe level 1), and the answers that say so. */
export type Ecart = {
  readonly operateur: Operateur;
  readonly regle: string;
  readonly motif: string;
  readonly champs: readonly Champ[];
};

/** A useful door that is not a CEP operator. `id` is one of knowledge/information's relais. */
export type Relais = {
  readonly id: string;
  readonly regle: string;
  readonly motif: string;
  readonly references: readonly Reference[];
};

/** Something the person must know before acting. */
export type Vigilance = {
  readonly code: string;
  readonly regle: string;
  readonly motif: string;
  readonly references: readonly Reference[];
};

type Commun = {
  /** Ranked: the first is « l'opérateur le plus adapté » ; the others are the alternatives the law leaves open. */
  readonly orientations: readonly Orientation[];
  readonly candidats: readonly Orientation[];
  readonly ecarts: readonly Ecart[];
  /** `a-completer`: what to ask, in the order to ask it. `oriente`: what could still refine. Otherwise empty or informative. */
  readonly champs: readonly Champ[];
  readonly relais: readonly Relais[];
  readonly vigilances: readonly Vigilance[];
};

/** The four outcomes (design § 2). */
export const ISSUES = ['oriente', 'a-completer', 'indecis', 'hors-champ'] as const;
export type Issue = (typeof ISSUES)[number];

/** The outcome of the decision table (design § 2, § 5). Every list is always present. */
export type Aiguillage =
  | ({ readonly type: 'oriente' } & Commun)
  | ({ readonly type: 'a-completer' } & Commun)
  | ({ readonly type: 'indecis'; readonly commentTrancher: string } & Commun)
  | ({ readonly type: 'hors-champ'; readonly motif: string } & Commun);

/** What the evaluator reads. `commune` is an INSEE code; `le` the day of the evaluation. */
export type EntreeAiguillage = {
  readonly le: Jour;
  readonly profil: Profil;
  readonly demande?: Demande;
  readonly commune?: string;
  /** A danger met in what the person wrote: it comes before any aiguillage (domaine § 1.4.2). */
  readonly alerte?: Alerte;
};

/** Facts that cannot be true together (retired and 17): nothing is guessed. `champ` is the one to ask again. */
export type RefusAiguillage = { readonly champ: string; readonly message: string };
