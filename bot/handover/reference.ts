import { refuse, reussi, type Resultat } from '../../knowledge/vocabulaire/index.ts';

/**
 * 31 characters: Crockford's alphabet (no I, L, O, U) without N, heard as M on the phone. 31 is prime, which is what lets the check
 * character below catch every wrong character and every swap.
 */
export const CARACTERES = '0123456789ABCDEFGHJKMPQRSTVWXYZ';
const BASE = CARACTERES.length;
/** Nine characters drawn (31⁹ ≈ 2,6 × 10¹³: nobody finds one of 50,000 by trying) and one computed. */
const TIRES = 9;
const PREFIXE = 'CEP';
/** What people write or hear for a character that is not in the alphabet. */
const CONFONDUS: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1', N: 'M' };

export type RefusReference = { readonly code: 'reference-illisible'; readonly raison: 'forme' | 'cle' };

/** Weighted sum modulo 31, weights 2 to 10: all different and never 0, so one wrong character or two swapped ones always change it. */
function caractereCle(corps: string): string {
  let somme = 0;
  for (let i = 0; i < corps.length; i += 1) somme += (i + 2) * CARACTERES.indexOf(corps.charAt(i));
  return CARACTERES.charAt(somme % BASE);
}

const ecrire = (dix: string): string => `${PREFIXE}-${dix.slice(0, 5)}-${dix.slice(5)}`;

/**
 * A new reference code, « CEP-7K3M9-QXA4T »: short enough to be dictated, unguessable, its last character checks the others.
 * @param alea gives `n` random bytes (cryptographic outside tests)
 */
export function nouvelleReference(alea: (n: number) => Uint8Array): string {
  let corps = '';
  while (corps.length < TIRES) {
    for (const octet of alea(TIRES)) {
      // 248 is the last multiple of 31 a byte holds: keeping the rest would favour the first characters.
      if (octet < 248 && corps.length < TIRES) corps += CARACTERES.charAt(octet % BASE);
    }
  }
  return ecrire(corps + caractereCle(corps));
}

/** What people wrote, character by character: upper case, no space nor dash, look-alikes read as ours. `CEP` is left as it is. */
export const lireCaracteres = (saisie: string): string =>
  [
    ...saisie
      .slice(0, 64)
      .normalize('NFKC')
      .toUpperCase()
      .replaceAll(/[\s\p{P}]/gu, ''),
  ]
    .map((c) => CONFONDUS[c] ?? c)
    .join('');

/**
 * Reads a reference as people write it: any case, spaces or dashes anywhere, « CEP » or not, O for 0, I or L for 1, N for M.
 * @returns the reference as `nouvelleReference` writes it, or why it cannot be one; nothing is said about whether it exists.
 */
export function lireReference(saisie: string): Resultat<string, RefusReference> {
  const brut = lireCaracteres(saisie);
  const corps = brut.length === TIRES + 1 + PREFIXE.length && brut.startsWith(PREFIXE) ? brut.slice(3) : brut;
  if (corps.length !== TIRES + 1 || [...corps].some((c) => !CARACTERES.includes(c)))
    return refuse({ code: 'reference-illisible', raison: 'forme' });
  if (caractereCle(corps.slice(0, TIRES)) !== corps.charAt(TIRES))
    return refuse({ code: 'reference-illisible', raison: 'cle' });
  return reussi(ecrire(corps));
}
