import { readFileSync } from 'node:fs';
import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { dataLine, haveData, realData } from '../ingest/support.js';
import { BACKENDS, decimalSum, output, type Row, records, scratch } from './support.js';

const { path } = scratch();
const formats = ['parquet', 'feather', 'json.gz'].map((kind) => realData(`freqtrade/XRP_ETH-trades.${kind}`));
const SUMS = [
  ...['buy_volume', 'sell_volume', 'unknown_volume', 'volume', 'delta'].map((name) => `${name}_lots`),
  ...['trades', 'buy_trades', 'sell_trades', 'tick_lots', 'tick2_lots', 'notional'],
];
const ANALYTICS: readonly (readonly string[])[] = [
  ['volume-imbalance', '--every', '1m'],
  ['volume-profile', '--row', '0.00001', '--session', '1h'],
  ['value-area', '--row', '0.00001', '--session', '8h', '--tie', 'both'],
];

/** Twelve rows of five minutes put together by hand, in exact decimals. */
function rolled(bars: readonly Row[]): Row {
  const by = (column: string, sign: number): string =>
    bars.reduce((a, b) => (sign * Number(b[column]) > sign * Number(a[column]) ? b : a))[column]!;
  return {
    open_ticks: bars[0]!.open_ticks!,
    high_ticks: by('high_ticks', 1),
    low_ticks: by('low_ticks', -1),
    close_ticks: bars.at(-1)!.close_ticks!,
    cvd_lots: bars.at(-1)!.cvd_lots!,
    ...Object.fromEntries(SUMS.map((column) => [column, decimalSum(bars.map((b) => b[column]!))])),
  };
}

describe.skipIf(!haveData)(`the same trades give the same bytes, ${dataLine}`, () => {
  describe.each(BACKENDS.map((b) => [b.title, b] as const))('%s', (_, { flags, missing }) => {
    it.skipIf(missing)('Parquet, Feather and JSON of one table', () => {
      for (const args of ANALYTICS) {
        const files = formats.map((input, i) => {
          const out = path(`format-${i}.arrow`);
          output('run', ...args, input, ...flags, '--exact', '--quiet', '--out', out);
          return readFileSync(out);
        });
        const { metadata } = tableFromIPC(files[0]!).schema;
        expect(metadata.get('steelyard.inputHash')).toMatch(/^[0-9a-f]{64}$/);
        expect(JSON.parse(metadata.get('steelyard.ledger')!)).toMatchObject({ rowsKept: 12477 });
        for (const file of files.slice(1)) expect(file.equals(files[0]!)).toBe(true);
      }
    });

    it.skipIf(missing)('12 × 5 minutes are the hour, to the last integer', () => {
      const folder = path(`levels-${flags[1]}`);
      const args = [formats[0]!, ...flags, '--exact', '--quiet'];
      output('run', 'volume-imbalance', ...args, '--every', '5m,1h', '--format', 'csv', '--out', folder);
      const text = (name: string): string => readFileSync(`${folder}/${name}.csv`, 'utf8');
      const five = records(text('bars-5m'));
      const hours = records(text('bars-1h'));
      expect(hours.length).toBeGreaterThan(40);
      let checked = 0;
      for (const hour of hours) {
        const parts = five.filter((bar) => bar.time!.slice(0, 13) === hour.time!.slice(0, 13));
        expect(hour).toMatchObject(rolled(parts));
        checked += parts.length;
      }
      expect(checked).toBe(five.length);
      // computed alone, the hour is the same table
      expect(output('run', 'volume-imbalance', ...args, '--every', '1h', '--out', '-')).toBe(text('bars-1h'));
    });
  });
});
