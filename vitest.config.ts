import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['node_modules/**', 'dist/**', 'test/clients/**'],
    // Never NODE_ENV=test: lowdb's preset silently becomes memory under it, and nothing here may depend on it.
    env: { NODE_ENV: 'development' },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
