import { defineConfig } from 'vitest/config';

/** The suite that test/support/driver.test.ts runs to see every outcome reported. */
export default defineConfig({
  test: {
    include: ['test/support/outcomes/*.case.ts'],
    globalSetup: ['test/support/setup.mjs'],
    pool: 'forks',
  },
});
