/** Runs tasks of one key one after the other; tasks of different keys run together. */
export function enFile(): {
  readonly file: <V>(cle: string, tache: () => Promise<V>) => Promise<V>;
  /** Resolves when nothing is running any more. */
  readonly toutes: () => Promise<void>;
} {
  const files = new Map<string, Promise<unknown>>();
  const file = <V>(cle: string, tache: () => Promise<V>): Promise<V> => {
    // A failed task must not fail the next one: each caller gets its own outcome.
    const fait = (files.get(cle) ?? Promise.resolve()).then(tache, tache);
    files.set(cle, fait);
    const oublier = (): void => {
      if (files.get(cle) === fait) files.delete(cle);
    };
    fait.then(oublier, oublier);
    return fait;
  };
  const toutes = async (): Promise<void> => {
    while (files.size > 0) await Promise.allSettled(files.values());
  };
  return { file, toutes };
}
