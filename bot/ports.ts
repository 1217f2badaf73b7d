import type { Message, Reponse, Ressource } from '../dialogs/messages.ts';

/** Milliseconds since the epoch. The only clock is passed in, so that tests own time. */
export type Horloge = () => number;

/** Structured log: a stable code and identifiers, never what a person typed. */
export type Journaliseur = {
  info(code: string, details?: Readonly<Record<string, string | number | boolean>>): void;
  alerte(code: string, details?: Readonly<Record<string, string | number | boolean>>): void;
  erreur(code: string, erreur: unknown, details?: Readonly<Record<string, string | number | boolean>>): void;
};

/** What the host knows of a conversation when it opens. `reference` is drawn once, so that replaying a turn never makes a second handover. */
export type EnteteConversation = {
  readonly id: string;
  readonly canal: 'directline' | 'teams';
  readonly creeLe: number;
  readonly reference: string;
  readonly locale?: string;
};

/** One event of the dossier, opaque to the storage: `knowledge/dossier` folds them back into a `Dossier`. */
export type EvenementStocke = { readonly type: string; readonly [cle: string]: unknown };

/** What one turn of conversation produced; committed by the channel in ONE durable append together with the activities it makes of `reponses`. */
export type TourJoue = {
  readonly reponses: readonly Reponse[];
  readonly evenements: readonly EvenementStocke[];
  readonly effacer?: boolean;
  /** A counsellor holds the conversation: what the assistant says all the same is kept where they can read it, on every channel. */
  readonly enDirect?: boolean;
};

/**
 * The conversation as the channels see it. `jouer` is called once per user entry, in log order, one at a time per conversation, with
 * every event committed so far (`passe`). It may have durable effects outside the log (a handover): they are idempotent by reference.
 */
export interface Hote {
  jouer(entete: EnteteConversation, passe: readonly EvenementStocke[], message: Message): Promise<TourJoue>;
}

/** Makes an absolute link to a resource of one conversation: unguessable, limited in time, never derived from the Host header. */
export type FaireLien = (entete: EnteteConversation, ressource: Ressource) => string;
