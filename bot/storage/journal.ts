import type { EnteteConversation, EvenementStocke } from '../ports.ts';

/** An activity as the log keeps it: already reduced to what a client may see. `id` and `timestamp` are set by the log. */
export type Activite = { readonly type: string; readonly [champ: string]: unknown };

/** `utilisateur`: the anonymous person of this conversation (`dl_…`), or the key of a Teams one. */
export type EnteteJournal = EnteteConversation & { readonly utilisateur: string };

/** One entry a client may read; `json` is the activity, ready to send. */
export type EntreeLue = { readonly seq: number; readonly id: string; readonly json: string };

/** `doublon`: this key was already there, nothing was written; `conflit`: it was, with another content. */
export type Ajout = {
  readonly seq: number;
  readonly id: string;
  readonly doublon: boolean;
  readonly conflit: boolean;
};

/** A user entry whose turn is not finished. `rejoue`: it was already tried again after a crash. */
export type TourEnAttente = {
  readonly conversation: string;
  readonly seq: number;
  readonly activite: Activite;
  readonly le: number;
  readonly rejoue: boolean;
};

export type FinDeTour = {
  readonly activites: readonly Activite[];
  readonly evenements: readonly EvenementStocke[];
};

export type OptionsAjout = {
  /** Kept for ever: a resend can cross a restart. */
  readonly cle?: string;
  /** What makes two sends of one key the same; the activity itself by default. */
  readonly empreinte?: string;
  /** In the log, never sent to a client (the arrival of the person). */
  readonly invisible?: boolean;
};

/**
 * The ordered log of each conversation (directline.md § 8). Everything is durable when the promise resolves; a promise that rejects
 * wrote nothing that counts. `undefined` means: no such conversation, or erased.
 *
 * A turn ends in ONE append (`terminerTour`): events of the dossier, activities of the bot and the « done » mark are all there or none is.
 */
export interface Journal {
  /** Changes when the logs were restored from a backup: an older watermark is then worth « from the beginning ». */
  readonly epoque: string;
  /** `effacee`: it existed and was erased for good; the same identifier never comes back. */
  creer(
    entete: EnteteJournal,
    notes?: Readonly<Record<string, unknown>>,
  ): Promise<'creee' | 'existe' | 'effacee'>;
  entete(conversation: string): Promise<EnteteJournal | undefined>;
  ajouterEntrant(
    conversation: string,
    activite: Activite,
    options?: OptionsAjout,
  ): Promise<Ajout | undefined>;
  /** Ends the turn of entry `pour`; false when it was already ended (its activities are then not written). */
  terminerTour(conversation: string, pour: number, fin: FinDeTour): Promise<boolean | undefined>;
  /**
   * Outside any turn: a counsellor, a reminder. `remplace`: an edit, shown in the place of that identifier. `cle`: sent again with the
   * same one, even across a restart, nothing is written and the first identifier comes back.
   */
  ajouterSortant(
    conversation: string,
    activite: Activite,
    options?: { readonly remplace?: string; readonly cle?: string },
  ): Promise<Ajout | undefined>;
  /** At most `limite` visible entries after `seq`, and the place reached. `invisibles`: those no client sees, too. */
  lireApres(
    conversation: string,
    seq: number,
    limite: number,
    invisibles?: 'invisibles',
  ): Promise<{ readonly entrees: readonly EntreeLue[]; readonly jusqua: number } | undefined>;
  tete(conversation: string): Promise<number | undefined>;
  /** True when `id` names a visible entry. */
  contient(conversation: string, id: string): Promise<boolean>;
  evenements(conversation: string): Promise<readonly EvenementStocke[] | undefined>;
  /** The conversation that carries this reference code; `undefined` when there is none (any more). */
  conversationDe(reference: string): Promise<string | undefined>;
  /**
   * Events that come from elsewhere than a turn (the person's own page, a counsellor who joins), with what is said of them, in one append;
   * they never end a turn under way.
   */
  ajouterEvenements(
    conversation: string,
    evenements: readonly EvenementStocke[],
    activites?: readonly Activite[],
  ): Promise<boolean>;
  /** Small facts of the channel, the last value wins: hash of the resume secret, revocation, Teams reference. */
  noter(conversation: string, nom: string, valeur: unknown): Promise<boolean>;
  note(conversation: string, nom: string): Promise<unknown>;
  /** Instant of the last entry. */
  modifieLe(conversation: string): Promise<number | undefined>;
  marquerRejeu(conversation: string, seq: number): Promise<void>;
  /** Unfinished turns, found from an index, oldest first. Meant for the start. */
  enAttente(): Promise<readonly TourEnAttente[]>;
  /** How many entries came from the person. */
  entrants(conversation: string): Promise<number>;
  /**
   * Log, keys, secret: everything of this conversation, in one operation. `reutilisable`: its identifier is not ours (a Teams chat) and the
   * same person may start again under it.
   */
  effacer(conversation: string, options?: { readonly reutilisable?: boolean }): Promise<boolean>;
  /** Called after each durable change and after the erasure; only a hint to read. `tourEnCours`: a turn is not over, more is coming. Returns the way to stop. */
  ecouter(conversation: string, f: (tourEnCours: boolean) => void): () => void;
  /** Every conversation, in no order, with the instant of its last change; for sweeps. */
  lister(): AsyncIterable<{ readonly conversation: string; readonly modifieLe: number }>;
  fermer(): Promise<void>;
}

/** `<conversation>.<seq, 7 digits>`: ids sort and never repeat. */
export const idActivite = (conversation: string, seq: number): string =>
  `${conversation}.${String(seq).padStart(7, '0')}`;
