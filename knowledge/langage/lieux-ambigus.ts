import { z } from 'zod';
import { lireDonnees } from '../vocabulaire/index.ts';

const parLettre = z.record(z.string().length(1), z.string().min(1));
const schema = z.strictObject({ ambigus: parLettre, communs: parLettre, prochesDeVilles: parLettre });

/**
 * - `ambigus`: names of communes that are also a word, a first name or a surname (« Orange », « Sens », « Nancy »): they need support;
 * - `communs`: among them, words that usually follow « à », « au » or « sur » (« à temps plein », « à son compte »): they need strong support;
 * - `prochesDeVilles`: French words one or two letters away from a town, which are never taken for a slip (« accueil », « argent »).
 * The first and the third were derived from the communes of the COG 2026 and a list of 336,000 French words, then read and corrected by hand.
 */
type Ambigus = {
  readonly ambigus: ReadonlySet<string>;
  readonly communs: ReadonlySet<string>;
  readonly prochesDeVilles: ReadonlySet<string>;
};

let lus: Ambigus | undefined;

const reunir = (groupes: Readonly<Record<string, string>>): ReadonlySet<string> =>
  new Set(Object.values(groupes).flatMap((mots) => mots.split(' ')));

export function lieuxAmbigus(): Ambigus {
  if (lus !== undefined) return lus;
  const { ambigus, communs, prochesDeVilles } = lireDonnees(
    'knowledge/langage/donnees/lieux-ambigus.json',
    schema,
  );
  lus = { ambigus: reunir(ambigus), communs: reunir(communs), prochesDeVilles: reunir(prochesDeVilles) };
  return lus;
}
