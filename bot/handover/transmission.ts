import { z } from 'zod';
import { schemaDocumentNiveau1 } from '../../knowledge/dossier/document-types.ts';
import { estJour } from '../../knowledge/vocabulaire/index.ts';
import { ACTIONS, ETATS, MOTIFS } from './etats.ts';

const instant = z.number().int().nonnegative();
/** An operator as it was written: its code may have left the data since, and the file must stay readable (`destination.ts` names it). */
export const codeOperateur = z.string().regex(/^[a-z][a-z-]{1,40}$/);
const jour = z.string().refine(estJour, 'jour attendu : AAAA-MM-JJ');

/** The only means a person chose to be reached by; taken from a form, never from the conversation. */
export const schemaContact = z.strictObject({
  moyen: z.enum(['telephone', 'courriel']),
  valeur: z.string().min(3).max(254),
  nom: z.string().max(120).optional(),
  disponibilites: z.string().max(300).optional(),
});
export type ContactTransmis = z.output<typeof schemaContact>;

/** What was agreed to, when, for whom, in the words that were on the screen. */
export const schemaConsentement = z.strictObject({
  le: instant,
  texte: z.string().min(1).max(2000),
  destinataire: z.string().min(1).max(200),
  /** The words of the separate box that lets a counsellor answer in the conversation; absent: not agreed to. */
  enDirect: z.string().min(1).max(2000).optional(),
  /**
   * The words of the separate box that lets whoever follows the request read the conversation up to `le`; absent: not agreed to. `sante`:
   * whether what speaks of health is shown, as the person chose it for their document.
   */
  conversation: z.strictObject({ texte: z.string().min(1).max(2000), sante: z.boolean() }).optional(),
});
export type Consentement = z.output<typeof schemaConsentement>;

const schemaAuteur = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('personne') }),
  z.strictObject({ type: z.literal('systeme') }),
  z.strictObject({ type: z.literal('conseiller'), id: z.string(), nom: z.string() }),
]);
export type Auteur = z.output<typeof schemaAuteur>;

const motif = z.enum(Object.values(MOTIFS).flatMap((motifs) => [...motifs]));

const schemaTransition = z.strictObject({
  le: instant,
  action: z.enum([...ACTIONS, 'ouvrir']),
  vers: z.enum(ETATS),
  par: schemaAuteur,
  motif: motif.optional(),
  /** A supervisor acted on a file somebody else held; `de` names who held it. */
  dOffice: z.literal(true).optional(),
  de: z.string().optional(),
  /** Who a file was handed to. */
  a: z.string().optional(),
  /** The proposal answered, by the instant it was made: the same answer given again changes nothing. */
  repond: instant.optional(),
});
export type Passage = z.output<typeof schemaTransition>;

/** Where a counsellor thinks the person would be better helped: another operator of the CEP, or one of the relais (their list is data). */
export const schemaDestination = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('operateur'), operateur: codeOperateur }),
  z.strictObject({ type: z.literal('relais'), id: z.string().min(1).max(60) }),
]);
export type Destination = z.output<typeof schemaDestination>;

/** A re-routing waiting for the person: until they agree, the service that has the file keeps it. */
const schemaReorientation = z.strictObject({
  le: instant,
  par: z.strictObject({ id: z.string(), nom: z.string() }),
  vers: schemaDestination,
  motif: z.enum(MOTIFS.reorientee),
  /** A few words for the person; absent: the reason alone. */
  mots: z.string().min(1).max(500).optional(),
});
export type Reorientation = z.output<typeof schemaReorientation>;

/** A service the file went through, without a word of what it held. */
const schemaEtape = z.strictObject({
  operateur: codeOperateur,
  service: z.string(),
  arriveeLe: instant,
  quitteeLe: instant,
  motif: z.enum(MOTIFS.reorientee),
});

export const GENRES_DE_NOTE = ['note', 'appel-sans-reponse', 'message-laisse', 'echange'] as const;
export const MODES_DE_RENDEZ_VOUS = ['presentiel', 'telephone', 'visio'] as const;
export const estGenreDeNote = (v: unknown): v is (typeof GENRES_DE_NOTE)[number] =>
  (GENRES_DE_NOTE as readonly unknown[]).includes(v);
export const estModeDeRendezVous = (v: unknown): v is (typeof MODES_DE_RENDEZ_VOUS)[number] =>
  (MODES_DE_RENDEZ_VOUS as readonly unknown[]).includes(v);

/** What a counsellor adds while it is theirs. */
const schemaNote = z.strictObject({
  le: instant,
  par: z.strictObject({ id: z.string(), nom: z.string() }),
  genre: z.enum(GENRES_DE_NOTE),
  texte: z.string().max(1000),
});
export type Note = z.output<typeof schemaNote>;

/** What the person adds from their own page. */
const schemaMessagePersonne = z.strictObject({ le: instant, texte: z.string().min(1).max(1000) });
export type MessagePersonne = z.output<typeof schemaMessagePersonne>;

/**
 * One handover. Purpose: let the service the person chose call them back. Lifetime: 12 months after closing (design § 6).
 * `contenu` holds everything personal, in one place: withdrawing or expiring removes it and leaves the dated skeleton.
 */
export const schemaTransmission = z.strictObject({
  reference: z.string().min(4).max(32),
  etat: z.enum(ETATS),
  operateur: codeOperateur,
  region: z.string().optional(),
  departement: z.string().optional(),
  service: z.string(),
  /**
   * What a notification and its link carry in the place of the reference, which opens the person's own page. Absent: made before
   * notifications existed.
   */
  identifiant: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
  creeeLe: instant,
  modifieeLe: instant,
  /** The day before the end of which the service promised to call; absent: no promise was shown. */
  rappelAvantLe: jour.optional(),
  expireLe: instant,
  conseiller: z.strictObject({ id: z.string(), nom: z.string() }).optional(),
  rendezVous: z.strictObject({ le: instant, mode: z.enum(MODES_DE_RENDEZ_VOUS) }).optional(),
  /** Proposed, not answered yet. */
  reorientation: schemaReorientation.optional(),
  /** Where a file closed as re-routed leads the person, when no service is connected there. */
  destination: schemaDestination.optional(),
  /** Services it left, oldest first. */
  parcours: z.array(schemaEtape),
  /** Deadlines already acted on, so that each is said once; a broken promise stays here when the rest is erased. */
  signalees: z.array(z.strictObject({ id: z.string(), le: instant })),
  /** A counsellor typed for the person (accueil assisté): who, and where. */
  saisie: z.strictObject({ nom: z.string(), mode: z.enum(['telephone', 'guichet']) }).optional(),
  transitions: z.array(schemaTransition),
  contenu: z
    .strictObject({
      document: schemaDocumentNiveau1,
      /** Of the document and the agreement together (`sceau.ts`); absent: sent before documents were sealed. */
      sceau: z.string().optional(),
      /** What the document was before a counsellor confirmed it, oldest first. */
      editions: z.array(schemaDocumentNiveau1),
      contact: schemaContact,
      consentement: schemaConsentement,
      /** The person took back, then, the agreement to read the conversation. Beside the agreement, which stays as it was sealed. */
      lectureRetiree: instant.optional(),
      notes: z.array(schemaNote),
      messages: z.array(schemaMessagePersonne),
    })
    .optional(),
});
export type Transmission = z.output<typeof schemaTransmission>;
export type RendezVous = NonNullable<Transmission['rendezVous']>;
