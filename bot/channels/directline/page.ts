import type { Journal } from '../../storage/journal.ts';
import { ecrireFiligrane } from './filigrane.ts';

const PAR_PAGE = 100;
/**
 * A page is cut beyond this many characters. A frame of a megabyte never arrives whole on a network of the countryside: the socket is closed
 * as too slow before its end, and the client comes back to the same place for ever.
 */
const CARACTERES_PAR_PAGE = 65_536;

export type Page = {
  /** The activity set, ready to send. */
  readonly json: string;
  readonly vide: boolean;
  /** Place reached: what comes next is after it. */
  readonly jusqua: number;
};

/** What a client reads after `seq` (directline.md § 2, § 5): at most a hundred activities, at least one if there is any. `undefined`: erased. */
export async function lirePage(
  journal: Pick<Journal, 'epoque' | 'lireApres'>,
  conversation: string,
  seq: number,
): Promise<Page | undefined> {
  const lu = await journal.lireApres(conversation, seq, PAR_PAGE);
  if (lu === undefined) return undefined;
  let taille = 0;
  const trop = lu.entrees.findIndex((e, i) => (taille += e.json.length) > CARACTERES_PAR_PAGE && i > 0);
  const gardees = trop === -1 ? lu.entrees : lu.entrees.slice(0, trop);
  const jusqua = trop === -1 ? lu.jusqua : (gardees.at(-1)?.seq ?? lu.jusqua);
  return {
    // The entries are already JSON: no need to read them to write them again.
    json: `{"activities":[${gardees.map((e) => e.json).join(',')}],"watermark":"${ecrireFiligrane(journal, jusqua)}"}`,
    vide: gardees.length === 0,
    jusqua,
  };
}
