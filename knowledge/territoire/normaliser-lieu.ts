const ABREGES: Readonly<Record<string, string>> = {
  st: 'saint',
  sts: 'saints',
  ste: 'sainte',
  stes: 'saintes',
  // « lès », « lez » and « les » (near) are one word in three spellings, and people do not know which one a name takes.
  lez: 'les',
};

const SIMPLE = /^[\x20-\x7E]*$/;

/** Lower case, no accent, no ligature, no zero-width character: « Œuilly » → « oeuilly ». Punctuation is kept. */
export function sansAccents(texte: string): string {
  if (SIMPLE.test(texte)) return texte.toLowerCase();
  return texte
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036F\u200B-\u200D\u2060\uFEFF\u00AD]/g, '')
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae');
}

/** One word of a place name as the index knows it: « Ste » → « sainte ». `mot` must already be without accents. */
export const motDeLieu = (mot: string): string => ABREGES[mot] ?? mot;

/**
 * A place name as words of letters or digits separated by one space: « L’Haÿ-les-Roses » → « l hay les roses », « Chalon s/ Saône » → « chalon sur saone ».
 * « Paris 13e » → « paris 13 ». Two spellings of the same place give the same text.
 */
export function normaliserLieu(nom: string): string {
  const mots = sansAccents(nom)
    .replaceAll(/\bs\s?\//g, ' sur ')
    .replaceAll(/(\d+) ?(?:ers?|e|eme|ieme|nd|nde)\b/g, '$1')
    .match(/[a-z]+|\d+/g);
  return (mots ?? []).map(motDeLieu).join(' ');
}
