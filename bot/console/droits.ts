import { z } from 'zod';
import { OPERATEURS } from '../../knowledge/vocabulaire/index.ts';

export const ROLES = ['conseiller', 'superviseur', 'mainteneur', 'observateur'] as const;
export type Role = (typeof ROLES)[number];

/** Everything the console's API can do; a route names its own and nothing else. */
export const GESTES_CONSOLE = [
  'moi',
  'lister',
  'lire',
  'prendre',
  'liberer',
  'clore',
  'noter',
  'rendez-vous',
  'confirmer',
  'conversation',
  'echange',
  'rejoindre',
  'dire',
  'quitter',
  'transferer',
  'reorienter',
  'accueil',
  'pilotage',
  'indicateurs',
  'envois',
  'relancer',
] as const;
export type GesteConsole = (typeof GESTES_CONSOLE)[number];

export const schemaSession = z.strictObject({
  id: z.string().min(1).max(255),
  nom: z.string(),
  roles: z.array(z.enum(ROLES)).min(1),
  operateurs: z.union([z.literal('tous'), z.array(z.enum(OPERATEURS))]),
  regions: z.union([z.literal('toutes'), z.array(z.string())]),
  /** Drawn at sign-in: what a sign-out ends. */
  jeton: z.string(),
  fin: z.number(),
});
/** Who is signed in, with which roles, for which operators and régions. */
export type Session = z.output<typeof schemaSession>;

/**
 * A maintainer corrects content and an observer reads indicators: neither sees an individual, so neither opens the queue. A supervisor
 * follows the work and frees what someone absent holds; taking, calling, closing and answering in the conversation is the counsellor's:
 * the person agreed to be read there by whoever follows their request, not by their supervisor.
 */
const DROITS: Readonly<Record<Role, ReadonlySet<GesteConsole>>> = {
  conseiller: new Set<GesteConsole>([
    'moi',
    'lister',
    'lire',
    'prendre',
    'liberer',
    'clore',
    'noter',
    'rendez-vous',
    'confirmer',
    'conversation',
    'echange',
    'rejoindre',
    'dire',
    'quitter',
    'transferer',
    'reorienter',
    'accueil',
  ]),
  superviseur: new Set<GesteConsole>([
    'moi',
    'lister',
    'lire',
    'liberer',
    'transferer',
    'pilotage',
    'indicateurs',
    'envois',
    'relancer',
  ]),
  mainteneur: new Set<GesteConsole>(['moi', 'envois', 'relancer']),
  observateur: new Set<GesteConsole>(['moi', 'indicateurs']),
};

/** Rights as they were written down somewhere: an operator they name may have left the data since, and then gives nothing. */
export type Droits = Pick<Session, 'roles' | 'regions'> & {
  readonly operateurs: 'tous' | readonly string[];
};

type Place = {
  readonly operateur: string;
  readonly region?: string | undefined;
  /** Its région is not in the data any more. */
  readonly regionRetiree?: boolean;
  /** Nobody receives it any more: its service, its operator or its région is gone. */
  readonly orpheline?: boolean;
};

/** Whether a handover is within the operators and régions of someone, whatever they may do with it. */
export const estDansLePerimetre = (session: Droits, { operateur, region, regionRetiree }: Place): boolean =>
  (session.operateurs === 'tous' || session.operateurs.some((o) => o === operateur)) &&
  (session.regions === 'toutes' ||
    (region !== undefined && session.regions.includes(region)) ||
    // A région that left the data belongs to nobody's list any more: the operator's supervisors keep seeing its files.
    (regionRetiree === true && session.roles.includes('superviseur')));

/**
 * What a supervisor does besides to a file that no service receives any more: take it in hand, to propose another service to the person or to
 * close it. Of an operator that left the data, only supervisors of every operator see the files: the person agreed to nobody else.
 */
const SUR_ORPHELINE: ReadonlySet<GesteConsole> = new Set(['prendre', 'reorienter', 'clore']);

/** The one place that says who may do what: the role for the gesture, then the operator and région for the handover when there is one. */
export const peutFaire = (session: Droits, geste: GesteConsole, place?: Place): boolean =>
  (session.roles.some((role) => DROITS[role].has(geste)) ||
    (session.roles.includes('superviseur') &&
      SUR_ORPHELINE.has(geste) &&
      (place === undefined || place.orpheline === true))) &&
  (place === undefined || estDansLePerimetre(session, place));
