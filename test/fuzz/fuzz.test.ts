import { describe, expect, it } from 'vitest';
import { formatRows } from '../../src/engine/import-formats.js';
import { campaign } from './campaign.mjs';
import { corpus } from './corpus.mjs';

const formats = formatRows().map(({ name }) => name);
const CASES = 300;
const MINUTE = 60_000;

// `npm run fuzz` runs 10,000 of each; a finding is run again by its number
describe('fuzzing of the import formats', () => {
  it('every format has samples', async () => {
    expect([...(await corpus()).keys()].sort()).toEqual([...formats].sort());
  });

  it(
    `${CASES} mutants of each format end in rows or in an InputError`,
    async () => {
      const { rows, findings } = await campaign({ formats, seed: 1, to: CASES });
      expect(findings).toEqual([]);
      for (const row of rows) {
        expect([row.format, row.cases, row.imported + row.refused]).toEqual([row.format, CASES, CASES]);
        expect(row.read, row.format).toBe(row.kept + row.duplicates + row.ledger);
        // faults that no import survives, or that none notices, would try nothing
        expect(row.imported, row.format).toBeGreaterThan(CASES / 20);
        expect(row.refused, row.format).toBeGreaterThan(CASES / 20);
        expect(row.kept, row.format).toBeGreaterThan(0);
      }
      expect(rows.reduce((sum, row) => sum + row.ledger, 0)).toBeGreaterThan(1000);
    },
    8 * MINUTE,
  );
});
