import type { Depot } from './depot.ts';
import { creerDepot, type Brut, type Support } from './depot-coeur.ts';

/** The records of a memory engine: keep it to open a second `Depot` on the same data, as a restart would. */
export type Memoire = Map<string, Map<string, Brut>>;

/** The engine of tests: nothing on disk. Values are copied in and out, as files would. */
export function depotMemoire(memoire: Memoire = new Map()): Depot {
  const de = (collection: string): Map<string, Brut> => {
    const connus = memoire.get(collection) ?? new Map<string, Brut>();
    memoire.set(collection, connus);
    return connus;
  };
  const support: Support = {
    async *tous(collection) {
      for (const brut of de(collection).values()) yield structuredClone(brut);
    },
    async lire(collection, id) {
      const brut = de(collection).get(id);
      return brut === undefined ? 'absent' : structuredClone(brut);
    },
    async ecrire(collection, brut) {
      de(collection).set(brut.id, structuredClone(brut));
    },
    async sauvegarder() {},
    async mettreEnQuarantaine(collection, id) {
      de(collection).delete(id);
    },
    async effacer(collection, id) {
      de(collection).delete(id);
    },
    async purger() {},
  };
  return creerDepot(support);
}
