import type { Masquer } from './directline/index.ts';

/** The field of a form that holds free words; contact details have fields of their own, and are kept as they are typed. */
const MOTS = 'mots';

/** What a button or a form carries, its free words masked like any other: before anything keeps or echoes them. */
export function masquerValeur(
  valeur: Readonly<Record<string, unknown>>,
  masquer: Masquer,
): { readonly valeur: Readonly<Record<string, unknown>>; readonly masque: boolean } {
  const mots = valeur[MOTS];
  if (typeof mots !== 'string') return { valeur, masque: false };
  const { texte, masques } = masquer(mots);
  return { valeur: { ...valeur, [MOTS]: texte }, masque: masques.length > 0 };
}
