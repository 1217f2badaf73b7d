import { defineConfig } from 'vitest/config';

// Node 20 lacks Map.groupBy, which vitest's reporter calls when a test fails: without this, a failure prints a crash instead of itself.
if (!('groupBy' in Map)) {
  Object.defineProperty(Map, 'groupBy', {
    value: <K, V>(valeurs: Iterable<V>, cleDe: (v: V, i: number) => K): Map<K, V[]> => {
      const groupes = new Map<K, V[]>();
      let i = 0;
      for (const v of valeurs) {
        const cle = cleDe(v, i++);
        const groupe = groupes.get(cle);
        if (groupe === undefined) groupes.set(cle, [v]);
        else groupe.push(v);
      }
      return groupes;
    },
  });
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['node_modules/**', 'dist/**', 'test/clients/**'],
    setupFiles: ['test/support/graine.ts'],
    // Never NODE_ENV=test: lowdb's preset silently becomes memory under it, and nothing here may depend on it.
    env: { NODE_ENV: 'development' },
    // A bound against a test that hangs, far above what a busy machine needs: nothing here is a timed test.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000, interval: 50 } },
    maxWorkers: 2,
    // Modules are read once per worker, not once per file: half of the time of the tests of channels went into reading botbuilder again. What a
    // test puts in place of something global is given back.
    isolate: false,
    restoreMocks: true,
    unstubGlobals: true,
    unstubEnvs: true,
  },
});
