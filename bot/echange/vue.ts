import { z } from 'zod';
import {
  CONCENTRATEUR,
  delaisEchange,
  echeanceEchange,
  type ParoleEchange,
} from '../../knowledge/dossier/index.ts';
import { ID_BOT } from '../channels/adaptateur.ts';
import { PREFIXE_CONSEILLER } from '../channels/index.ts';
import type { Journal } from '../storage/journal.ts';

/** One line of an exchange, as the counsellor reads it. `debut` and `fin`: what the person was told then. */
export type LigneEchange = {
  readonly id: string;
  readonly le: number;
  readonly genre: 'parole' | 'debut' | 'fin';
  readonly de: 'personne' | 'conseiller' | 'assistant';
  readonly nom?: string;
  readonly texte: string;
  readonly nonRemise?: true;
};

export type VueEchange = {
  readonly lignes: readonly LigneEchange[];
  /** When the counsellor who is there joined; absent when nobody holds the conversation. */
  readonly ouvertLe?: number;
  /** Instant (ms) after which the assistant takes the conversation back; absent with `ouvertLe`. */
  readonly echeance?: number;
  /** The place reached in the log, to ask for what follows. */
  readonly jusqua: number;
};

const schemaEntree = z.looseObject({
  type: z.string(),
  id: z.string(),
  timestamp: z.string(),
  text: z.string().optional(),
  from: z
    .looseObject({ id: z.string(), name: z.string().optional(), role: z.string().optional() })
    .optional(),
  value: z.unknown().optional(),
});
const schemaMarque = z.looseObject({ echange: z.looseObject({ etat: z.enum(['ouvert', 'clos']) }) });
const PAR_PAGE = 500;
const MINUTE_MS = 60_000;

/**
 * The live exchanges of a conversation, read from its log and nowhere else: what is erased there is erased. Only what was written between
 * the arrival of a counsellor and their leaving comes out; what the person told the assistant before, or a button they pressed, does not.
 * @returns `undefined` when the conversation is gone.
 */
export async function lireEchange(journal: Journal, conversation: string): Promise<VueEchange | undefined> {
  const lignes = new Map<string, LigneEchange>();
  let ouvertLe: number | undefined;
  let chezUnAutre = false;
  let paroles: ParoleEchange[] = [];
  let jusqua = 0;
  for (;;) {
    const page = await journal.lireApres(conversation, jusqua, PAR_PAGE, 'invisibles');
    if (page === undefined) return undefined;
    jusqua = page.jusqua;
    for (const { json } of page.entrees) {
      const ligne = lireLigne(json);
      if (ligne === undefined) continue;
      if (ligne.genre === 'debut') {
        ouvertLe = ligne.le;
        chezUnAutre = ligne.chezUnAutre;
        paroles = [];
      } else if (ouvertLe === undefined) continue;
      if (ligne.genre === 'fin') ouvertLe = undefined;
      // A counsellor's message the channel refused is replaced in its place: the person never saw it, it is no sign of life to them.
      if (ligne.genre === 'parole' && ligne.de !== 'assistant' && !lignes.has(ligne.id))
        paroles.push({ de: ligne.de, le: ligne.le });
      const { chezUnAutre: _, ...montree } = ligne;
      lignes.set(ligne.id, montree);
    }
    if (page.entrees.length < PAR_PAGE) break;
  }
  const delais = delaisEchange();
  return {
    lignes: [...lignes.values()],
    ...(ouvertLe === undefined
      ? {}
      : {
          ouvertLe,
          echeance: chezUnAutre
            ? ouvertLe + delais.concentrateurMinutes * MINUTE_MS
            : echeanceEchange(ouvertLe, paroles, delais),
        }),
    jusqua,
  };
}

function lireLigne(json: string): (LigneEchange & { readonly chezUnAutre: boolean }) | undefined {
  const lu = schemaEntree.safeParse(JSON.parse(json));
  if (!lu.success || lu.data.type !== 'message') return undefined;
  const { id, timestamp, text = '', from, value } = lu.data;
  const base = { id, le: Date.parse(timestamp), texte: text, chezUnAutre: false };
  // Only our own words open or end an exchange: a browser may post any `value` it likes.
  if (from?.id === ID_BOT) {
    const marque = schemaMarque.safeParse(value);
    if (!marque.success) return { ...base, genre: 'parole', de: 'assistant' };
    const { etat, chez } = marque.data.echange;
    return {
      ...base,
      genre: etat === 'ouvert' ? 'debut' : 'fin',
      de: 'assistant',
      chezUnAutre: chez === CONCENTRATEUR,
    };
  }
  if (from?.role === 'bot' && from.id.startsWith(PREFIXE_CONSEILLER))
    return {
      ...base,
      genre: 'parole',
      de: 'conseiller',
      ...(from.name === undefined ? {} : { nom: from.name }),
      ...(value === undefined ? {} : { nonRemise: true }),
    };
  // A button is asked of the program, not said to anybody.
  return value === undefined && text !== '' ? { ...base, genre: 'parole', de: 'personne' } : undefined;
}
