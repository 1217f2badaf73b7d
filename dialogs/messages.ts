/**
 * What crosses the border between the conversation and the channels: nothing of botbuilder, nothing of HTTP.
 * A channel turns an activity into a `Message` and `Reponse`s into activities.
 */
import type { GraphiqueInformation } from '../knowledge/information/index.ts';

/** Plain JSON carried by a button or a form. Checked again by the dialog that reads it (it comes from a browser). */
export type Valeur = { readonly action: string; readonly [cle: string]: unknown };

/** What a person sent. Free text has already been masked (`masquer`) by the host. */
export type Message =
  | { readonly type: 'arrivee' }
  | { readonly type: 'texte'; readonly texte: string }
  | {
      readonly type: 'valeur';
      readonly valeur: Readonly<Record<string, unknown>>;
      readonly libelle?: string;
    };

/** A button. `libelle` is shown, and echoed as the person's own message when pressed. */
export type Choix = { readonly libelle: string; readonly valeur: Valeur };

/** A file or page of this conversation; the channel makes a link that only this person holds. */
export type Ressource =
  | { readonly type: 'document'; readonly format: 'html' | 'pdf' | 'json' }
  | { readonly type: 'suivi' };

export type ActionCarte =
  | {
      readonly type: 'envoyer';
      readonly libelle: string;
      readonly valeur: Valeur;
      readonly style?: 'principal' | 'discret';
    }
  | { readonly type: 'ouvrir'; readonly libelle: string; readonly url: string }
  | { readonly type: 'ressource'; readonly libelle: string; readonly ressource: Ressource };

/** The chart of a piece of information, carried as it is: one shape from the figures to the screen. */
export type Graphique = GraphiqueInformation;

export type BlocCarte =
  | { readonly type: 'titre'; readonly texte: string }
  | { readonly type: 'texte'; readonly texte: string; readonly style?: 'normal' | 'discret' | 'attention' }
  | { readonly type: 'faits'; readonly faits: readonly { readonly nom: string; readonly valeur: string }[] }
  | {
      readonly type: 'saisie';
      readonly id: string;
      readonly libelle: string;
      readonly forme: 'texte' | 'courriel' | 'telephone' | 'long';
      readonly max: number;
      readonly obligatoire: boolean;
      readonly valeur?: string;
    }
  | { readonly type: 'case'; readonly id: string; readonly libelle: string; readonly cochee: boolean }
  | {
      readonly type: 'liste';
      readonly id: string;
      readonly libelle: string;
      readonly options: readonly { readonly libelle: string; readonly valeur: string }[];
      readonly choisie?: string;
    }
  | { readonly type: 'graphique'; readonly graphique: Graphique };

/** A card: orientation, information, document, contact form. Forms are submitted by an `envoyer` action: its `valeur` plus one key per input. */
export type Carte = {
  readonly titre: string;
  readonly blocs: readonly BlocCarte[];
  readonly actions: readonly ActionCarte[];
};

/**
 * One message of the assistant. `texte` uses at most: paragraphs, `- ` lists, `**strong**` and `[label](https://…)` links; it is never
 * built from what a person typed. What they typed is shown only through `citation` (plain text).
 */
export type Reponse = {
  readonly texte: string;
  readonly citation?: string;
  readonly choix?: readonly Choix[];
  readonly carte?: Carte;
  /** Where we are, for a progress display: step `numero` of `sur` (never goes back). */
  readonly progression?: { readonly numero: number; readonly sur: number; readonly titre: string };
  /** The register this message is written in, so that the page can show the switch in the right position. */
  readonly registre?: 'standard' | 'falc';
  /** A counsellor joined, or the assistant is back: the page shows it for as long as it lasts. */
  readonly echange?:
    | {
        readonly etat: 'ouvert';
        readonly nom: string;
        readonly service: string;
        /** Another tool holds the conversation, not our console. */
        readonly chez?: 'concentrateur';
      }
    | { readonly etat: 'clos'; readonly chez?: 'concentrateur' };
  /** The person agreed that somebody of this service answers here: where a tool of that service listens to the channel, it is told. */
  readonly passage?: { readonly service: string; readonly region?: string };
};
