import { z } from 'zod';
import {
  DEMANDES,
  estChamp,
  estValeurPermise,
  OPERATEURS,
  REGISTRES,
  type Champ,
} from '../vocabulaire/index.ts';
import { ISSUES } from '../aiguillage/index.ts';
import { GENRES_INFORMATION } from '../information/types.ts';

const champ = z.custom<Champ>(estChamp, 'champ inconnu');
const metier = z.strictObject({ libelle: z.string(), rome: z.string(), role: z.enum(['actuel', 'vise']) });

/**
 * Questions that are not a field of the profile. A profile question is named by its field.
 * `demande` and `lieu` open the conversation; the others belong to its later steps.
 */
export const QUESTIONS_HORS_PROFIL = [
  'demande',
  'lieu',
  'information',
  'orientation',
  'decision',
  'document',
  'contact',
  'corriger',
  'confirmer-effacer',
  'confirmer-recommencer',
] as const;
export type QuestionHorsProfil = (typeof QUESTIONS_HORS_PROFIL)[number];
export type Question = Champ | QuestionHorsProfil;

/** Why a live exchange ended: the counsellor left, the person did, nobody answered in time, or the request is no longer theirs. */
export const RAISONS_FIN_ECHANGE = ['conseiller', 'personne', 'inactivite', 'dossier'] as const;
export type RaisonFinEchange = (typeof RAISONS_FIN_ECHANGE)[number];

const question = z.union([z.enum(QUESTIONS_HORS_PROFIL), champ]);

/** A line in one's own words stays a line. */
export const MOTS_DE_LIGNE_MAX = 300;

/**
 * What happened to a dossier, one fact per event. The dossier is the fold of its events: nothing else is stored, so a deployment,
 * a reload or a crash costs nothing, and a correction never loses the rest.
 */
export const schemaEvenement = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('registre'), registre: z.enum(REGISTRES) }),
  z.strictObject({
    type: z.literal('demande'),
    demande: z.enum(DEMANDES),
    secondaires: z.array(z.enum(DEMANDES)),
  }),
  /** The person's own words (masked), kept only to be offered as a line of their document. */
  z.strictObject({ type: z.literal('paroles'), texte: z.string().max(2000) }),
  z.strictObject({
    type: z.literal('reponse'),
    champ,
    valeur: z.unknown(),
    source: z.enum(['texte', 'bouton', 'implication']),
  }),
  z.strictObject({
    type: z.literal('retrait'),
    champ,
    raison: z.enum(['correction', 'sans-objet', 'retour']),
  }),
  z.strictObject({
    type: z.literal('lieu'),
    commune: z.string().optional(),
    departement: z.string().optional(),
    region: z.string().optional(),
    /** True when the person would rather not say, or does not know: never asked again. */
    sansReponse: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal('lieux-possibles'), communes: z.array(z.string()) }),
  z.strictObject({ type: z.literal('metiers'), metiers: z.array(metier) }),
  z.strictObject({ type: z.literal('question'), question: question.nullable() }),
  z.strictObject({ type: z.literal('reformulation') }),
  /** The person has answered since the last reformulation: « c'est ça » is not about it any more. */
  z.strictObject({ type: z.literal('reformulation-lue') }),
  z.strictObject({ type: z.literal('incompris') }),
  z.strictObject({
    type: z.literal('information'),
    pieces: z.array(z.strictObject({ id: z.string(), genre: z.enum(GENRES_INFORMATION) })),
    /** What was looked at elsewhere (« et à Arras ? »), so that the next question can follow it; absent when the information is the person's own. */
    exploration: z
      .strictObject({
        communes: z.array(z.string()),
        departement: z.string().optional(),
        region: z.string().optional(),
        metiers: z.array(z.strictObject({ libelle: z.string(), rome: z.string() })),
      })
      .optional(),
  }),
  z.strictObject({ type: z.literal('information-vue'), comprise: z.enum(['oui', 'a-revoir']) }),
  /** With what was shown, so that a later correction can say how it moved; absent from the oldest records. */
  z.strictObject({
    type: z.literal('aiguillage-montre'),
    issue: z.enum(ISSUES).optional(),
    operateurs: z.array(z.enum(OPERATEURS)).optional(),
  }),
  z.strictObject({ type: z.literal('choix'), operateur: z.enum(OPERATEURS) }),
  z.strictObject({ type: z.literal('decision'), decision: z.enum(['poursuivre', 'arreter']) }),
  z.strictObject({ type: z.literal('document'), lignes: z.record(z.string(), z.boolean()) }),
  /** A line of the document in the person's own words. `de`: what it said, in each register; `sante`: the words speak of health. */
  z.strictObject({
    type: z.literal('ligne-reecrite'),
    ligne: z.string().max(64),
    de: z.array(z.string()),
    mots: z.string().min(1).max(MOTS_DE_LIGNE_MAX),
    sante: z.boolean(),
  }),
  z.strictObject({ type: z.literal('ligne-rendue'), ligne: z.string().max(64) }),
  z.strictObject({
    type: z.literal('transmission'),
    etat: z.enum(['envoyee', 'retiree']),
    service: z.string(),
  }),
  /** A counsellor types for the person, on the phone or at the desk, with their agreement in the words that were read to them. */
  z.strictObject({
    type: z.literal('accueil-assiste'),
    nom: z.string().min(1).max(120),
    mode: z.enum(['telephone', 'guichet']),
    accord: z.strictObject({ le: z.number(), texte: z.string() }),
  }),
  z.strictObject({ type: z.literal('recommencement') }),
  /** A person joined the conversation: from here on they answer, and the assistant is silent. Stored, so that a restart knows who speaks. */
  z.strictObject({
    type: z.literal('echange-ouvert'),
    conseiller: z.strictObject({ id: z.string(), nom: z.string() }),
    service: z.string(),
  }),
  z.strictObject({ type: z.literal('echange-clos'), raison: z.enum(RAISONS_FIN_ECHANGE) }),
  /** The person takes back, or gives again, their agreement to be answered here. */
  z.strictObject({ type: z.literal('echange-accord'), accord: z.enum(['oui', 'non']) }),
  /** A proposal to be followed by another service (`le`: when it was made), and what became of it in this conversation. */
  z.strictObject({
    type: z.literal('reorientation'),
    le: z.number(),
    etat: z.enum(['montree', 'plus-tard', 'acceptee', 'refusee']),
  }),
  /**
   * That proposal is the last thing asked: a typed « oui » is about it. `seule`: it came by itself, nobody had written, so that what is typed
   * next may have been on its way already, about something else.
   */
  z.strictObject({
    type: z.literal('reorientation-demandee'),
    le: z.number(),
    seule: z.literal(true).optional(),
  }),
  /** The person has written since: « oui » is not about it any more. */
  z.strictObject({ type: z.literal('reorientation-lue') }),
]);
export type Evenement = z.output<typeof schemaEvenement>;
export type ExplorationNotee = NonNullable<Extract<Evenement, { type: 'information' }>['exploration']>;

/** Reads a stored event. An event this version cannot read is `undefined`: the question it answered is asked again, never guessed. */
export function lireEvenement(brut: unknown): Evenement | undefined {
  const lu = schemaEvenement.safeParse(brut);
  if (!lu.success) return undefined;
  const e = lu.data;
  if (e.type === 'reponse' && !estValeurPermise(e.champ, e.valeur)) return undefined;
  return e;
}
