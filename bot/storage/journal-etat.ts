import { z } from 'zod';
import type { EvenementStocke } from '../ports.ts';
import type { Activite, EnteteJournal } from './journal.ts';

/**
 * Lines of a log, and the state they fold into. One JSON object per line:
 * - `entete` the conversation, once, first; `efface` alone: it was erased;
 * - `e` an entry of the person (`c` its key, `h` its print, `i` invisible); `s` one of ours outside a turn (same `c` and `h`);
 * - `tour` the end of the turn of entry `p`: its activities (numbered from `s`) and the events of the dossier;
 * - `r` the turn of `p` is being replayed after a crash; `n` a note.
 */
const activite = z.looseObject({ type: z.string(), id: z.string(), timestamp: z.string() });
const evenement = z.looseObject({ type: z.string() });
const schemaLigne = z.discriminatedUnion('t', [
  z.object({
    t: z.literal('entete'),
    v: z.literal(1),
    entete: z.object({
      id: z.string(),
      canal: z.enum(['directline', 'teams']),
      creeLe: z.number(),
      reference: z.string(),
      locale: z.string().optional(),
      utilisateur: z.string(),
    }),
  }),
  z.object({ t: z.literal('efface'), le: z.number() }),
  z.object({
    t: z.literal('e'),
    s: z.number(),
    c: z.string().optional(),
    h: z.string().optional(),
    i: z.literal(true).optional(),
    a: activite,
  }),
  z.object({
    t: z.literal('s'),
    s: z.number(),
    c: z.string().optional(),
    h: z.string().optional(),
    a: activite,
  }),
  z.object({
    t: z.literal('tour'),
    s: z.number(),
    p: z.number(),
    e: z.array(evenement),
    a: z.array(activite),
  }),
  z.object({ t: z.literal('r'), p: z.number() }),
  z.object({ t: z.literal('n'), n: z.string(), x: z.unknown() }),
]);
export type Ligne = z.infer<typeof schemaLigne>;
type ActiviteLue = z.infer<typeof activite>;

export type Entree = { readonly id: string; readonly visible: boolean; readonly json: string };
export type EtatConversation = {
  entete: EnteteJournal;
  /** Entry of seq n is at n − 1: there is no hole. */
  readonly entrees: Entree[];
  readonly ids: Set<string>;
  readonly cles: Map<string, { readonly seq: number; readonly id: string; readonly empreinte: string }>;
  readonly evenements: EvenementStocke[];
  readonly attente: Map<number, { readonly activite: Activite; readonly le: number; rejoue: boolean }>;
  readonly notes: Map<string, unknown>;
  horodatage: number;
  entrants: number;
  /** Characters held, for the cache's budget. */
  taille: number;
};

export const etatVide = (entete: EnteteJournal): EtatConversation => ({
  entete,
  entrees: [],
  ids: new Set(),
  cles: new Map(),
  evenements: [],
  attente: new Map(),
  notes: new Map(),
  horodatage: entete.creeLe,
  entrants: 0,
  taille: 500,
});

/** A line as it is written, and its activities as they will be sent: each is made into JSON once. */
export type LigneEcrite = { readonly texte: string; readonly jsons: readonly string[] };

export function ecrireLigne(ligne: Ligne): LigneEcrite {
  if (!('a' in ligne)) return { texte: JSON.stringify(ligne), jsons: [] };
  const { a, ...reste } = ligne;
  const debut = JSON.stringify(reste).slice(0, -1);
  if (!Array.isArray(a)) {
    const json = JSON.stringify(a);
    return { texte: `${debut},"a":${json}}`, jsons: [json] };
  }
  const jsons = a.map((activite) => JSON.stringify(activite));
  return { texte: `${debut},"a":[${jsons.join(',')}]}`, jsons };
}

