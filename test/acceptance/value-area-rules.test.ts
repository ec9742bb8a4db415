import { describe, expect, it } from 'vitest';
import { dataLine, haveData, realData } from '../ingest/support.js';
import { vectors } from '../support/vectors.js';
import { BACKENDS, rowsFrom } from './support.js';

const bars = realData('worked-tables/market-profile-google.csv');
/** 65 bars as trades at the close; rows of 0.05 labelled by their upper edge; all bars one profile. */
const profile = [
  ...['--map', 'price=Close', '--row', '0.05', '--rounding', 'ceil'],
  ...['--session', '30d@2017-09-27T00:00:00Z', '--share', '0.7'],
];

interface ValueArea {
  readonly rule: string;
  readonly val: string;
  readonly vah: string;
}

/** Value areas that published tools give for the same bars, each by the rule it follows. */
const RULES = vectors<ValueArea>('value-area-rules').map(
  ({ note, rule, val, vah }) => [note, rule, val, vah] as const,
);

describe.skipIf(!haveData)(`value areas of a worked table, ${dataLine}`, () => {
  describe.each(BACKENDS.map((b) => [b.title, b] as const))('%s', (_, { flags, missing }) => {
    it.skipIf(missing).each(RULES)('%s: %s', (_note, rule, val, vah) => {
      const areas = rowsFrom('run', 'value-area', bars, ...profile, ...rule.split(' '), ...flags);
      expect(areas).toHaveLength(1);
      expect(areas[0]).toMatchObject({
        poc: '944.5',
        poc_volume: '377316',
        volume: '4115149',
        val,
        vah,
      });
      const { contained_volume: contained, volume } = areas[0]!;
      expect(Number(contained)).toBeGreaterThanOrEqual(0.7 * Number(volume));
    });
  });
});
