import { delaisEchange, echeanceEchange, type ParoleEchange } from '../../knowledge/dossier/index.ts';
import type { Journal } from '../storage/journal.ts';
import { lireEntrees } from './entrees.ts';

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

const MINUTE_MS = 60_000;

/**
 * The live exchanges of a conversation. Only what was written between the arrival of a counsellor and their leaving comes out; what the
 * person told the assistant before, or a button they pressed, does not.
 * @param depuis when the agreement now in force was given (ms): an exchange with a service the file has left is not read by the next one
 * @returns `undefined` when the conversation is gone.
 */
export async function lireEchange(
  journal: Journal,
  conversation: string,
  depuis = 0,
): Promise<VueEchange | undefined> {
  const lu = await lireEntrees(journal, conversation);
  if (lu === undefined) return undefined;
  const lignes: LigneEchange[] = [];
  let ouvertLe: number | undefined;
  let chezUnAutre = false;
  let paroles: ParoleEchange[] = [];
  for (const { id, le, de, nom, texte, nonRemise, marque, valeur } of lu.entrees) {
    if (marque?.etat === 'ouvert') {
      ouvertLe = le;
      chezUnAutre = marque.chezUnAutre;
      paroles = [];
      // A button is asked of the program, not said to anybody.
    } else if (ouvertLe === undefined || valeur !== undefined) continue;
    if (marque?.etat === 'clos') ouvertLe = undefined;
    if (marque === undefined && de !== 'assistant') paroles.push({ de, le });
    lignes.push({
      id,
      le,
      genre: marque === undefined ? 'parole' : marque.etat === 'ouvert' ? 'debut' : 'fin',
      de,
      texte,
      ...(nom === undefined ? {} : { nom }),
      ...(nonRemise === undefined ? {} : { nonRemise }),
    });
  }
  const delais = delaisEchange();
  return {
    lignes: lignes.filter((l) => l.le >= depuis),
    ...(ouvertLe === undefined
      ? {}
      : {
          ouvertLe,
          echeance: chezUnAutre
            ? ouvertLe + delais.concentrateurMinutes * MINUTE_MS
            : echeanceEchange(ouvertLe, paroles, delais),
        }),
    jusqua: lu.jusqua,
  };
}
