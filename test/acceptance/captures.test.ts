import { describe, expect, it } from 'vitest';
import { dataLine, haveData, realData } from '../ingest/support.js';
import { BACKENDS, decimalSum, output, rowsFrom } from './support.js';

const usdm = realData('binance-capture/usdm_ethusdt_20240808.gz');
const coinm = realData('binance-capture/coinm_ethusd_perp_20240808.gz');
const capture = ['--from', 'binance-capture'];

describe.skipIf(!haveData)(`raw Binance captures, ${dataLine}`, () => {
  describe.each(BACKENDS.map((b) => [b.title, b] as const))('%s', (_, { flags, missing }) => {
    it.skipIf(missing)('USD-M bars: two UTC days that add up to the published sums', () => {
      const days = rowsFrom('run', 'volume-imbalance', usdm, ...capture, '--every', '1d', ...flags);
      // the capture runs from 23:54:16 past midnight
      expect(days.map(({ time, trades }) => [time, trades])).toEqual([
        ['2024-08-08T00:00:00Z', '14051'],
        ['2024-08-09T00:00:00Z', '25'],
      ]);
      const sum = (column: string): string => decimalSum(days.map((row) => row[column]!));
      expect([sum('buy_volume'), sum('sell_volume'), sum('delta')]).toEqual([
        '4960.564',
        '4204.384',
        '756.18',
      ]);
      expect(days[1]!.cvd).toBe('756.18');
      expect((Number(sum('notional')) / Number(sum('volume'))).toFixed(7)).toBe('2681.3961753');
    });

    it.skipIf(missing)('USD-M in one bar: every published digit', () => {
      const weeks = rowsFrom('run', 'volume-imbalance', usdm, ...capture, '--every', '1w', ...flags);
      expect(weeks).toHaveLength(1);
      expect(weeks[0]).toMatchObject({
        instrument: 'ETHUSDT',
        buy_volume: '4960.564',
        sell_volume: '4204.384',
        delta: '756.18',
        trades: '14076',
        notional: '24574856.5142',
        unknown_volume: '0',
        coverage: '1',
      });
      expect(weeks[0]!.vwap).toMatch(/^2681\.3961753/);
      expect(Number(weeks[0]!.vi)).toBeCloseTo((4960.564 - 4204.384) / (4960.564 + 4204.384), 15);
    });

    it.skipIf(missing)('USD-M profile at one tick of 0.01: point of control 2680.00 with 342.964', () => {
      const ticks = ['--tick', '0.01', '--row-ticks', '1', '--session', '1w'];
      const rows = rowsFrom('run', 'volume-profile', usdm, ...capture, ...ticks, ...flags);
      const largest = rows.reduce((a, b) => (Number(b.volume) > Number(a.volume) ? b : a));
      expect(largest).toMatchObject({ price: '2680', row: '268000', volume: '342.964', trades: '111' });
      expect(decimalSum(rows.map((row) => row.volume!))).toBe('9164.948');
      const [area] = rowsFrom('run', 'value-area', usdm, ...capture, ...ticks, ...flags);
      expect(area).toMatchObject({ poc: '2680', poc_volume: '342.964', volume: '9164.948' });
    });

    it.skipIf(missing)('COIN-M is inverse: notional is contracts times 10', () => {
      const bars = rowsFrom('run', 'volume-imbalance', coinm, ...capture, '--every', '1m', ...flags);
      expect(bars.length).toBeGreaterThan(4);
      for (const { volume, notional, vwap, low, high } of bars) {
        expect(notional).toBe(String(10n * BigInt(volume!)));
        expect(Number(vwap)).toBeGreaterThanOrEqual(Number(low));
        expect(Number(vwap)).toBeLessThanOrEqual(Number(high));
      }
      expect(decimalSum(bars.map((bar) => bar.trades!))).toBe('1732');
      expect(decimalSum(bars.map((bar) => bar.notional!))).toBe('2495590');
    });
  });

  it.skipIf(BACKENDS[1].missing)('[gpu] both backends print the same bytes', () => {
    for (const args of [
      ['volume-imbalance', usdm, '--every', '1s'],
      ['volume-profile', usdm, '--tick', '0.01', '--session', '1m'],
      ['value-area', usdm, '--tick', '0.01', '--session', '1m', '--tie', 'both'],
    ]) {
      const [cpu, gpu] = BACKENDS.map(({ flags }) =>
        output('run', ...args, ...capture, ...flags, '--exact', '--out', '-', '--quiet'),
      );
      expect(cpu!.split('\n').length).toBeGreaterThan(5);
      expect(gpu).toBe(cpu);
    }
  });
});
