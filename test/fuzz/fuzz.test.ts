import { describe, expect, it } from 'vitest';
import { formatRows } from '../../src/engine/import-formats.js';
import { campaign } from './campaign.mjs';
import { corpus } from './corpus.mjs';

const formats = formatRows().map(({ name }) => name);
const CASES = 300;

// `npm run fuzz` runs 10,000 of each; a finding is run again by its number
describe('fuzzing of the import formats', () => {
  it('every format has samples', async () => {
    expect([...(await corpus()).keys()].sort()).toEqual([...formats].sort());
  });

  // a child takes a second to start: one for several formats, few enough that a test is short
  const groups = Array.from({ length: Math.ceil(formats.length / 6) }, (_, i) =>
    formats.slice(6 * i, 6 * i + 6),
  );
  let ledger = 0;
  it.each(groups.map((group) => [group.join(', '), group] as const))(
    `${CASES} mutants each end in rows or in an InputError: %s`,
    async (_, group) => {
      const { rows, findings } = await campaign({ formats: group, seed: 1, to: CASES });
      expect(findings).toEqual([]);
      expect(rows.length).toBe(group.length);
      for (const row of rows) {
        expect([row.format, row.cases, row.imported + row.refused]).toEqual([row.format, CASES, CASES]);
        expect(row.read, row.format).toBe(row.kept + row.duplicates + row.ledger);
        // faults that no import survives, or that none notices, would try nothing
        expect(row.imported, row.format).toBeGreaterThan(CASES / 20);
        expect(row.refused, row.format).toBeGreaterThan(CASES / 20);
        expect(row.kept, row.format).toBeGreaterThan(0);
        ledger += row.ledger;
      }
    },
  );

  it('reject many a row', () => {
    expect(ledger).toBeGreaterThan(1000);
  });
});
