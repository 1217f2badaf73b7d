/** An expected refusal is a value; only bugs throw. */
export type Resultat<T, R> =
  | { readonly ok: true; readonly valeur: T }
  | { readonly ok: false; readonly refus: R };

export const reussi = <T>(valeur: T): { readonly ok: true; readonly valeur: T } => ({ ok: true, valeur });
export const refuse = <R>(refus: R): { readonly ok: false; readonly refus: R } => ({ ok: false, refus });

/** Closes a `switch` on a union: a new member that is not handled becomes a compile error. */
export function jamais(valeur: never): never {
  throw new Error(`Cas non prévu : ${JSON.stringify(valeur)}`);
}
