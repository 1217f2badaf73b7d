export type Stockage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const ESSAI = 'cep-essai';

/**
 * The tab's own storage; memory where the browser forbids it to a frame or to everyone: reading `sessionStorage` throws (third-party
 * storage blocked), gives nothing at all (Firefox with `dom.storage.enabled` off), or gives one that takes nothing (no quota). The chat then
 * works, only a reload starts anew.
 */
export function stockageDe(fenetre: { readonly sessionStorage: Stockage | null }): Stockage {
  try {
    const { sessionStorage } = fenetre;
    sessionStorage?.setItem(ESSAI, ESSAI);
    const tient = sessionStorage?.getItem(ESSAI) === ESSAI;
    sessionStorage?.removeItem(ESSAI);
    if (sessionStorage !== null && tient) return sessionStorage;
  } catch {
    // Forbidden: memory, below.
  }
  const memoire = new Map<string, string>();
  return {
    getItem: (cle) => memoire.get(cle) ?? null,
    setItem: (cle, valeur) => void memoire.set(cle, valeur),
    removeItem: (cle) => void memoire.delete(cle),
  };
}
