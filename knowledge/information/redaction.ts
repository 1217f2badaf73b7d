import type { GraphiqueInformation } from './types.ts';
import { texte } from '../textes/index.ts';
import type { Registre } from '../vocabulaire/index.ts';

/** « 1 230 »: a no-break space between thousands, so that a figure is never cut in two. */
export const nombre = (n: number): string => String(n).replace(/\B(?=(?:\d{3})+$)/gu, '\u00A0');

const VOYELLE = /^[aeiouyàâäéèêëîïôöùûüœæh]/iu;
/** Names that keep their full article: an aspirated h cannot be guessed from its spelling. */
const H_ASPIRE = /^(?:haut|hock|homard|hors|hach|handball|harn)/iu;

/** « d’aides-soignants », « de caissiers ». */
export const de = (nom: string): string =>
  VOYELLE.test(nom) && !H_ASPIRE.test(nom) ? `d’${nom}` : `de ${nom}`;

/** « a, b et c ». */
export const enumerer = (elements: readonly string[], liaison = 'et'): string =>
  elements.length < 2
    ? (elements[0] ?? '')
    : `${elements.slice(0, -1).join(', ')} ${liaison} ${elements.at(-1) ?? ''}`;

export const majuscule = (phrase: string): string => phrase.charAt(0).toUpperCase() + phrase.slice(1);

export const accorder = (n: number, singulier: string, pluriel: string): string =>
  n < 2 ? singulier : pluriel;

/** A text of the information subject, in a register. */
export const dire = (
  cle: string,
  registre: Registre,
  parametres: Readonly<Record<string, string | number>> = {},
): string => texte(`information.${cle}`, registre, parametres);

/** Words of an imported file, without the marks our own texts use (strong, links): a title cannot draw a link of its own. */
export const sansMarques = (brut: string): string =>
  brut
    .replaceAll(/[*[\]]+/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();

/** The value a full bar stands for: 100 for a share, the largest value for a count. */
export const pleineLongueur = ({ unite, barres }: GraphiqueInformation): number =>
  unite === '%' ? 100 : Math.max(1, ...barres.map((b) => b.valeur ?? 0));
