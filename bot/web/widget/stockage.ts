export type Stockage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * The tab's own storage; memory where the browser forbids it to a frame (third-party storage blocked: reading `sessionStorage` throws). The
 * chat then works, only a reload starts anew.
 */
export function stockageDe(fenetre: Pick<Window, 'sessionStorage'>): Stockage {
  try {
    return fenetre.sessionStorage;
  } catch {
    const memoire = new Map<string, string>();
    return {
      getItem: (cle) => memoire.get(cle) ?? null,
      setItem: (cle, valeur) => void memoire.set(cle, valeur),
      removeItem: (cle) => void memoire.delete(cle),
    };
  }
}