/** Folds one line into the state. Lines come in the order they were written. */
export function appliquer(
  etat: EtatConversation,
  ligne: Ligne,
  { texte: { length: taille }, jsons }: LigneEcrite,
): void {
  etat.taille += taille;
  switch (ligne.t) {
    case 'entete':
      etat.entete = sansAbsents(ligne.entete);
      return;
    case 'efface':
      return;
    case 'e': {
      ajouter(etat, ligne.a, ligne.i !== true, jsons[0]);
      etat.entrants += 1;
      if (ligne.c !== undefined)
        etat.cles.set(ligne.c, { seq: ligne.s, id: ligne.a.id, empreinte: ligne.h ?? '' });
      etat.attente.set(ligne.s, { activite: ligne.a, le: Date.parse(ligne.a.timestamp), rejoue: false });
      return;
    }
    case 's':
      ajouter(etat, ligne.a, true, jsons[0]);
      if (ligne.c !== undefined)
        etat.cles.set(ligne.c, { seq: ligne.s, id: ligne.a.id, empreinte: ligne.h ?? '' });
      return;
    case 'tour':
      for (const [i, a] of ligne.a.entries()) ajouter(etat, a, true, jsons[i]);
      for (const e of ligne.e) etat.evenements.push(e);
      etat.attente.delete(ligne.p);
      return;
    case 'r': {
      const tour = etat.attente.get(ligne.p);
      if (tour !== undefined) tour.rejoue = true;
      return;
    }
    case 'n':
      etat.notes.set(ligne.n, ligne.x);
      return;
  }
}

function ajouter(etat: EtatConversation, a: ActiviteLue, visible: boolean, json = JSON.stringify(a)): void {
  etat.entrees.push({ id: a.id, visible, json });
  if (visible) etat.ids.add(a.id);
  etat.horodatage = Math.max(etat.horodatage, Date.parse(a.timestamp));
}

function sansAbsents(lu: Extract<Ligne, { t: 'entete' }>['entete']): EnteteJournal {
  const { locale, ...reste } = lu;
  return locale === undefined ? reste : { ...reste, locale };
}

export type LogLu =
  | { readonly type: 'etat'; readonly etat: EtatConversation; readonly illisibles: number }
  | { readonly type: 'efface' }
  | { readonly type: 'vide' };

/** The header of a log, without reading what follows. */
export function lireEntete(texte: string): EnteteJournal | undefined {
  const fin = texte.indexOf('\n');
  const ligne = fin === -1 ? undefined : lireLigne(texte.slice(0, fin));
  return ligne?.t === 'entete' ? sansAbsents(ligne.entete) : undefined;
}

const DEBUT_ENTREE = /^\{"t":"e","s":(\d+),/;
const DEBUT_TOUR = /^\{"t":"tour","s":\d+,"p":(\d+),/;

/**
 * False when every entry of this log has the end of its turn. Looks only at how lines begin, as `ecrireLigne` writes them: a start has hundreds of
 * logs to look at, and few to read. A line that begins otherwise is worth a real reading: true.
 */
export function peutAttendre(log: string): boolean {
  const attendus = new Set<string>();
  for (const ligne of log.split('\n').slice(0, -1)) {
    const debut = ligne.slice(0, 60);
    if (!debut.startsWith('{"t":"')) return true;
    const entree = DEBUT_ENTREE.exec(debut)?.[1];
    const tour = DEBUT_TOUR.exec(debut)?.[1];
    if (entree !== undefined) attendus.add(entree);
    else if (tour !== undefined) attendus.delete(tour);
    else if (/^\{"t":"(?:e|tour)"/.test(debut)) return true;
  }
  return attendus.size > 0;
}

/**
 * Reads a whole log. A last line without its end was never acknowledged: it is ignored. A damaged line in the middle is counted and
 * skipped, so that one bad sector does not take the rest of a conversation away. No readable header: nothing was acknowledged.
 */
export function lireLog(texte: string): LogLu {
  const lignes = texte.split('\n');
  lignes.pop();
  let etat: EtatConversation | undefined;
  let illisibles = 0;
  for (const brute of lignes) {
    const ligne = lireLigne(brute);
    if (ligne === undefined) {
      illisibles += 1;
      continue;
    }
    if (ligne.t === 'efface') return { type: 'efface' };
    if (ligne.t === 'entete') etat ??= etatVide(sansAbsents(ligne.entete));
    if (etat === undefined) return { type: 'vide' };
    combler(etat, ligne);
    appliquer(etat, ligne, { texte: brute, jsons: [] });
  }
  return etat === undefined ? { type: 'vide' } : { type: 'etat', etat, illisibles };
}

/** Keeps « entry n at n − 1 » true when a damaged line was skipped. */
function combler(etat: EtatConversation, ligne: Ligne): void {
  if (!('s' in ligne)) return;
  while (etat.entrees.length < ligne.s - 1) etat.entrees.push({ id: '', visible: false, json: '' });
}

function lireLigne(brute: string): Ligne | undefined {
  let lu: unknown;
  try {
    lu = JSON.parse(brute);
  } catch {
    // Counted by the caller.
    return undefined;
  }
  const ligne = schemaLigne.safeParse(lu);
  return ligne.success ? ligne.data : undefined;
}
