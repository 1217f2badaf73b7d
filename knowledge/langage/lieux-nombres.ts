import { communesDuCodePostal, departement } from '../territoire/index.ts';
import type { Mot } from './lieux-mots.ts';

/** A number that says where: a postcode, or the number of a département. `fin` is the index after the last word used. */
export type NombreLu =
  | { readonly genre: 'code-postal'; readonly code: string; readonly fin: number }
  | { readonly genre: 'departement'; readonly code: string; readonly fin: number }
  | { readonly genre: 'region-ou-departement'; readonly fin: number };

const UNITE =
  /^(?:ans?|mois|jours?|semaines?|h|heures?|euros?|eur|e|k|ke|km|kms|kilometres?|minutes?|min|brut|net|nets|points?|pourcent|personnes?|salaries?|enfants?|trimestres?|annees?|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|par)$/;
const ARGENT = /^(?:gagne|touche|salaire|budget|coute|paye|payee|cpf|euros|smic|brut|net|environ)$/;
const MOT_DEPARTEMENT = /^(?:departement|dpt|dept|dep|depart)$/;
const REGION_MEME_NUMERO = new Set([
  '11',
  '24',
  '27',
  '28',
  '32',
  '44',
  '52',
  '53',
  '75',
  '76',
  '84',
  '93',
  '94',
]);

/** « 20167 » is in Corse-du-Sud, « 97480 » in La Réunion: the département a postcode belongs to when no commune is known by it. */
function departementDuCodePostal(code: string): string | undefined {
  const numero = code.startsWith('97') || code.startsWith('98') ? code.slice(0, 3) : code.slice(0, 2);
  const lu = numero === '20' ? (code.startsWith('200') || code.startsWith('201') ? '2A' : '2B') : numero;
  return departement(lu)?.code;
}

/**
 * Reads the number at `i`. Without a word that says so (« dans le 59 », « département 44 », « (93) »), only numbers that can be nothing else are read:
 * postcodes, « 2A », « 974 ». Ages, hours, wages and dates are left alone.
 */
export function lireNombre(
  mots: readonly Mot[],
  i: number,
  texte: string,
  seul: boolean,
): NombreLu | undefined {
  const lu = mots[i];
  if (lu === undefined || !/^\d+$/.test(lu.mot) || lu.accent) return undefined;
  const suivant = mots[i + 1];
  const colleAuSuivant = suivant !== undefined && suivant.debut - lu.fin <= 1;
  const apres = texte.slice(lu.fin, lu.fin + 3);
  if (/^\s?[€%]/.test(apres) || /^[.,]\d/.test(apres)) return undefined;
  const avant = texte.charAt(lu.debut - 1);
  // « F32700 », « loi 2025-989 » : a reference, not a place.
  if (/[\p{L}\d\-/.,]/u.test(avant)) return undefined;
  // « le 15/01/2027 », « 15.01 » : a day.
  if (/^[/.]\d/.test(apres)) return undefined;
  const precedents = [mots[i - 1]?.mot ?? '', mots[i - 2]?.mot ?? '', mots[i - 3]?.mot ?? ''];

  if (
    lu.mot.length === 5 ||
    (lu.mot.length === 2 && suivant?.mot.length === 3 && /^\d{3}$/.test(suivant.mot) && colleAuSuivant)
  ) {
    const entier = lu.mot.length === 5;
    const code = entier ? lu.mot : `${lu.mot}${suivant?.mot ?? ''}`;
    const fin = entier ? i + 1 : i + 2;
    if (
      UNITE.test(mots[fin]?.mot ?? '') ||
      ARGENT.test(precedents[0] ?? '') ||
      ARGENT.test(precedents[1] ?? '')
    )
      return undefined;
    if (/^\s?[€%]/.test(texte.slice(mots[fin - 1]?.fin ?? 0, (mots[fin - 1]?.fin ?? 0) + 3)))
      return undefined;
    if (communesDuCodePostal(code).length > 0) return { genre: 'code-postal', code, fin };
    const dep = seul ? departementDuCodePostal(code) : undefined;
    return dep === undefined ? undefined : { genre: 'departement', code: dep, fin };
  }

  const corse =
    lu.mot === '2' &&
    (suivant?.mot === 'a' || suivant?.mot === 'b') &&
    colleAuSuivant &&
    suivant.debut === lu.fin;
  const numero = corse ? `2${suivant.mot.toUpperCase()}` : lu.mot.padStart(2, '0');
  const fin = corse ? i + 2 : i + 1;
  if (departement(numero) === undefined || UNITE.test(mots[fin]?.mot ?? '')) return undefined;
  const [un = '', deux = '', trois = ''] = precedents;
  if (un === 'region' && REGION_MEME_NUMERO.has(numero)) return { genre: 'region-ou-departement', fin };
  const dit =
    corse ||
    /^97[1-6]$/.test(numero) ||
    seul ||
    MOT_DEPARTEMENT.test(un) ||
    un === 'region' ||
    (MOT_DEPARTEMENT.test(deux) && /^(?:du|le|numero|n)$/.test(un)) ||
    (un === 'le' && /^(?:dans|sur|habite|vis|pour|vers|toute?|reside|travaille|bosse)$/.test(deux)) ||
    (un === 'du' && /^(?:suis|viens|coin|secteur|habitant|habitante|originaire|cote|fond)$/.test(deux)) ||
    (un === 'le' && deux === 'tout' && trois === 'dans') ||
    (lu.apresParenthese && texte.charAt(mots[fin - 1]?.fin ?? 0) === ')');
  return dit ? { genre: 'departement', code: numero, fin } : undefined;
}
