import type { Journaliseur } from '../../../bot/ports.ts';

/** A log that keeps the codes it was given. */
export function journalMuet(): Journaliseur & { readonly codes: string[] } {
  const codes: string[] = [];
  return {
    codes,
    info: (code) => void codes.push(code),
    alerte: (code) => void codes.push(code),
    erreur: (code) => void codes.push(code),
  };
}
