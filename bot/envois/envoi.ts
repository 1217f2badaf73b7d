import { z } from 'zod';
import { codeOperateur } from '../handover/index.ts';
import type { DefinitionCollection } from '../storage/depot.ts';

const instant = z.int().nonnegative();

export const EVENEMENTS = [
  'demande-recue',
  'demande-retiree',
  'rappel',
  'promesse-depassee',
  'reorientation-proposee',
  'changement-de-suivi',
  'rendez-vous-fixe',
] as const;
export const CANAUX_ENVOI = ['courriel', 'webhook', 'conversation', 'teams'] as const;
export type CanalEnvoi = (typeof CANAUX_ENVOI)[number];

/**
 * One thing to tell, to one recipient. What it says is made when it leaves, from the handover as it is then: nothing of the person is kept
 * here but the reference, which never leaves either.
 */
export const schemaEnvoi = z.strictObject({
  /** The idempotency key: the same thing to tell has the same key for ever, on the wire too. */
  cle: z.string(),
  evenement: z.enum(EVENEMENTS),
  canal: z.enum(CANAUX_ENVOI),
  service: z.string(),
  /** Which subscription, when a channel has several recipients for one service (Teams). */
  destinataire: z.string().optional(),
  operateur: codeOperateur,
  region: z.string().optional(),
  reference: z.string(),
  identifiant: z.string(),
  creeLe: instant,
  etat: z.enum(['a-envoyer', 'confirme', 'abandonne']),
  essais: z.int().nonnegative(),
  prochainLe: instant,
  /** Why the last try failed: a code, never what the other side wrote. */
  raison: z.string().max(40).optional(),
});
export type Envoi = z.output<typeof schemaEnvoi>;

/** A confirmed one is remembered that long, so that the same thing is not told again. */
const GARDE_MS = 400 * 86_400_000;

export const ENVOIS: DefinitionCollection<Envoi, Envoi> = {
  nom: 'envois',
  version: 1,
  schema: schemaEnvoi,
  fiche: (envoi) => ({
    operateur: envoi.operateur,
    ...(envoi.region === undefined ? {} : { region: envoi.region }),
    etat: envoi.etat,
    tri: envoi.creeLe,
    ...(envoi.etat === 'a-envoyer' ? {} : { expireLe: envoi.creeLe + GARDE_MS }),
    recherche: envoi.identifiant,
    resume: envoi,
  }),
};

/** How a delivery went. `attendreMs`: the other side said when to come back; `definitif`: it will never take this one. */
export type Issue =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly raison: string;
      readonly attendreMs?: number;
      readonly definitif?: true;
    };

/** A notification as it leaves: what it says was decided from the handover of this very moment. */
export type Avis = {
  readonly cle: string;
  readonly evenement: Envoi['evenement'];
  readonly le: number;
  readonly service: { readonly id: string; readonly nom: string };
  readonly demande: string;
  readonly operateur: string;
  readonly region?: string;
  readonly departement?: string;
  readonly deposeeLe: number;
  readonly identifiant: string;
  /** Opens the file in the console, for who is signed in and has the right. */
  readonly lien: string;
};
