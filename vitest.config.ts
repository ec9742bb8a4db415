import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/setup.mjs'],
    // a lost device must not take the other files down with it
    pool: 'forks',
    maxWorkers: 2,
    // against hangs, not a measure of speed: a slow machine shared with others passes too
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
