/** What is read of one message. Longer texts are cut: 2,000 characters is what the widget lets people type, a story dictated aloud is shorter. */
export const LONGUEUR_LUE = 4_000;

/** Zero-width and other characters that show nothing: they only ever hide a word from its reader. */
const INVISIBLES = /\p{Default_Ignorable_Code_Point}/gu;
const BALISES = /<\/?[a-z!][^<>]{0,200}>/giu;
const ENTITES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: ' ',
  gt: ' ',
  nbsp: ' ',
  quot: ' ',
  '#39': "'",
  eacute: 'é',
  egrave: 'è',
  agrave: 'à',
  ccedil: 'ç',
};
const ENTITE = /&(amp|lt|gt|nbsp|quot|#39|eacute|egrave|agrave|ccedil);/gu;
const MARQUES = /\p{M}/gu;

const MOTS = /[\p{L}\p{N}]/u;
/** What a message made of signs alone says; among words they only colour them. */
const SIGNES: readonly (readonly [RegExp, string])[] = [
  [/[👍👌✅✔☑🆗]/u, 'ok'],
  [/[👎❌✖🚫]/u, 'non'],
  [/[👋🤗]/u, 'bonjour'],
  [/[🙏💐]/u, 'merci'],
];

/**
 * The text as people meant it: invisible characters and HTML removed, compatibility forms (full-width letters, ligatures) brought back
 * to plain ones, cut to `LONGUEUR_LUE`. Keeps case, accents and punctuation. « 👍 » alone is « ok ».
 */
export function nettoyer(texte: string): string {
  const signe = MOTS.test(texte) ? undefined : SIGNES.find(([motif]) => motif.test(texte));
  if (signe !== undefined) return signe[1];
  return texte
    .slice(0, LONGUEUR_LUE)
    .normalize('NFKC')
    .replace(INVISIBLES, '')
    .replace(BALISES, ' ')
    .replace(ENTITE, (_, nom: string) => ENTITES[nom] ?? ' ');
}

/** Lower case, no accent, « œ » as « oe », straight apostrophes. One folding for what people type and for our own data. */
export const plier = (texte: string): string =>
  texte
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .replaceAll(/[’‘ʼ`´]/gu, "'")
    .normalize('NFD')
    .replace(MARQUES, '');

const HORS_MOTS = /[^\p{L}\p{N}+]+/gu;

/**
 * Words only, folded, one space between them: « J’habite à Charleville-Mézières ! » → « j habite a charleville mezieres ».
 * For exact comparisons and searches; `+` is kept (« bac+3 »).
 */
export const normaliser = (texte: string): string => plier(nettoyer(texte)).replace(HORS_MOTS, ' ').trim();

/** The words of `normaliser`, in order. */
export function decouper(texte: string): string[] {
  const plie = normaliser(texte);
  return plie === '' ? [] : plie.split(' ');
}
