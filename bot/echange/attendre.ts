/**
 * Resolves at the first sign, when the signal ends, or after `ms`.
 * @param abonner subscribes; each function returned stops one subscription
 */
export function attendreUnSigne(
  signal: AbortSignal,
  ms: number,
  abonner: (signe: () => void) => readonly (() => void)[],
): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    let cesser: readonly (() => void)[] = [];
    const finir = (): void => {
      clearTimeout(minuterie);
      for (const f of cesser) f();
      signal.removeEventListener('abort', finir);
      resolve();
    };
    const minuterie = setTimeout(finir, ms);
    signal.addEventListener('abort', finir);
    cesser = abonner(finir);
  });
}
