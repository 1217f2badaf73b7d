/** What `masquer` hides. A phone number or an e-mail has its place in the contact form; the others have none here. */
export const NATURES_MASQUEES = ['nir', 'carte-bancaire', 'courriel', 'telephone', 'iban'] as const;
export type NatureMasquee = (typeof NATURES_MASQUEES)[number];

const REMPLACEMENTS: Readonly<Record<NatureMasquee, string>> = {
  nir: '[numéro de sécurité sociale masqué]',
  'carte-bancaire': '[numéro de carte masqué]',
  courriel: '[adresse électronique masquée]',
  telephone: '[téléphone masqué]',
  iban: '[compte bancaire masqué]',
};

// Separators people put inside numbers: spaces of every kind, dots, hyphens, slashes, and characters that show nothing.
const SEP = String.raw`[\s.\-_/\u00A0\u202F\u00AD\u200B-\u200F\u2060\uFEFF]{0,3}`;
const AVANT = String.raw`(?<![\p{L}\p{N}])`;
const APRES = String.raw`(?![\p{N}])`;

/** Sex, year, month (20 to 42 and 50 to 99 exist for births with unknown month), département (2A, 2B), commune, order, and the key if given. */
const NIR = new RegExp(
  `${AVANT}[1-478]${SEP}\\d${SEP}\\d${SEP}(?:0${SEP}[1-9]|1${SEP}[0-2]|[2-9]${SEP}\\d)${SEP}(?:\\d${SEP}\\d|2${SEP}[ABab])${SEP}\\d${SEP}\\d${SEP}\\d${SEP}\\d${SEP}\\d${SEP}\\d(?:${SEP}\\d${SEP}\\d)?${APRES}`,
  'gu',
);
const CARTE = new RegExp(`${AVANT}(?:\\d${SEP}){12,18}\\d${APRES}`, 'gu');
/** Length after the country code (ISO 13616 registry) for the accounts people here have: any other two letters are the end of a word. */
const LONGUEURS_IBAN: Readonly<Record<string, number>> = {
  FR: 25,
  MC: 25,
  BE: 14,
  LU: 18,
  DE: 20,
  CH: 19,
  ES: 22,
  IT: 25,
  PT: 23,
  NL: 16,
  GB: 20,
  IE: 20,
  LT: 18,
  RO: 22,
  PL: 26,
  AT: 18,
};
// A French account is hidden even when digits are missing; the others must be whole. Written « FR76 » or « fr76 », never « Fr »; a code in small letters followed by a space is a word (« es 06 12… »).
const IBAN = new RegExp(
  `${AVANT}(?:${Object.entries(LONGUEURS_IBAN)
    .map(
      ([pays, n]) =>
        `(?:${pays}${SEP}|${pays.toLowerCase()})\\d${SEP}\\d(?:${SEP}[A-Za-z0-9]){${pays === 'FR' ? '16,24' : String(n - 2)}}`,
    )
    .join('|')})(?![\\p{L}\\p{N}])`,
  'gu',
);
const COURRIEL =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}\s{0,2}(?:@|＠|\(at\)|\[at\]|\s(?:arobase|arobas|arrobase|at)\s)\s{0,2}[\p{L}\p{N}-]{1,63}(?:\s{0,1}(?:\.|\spoint\s)\s{0,1}[\p{L}\p{N}-]{1,63}){0,3}\s{0,1}(?:\.|\spoint\s)\s{0,1}\p{L}{2,10}(?![\p{L}\p{N}])/giu;
const TELEPHONE = new RegExp(
  `(?<![\\p{L}\\p{N}+])(?:(?:\\+|00)${SEP}(?:33|262|508|590|594|596|681|687|689)${SEP}(?:\\(0\\)${SEP})?[1-9]|0${SEP}[1-9])(?:${SEP}\\d){8}${APRES}`,
  'gu',
);
const INTERNATIONAL = new RegExp(`(?<![\\p{L}\\p{N}+])\\+${SEP}[1-9](?:${SEP}\\d){8,13}${APRES}`, 'gu');

const chiffres = (texte: string): string => texte.replaceAll(/\D/gu, '');

function estCarte(texte: string): boolean {
  const c = chiffres(texte);
  let somme = 0;
  for (let i = 0; i < c.length; i++) {
    const n = Number(c[c.length - 1 - i]);
    const double = i % 2 === 1 ? n * 2 : n;
    somme += double > 9 ? double - 9 : double;
  }
  return somme % 10 === 0 && !/^(\d)\1+$/u.test(c);
}

/** ISO 13616 check, digit by digit so that no big number is needed. */
function estIban(texte: string): boolean {
  const compact = texte.replaceAll(/[^A-Za-z0-9]/gu, '').toUpperCase();
  let reste = 0;
  for (const signe of compact.slice(4) + compact.slice(0, 4)) {
    const valeur = /\d/u.test(signe) ? signe : String(signe.charCodeAt(0) - 55);
    reste = Number(`${reste}${valeur}`) % 97;
  }
  return reste === 1 || /^FR\d{2}/u.test(compact);
}

/**
 * Hides what must never be stored, echoed or logged: social security, bank card and account numbers, e-mail addresses, phone numbers.
 * Pure; runs on every free text before anything else (design § 6). Postcodes, ages, years, amounts and INSEE codes are left alone, and
 * so are the short public numbers (3949, 3114, 15).
 */
export function masquer(texte: string): { texte: string; masques: readonly NatureMasquee[] } {
  const masques = new Set<NatureMasquee>();
  const cacher = (
    t: string,
    nature: NatureMasquee,
    motif: RegExp,
    estVrai?: (m: string) => boolean,
  ): string =>
    t.replace(motif, (m) => {
      if (estVrai !== undefined && !estVrai(m)) return m;
      masques.add(nature);
      return REMPLACEMENTS[nature];
    });
  // Cheap door: most messages hold neither a long number nor an address.
  if (!/\d(?:[^\d\n]{0,3}\d){8}|@|＠|\barobas|\barrobas|\bat\b/iu.test(texte)) return { texte, masques: [] };
  let t = cacher(
    texte,
    'courriel',
    COURRIEL,
    (m) => /@|＠|\(at\)|\[at\]|arr?obas/iu.test(m) || /\bat\b.*(?:\.|point)/iu.test(m),
  );
  t = cacher(t, 'iban', IBAN, estIban);
  t = cacher(t, 'nir', NIR);
  t = cacher(t, 'telephone', TELEPHONE);
  t = cacher(t, 'telephone', INTERNATIONAL);
  t = cacher(t, 'carte-bancaire', CARTE, estCarte);
  return { texte: t, masques: NATURES_MASQUEES.filter((n) => masques.has(n)) };
}
