const ENTREES_MAX = 20_000;
/** No word of ours is longer; a text without spaces must not be kept. */
const CLE_MAX = 40;

/**
 * The same function, which remembers what it answered: the words people use every day are worked out once. Bounded in number and in length;
 * kept in memory only. `faire` must be pure and never give `undefined`.
 */
export function memoire<T extends string | number | object>(faire: (cle: string) => T): (cle: string) => T {
  const connus = new Map<string, T>();
  return (cle) => {
    if (cle.length > CLE_MAX) return faire(cle);
    const deja = connus.get(cle);
    if (deja !== undefined) return deja;
    const valeur = faire(cle);
    if (connus.size >= ENTREES_MAX) connus.clear();
    connus.set(cle, valeur);
    return valeur;
  };
}
