import type { Journal } from '../../storage/journal.ts';

/** A client's place in a log: `<epoch>.<seq>`, opaque to it, safe in a URL without encoding (C15). */
export const ecrireFiligrane = (journal: Pick<Journal, 'epoque'>, seq: number): string =>
  `${journal.epoque}.${seq}`;

/**
 * Reads a watermark (directline.md § 2): the place to read after; 0 (from the beginning) when empty, from another epoch or beyond the head,
 * so that a restored server never leaves a client deaf; `undefined` when it is nothing of ours.
 */
export function lireFiligrane(
  journal: Pick<Journal, 'epoque'>,
  brut: string,
  tete: number,
): number | undefined {
  if (brut === '' || brut === '-') return 0;
  const lu = /^([\w-]+)\.(\d{1,15})$/.exec(brut);
  if (lu === null) return undefined;
  const seq = Number(lu[2]);
  return lu[1] === journal.epoque && seq <= tete ? seq : 0;
}
