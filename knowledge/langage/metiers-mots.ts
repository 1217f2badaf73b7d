/**
 * Words of a sentence as the métier reader sees them: small letters, no accent, elisions spelt out (« d’ » → « de »),
 * inclusive endings dropped (« infirmier·e »), and the marks that close a thought kept as « . » or « , ».
 */
const INCLUSIF =
  /[·•∙.(/-](?<=\p{L}{3}.)(?:e|ère|ere|euse|eure|rice|trice|ienne|ne|se|te|ve|le|lle|esse)s?\)?(?:[·•.]?s)?(?![\p{L}\p{N}])/gu;
const ELISIONS: Readonly<Record<string, string>> = {
  d: 'de',
  l: 'le',
  m: 'me',
  n: 'ne',
  qu: 'que',
  s: 'se',
  t: 'te',
};
const MORCEAU = /\p{L}+|\p{N}+|['’]|[.!?;:\n]|,/gu;
const ACCENTS = /\p{M}/gu;

/** Lower case, no accent, « œ » as « oe ». */
export const sansAccents = (texte: string): string =>
  texte.toLowerCase().replaceAll('œ', 'oe').replaceAll('æ', 'ae').normalize('NFD').replace(ACCENTS, '');

/** The words of a text, in order; `longueur` caps what is read so that hostile input stays cheap. */
export function motsDe(texte: string, longueur = 4000): string[] {
  const mots: string[] = [];
  const morceaux =
    sansAccents(texte.slice(0, longueur).normalize('NFC').replace(INCLUSIF, '')).match(MORCEAU) ?? [];
  for (let i = 0; i < morceaux.length; i++) {
    const m = morceaux[i] ?? '';
    if (m === "'" || m === '’') continue;
    if (m === ',') mots.push(',');
    else if (/^[.!?;:\n]$/u.test(m)) mots.push('.');
    else {
      const suivant = morceaux[i + 1];
      const elidee = suivant === "'" || suivant === '’' ? ELISIONS[m] : undefined;
      mots.push(elidee ?? m);
    }
  }
  return mots;
}

/** Singular look of a word, the same for the lexicon and for what people type (« soignantes » and « soignante »). */
export const auSingulier = (mot: string): string => (mot.length > 3 ? mot.replace(/[sx]$/u, '') : mot);

/**
 * How a French word sounds, roughly: doubled letters, silent endings and the usual swaps (ph/f, qu/k, c/s, y/i, eau/o)
 * are brought together, so that « electrissien » and « électricien » meet. Input: lower case, no accent.
 */
export function sonDe(mot: string): string {
  return mot
    .replace(/ph/gu, 'f')
    .replace(/(?:qu|ck|ch(?=[rl])|k)/gu, 'k')
    .replace(/c(?=[eiy])/gu, 's')
    .replace(/c(?!h)/gu, 'k')
    .replace(/sc(?=[ei])/gu, 's')
    .replace(/ge(?=[aou])/gu, 'j')
    .replace(/g(?=[eiy])/gu, 'j')
    .replace(/gu(?=[eiy])/gu, 'g')
    .replace(/eau|au/gu, 'o')
    .replace(/(?:ai|ei|ay|ey)(?!n|m|l)/gu, 'e')
    .replace(/[ae][nm](?=[^aeiouynm])/gu, 'an')
    .replace(/(?:ain|ein|yn|im(?=[pb]))/gu, 'in')
    .replace(/y/gu, 'i')
    .replace(/z/gu, 's')
    .replace(/h/gu, '')
    .replace(/(.)\1+/gu, '$1')
    .replace(/s$/u, '')
    .replace(/[etdx]$/u, '');
}
