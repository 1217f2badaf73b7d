import type { Alerte, Champ, Commande, Demande, Profil } from '../vocabulaire/index.ts';

export type MetierCompris = {
  readonly libelle: string;
  readonly rome: string;
  readonly role: 'actuel' | 'vise';
};

/** A word or group of words that decided something, for « which words decided? ». */
export type Indice = { readonly sujet: string; readonly valeur: string; readonly mots: string };

/**
 * What was understood from one message. Absent facts are absent keys; nothing is guessed.
 * `commune` is set when one place is certain; otherwise `communes` lists candidates (INSEE codes, best first).
 */
export type Comprehension = {
  readonly demande?: Demande;
  readonly secondaires: readonly Demande[];
  /** 0–1, of the main demande. */
  readonly confiance: number;
  readonly profil: Profil;
  readonly commune: string | null;
  readonly communes: readonly string[];
  readonly departement?: string;
  readonly region?: string;
  readonly metiers: readonly MetierCompris[];
  readonly commande?: Commande;
  /** The message is politeness and nothing else. */
  readonly civilite?: Civilite;
  /** The message says who the person is, and nothing of what they want. */
  readonly situation?: true;
  readonly alerte?: Alerte;
  /** A question about the CEP or a dispositif that has an answer in the FAQ (its id). */
  readonly faq?: string;
  /** Facts said twice in opposite ways in this very message: to be said and asked again. */
  readonly contradictions: readonly string[];
  /** Facts this message says are no longer so, without saying what is (« je ne suis plus salariée ») : what was noted is to be asked again. */
  readonly dementis: readonly { readonly champ: Champ; readonly valeur: unknown }[];
  readonly indices: readonly Indice[];
  /** The text is not in French (ISO code of the guess), or holds nothing to understand (empty, emoji only). */
  readonly langue?: string;
  readonly vide: boolean;
};

/**
 * What a message that says nothing of the person is: « bonjour », « merci beaucoup », « il y a quelqu’un ? », « j’ai une question »,
 * « au revoir », « attendez », « ça m’aide pas », « d’accord ».
 */
export const CIVILITES = [
  'adieu',
  'arret',
  'plainte',
  'merci',
  'ecoute',
  'patience',
  'presence',
  'salut',
  'accord',
] as const;
export type Civilite = (typeof CIVILITES)[number];

/** What helps to read a short answer: the open question, so that « oui », « 23 » or « Lille » can be understood. */
export type ContexteLecture = { readonly question?: string; readonly le: string };
