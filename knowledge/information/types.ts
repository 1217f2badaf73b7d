import type { FaitsVivants } from './vif.ts';
import type { Demande, Jour, Operateur, Profil } from '../vocabulaire/index.ts';

/** Where a displayed fact comes from: producer, title, address and date (a `Jour`, a year, or a month). */
export type Source = {
  readonly titre: string;
  readonly url: string;
  readonly date: string;
  readonly confiance: 'sur' | 'sur-tiers' | 'deduit';
};

/** How to reach a service. `telephone` only where it is confirmed for that place; `nom` is what people see (« Avenir Actifs Hauts-de-France »). */
export type Contact = {
  readonly nom: string;
  readonly telephone?: string;
  readonly horaires?: string;
  readonly url: string;
  readonly libelleUrl: string;
  /** What to know before calling (price, deaf people's access…), in plain French. */
  readonly note?: string;
  readonly source: Source;
  /** The nearest counters, when the directory is loaded and the commune known. */
  readonly lieux?: readonly Lieu[];
};

/** A place to go: what the official directory says of it, the day it last changed. `km` is as the crow flies, from the town hall. */
export type Lieu = {
  readonly nom: string;
  readonly adresse: string;
  readonly km?: number;
  readonly telephone?: string;
  readonly courriel?: string;
  readonly horaires?: string;
  /** How one gets in, and a phone that deaf people can use, in words. */
  readonly acces?: string;
  /** All of it in one line, in the register asked for. */
  readonly enMots: string;
  readonly source: Source;
};

/** A bar chart; `null` is « non publié » (statistical secret), never 0. `texte` says the same in words. */
export type GraphiqueInformation = {
  readonly titre: string;
  readonly unite: string;
  readonly barres: readonly { readonly libelle: string; readonly valeur: number | null }[];
  readonly texte: string;
  readonly source: string;
};

export const GENRES_INFORMATION = [
  'marche-du-travail',
  'metier',
  'formation',
  'transition-ecologique',
  'demarche',
  'dispositif',
  'acteurs',
  'cep',
] as const;
export type GenreInformation = (typeof GENRES_INFORMATION)[number];

/** One thing to tell this person, already worded in the register asked for. */
export type PieceInformation = {
  readonly id: string;
  readonly genre: GenreInformation;
  readonly titre: string;
  readonly texte: string;
  readonly graphique?: GraphiqueInformation;
  readonly sources: readonly Source[];
};

/** What `informer` needs. `commune` is an INSEE code; `metiers` come from what the person said. */
export type DemandeInformation = {
  readonly le: Jour;
  readonly profil: Profil;
  readonly demande?: Demande;
  readonly commune?: string;
  readonly departement?: string;
  readonly region?: string;
  readonly metiers: readonly {
    readonly libelle: string;
    readonly rome: string;
    readonly role: 'actuel' | 'vise';
  }[];
  readonly operateur?: Operateur;
  /** What the live sources last said, when they are on. */
  readonly vives?: FaitsVivants;
};

/** Best first; the conversation shows at most three at once, the rest under « en savoir plus ». */
export type Information = { readonly pieces: readonly PieceInformation[] };
