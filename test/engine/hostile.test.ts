import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BACKENDS, decimalSum, output, rowsFrom, scratch } from '../acceptance/support.js';
import { steelyard } from '../cli/support.js';
import { dataLine, haveData, realData } from '../ingest/support.js';

const { path, write } = scratch();
const T0 = Date.UTC(2024, 0, 2) / 1000;
const HEAD = 'ts,symbol,price,size,side,id';
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(path(name), content);
  return path(name);
};
const csv = (name: string, rows: readonly (readonly (string | number)[])[]): string =>
  write(name, `${[HEAD, ...rows.map((row) => row.join(','))].join('\n')}\n`);

/** Exit code 2, one line and nothing else on standard error, no file of any name left. */
function refused(input: string, ...more: string[]): string {
  const folder = mkdtempSync(path('out-'));
  const out = join(folder, 'result.arrow');
  const args = ['run', 'volume-imbalance', input, '--backend', 'cpu', '--out', out, ...more];
  const { code, out: printed, err } = steelyard(args);
  expect([code, printed, readdirSync(folder)], err).toEqual([2, '', []]);
  expect(err).toMatch(/^steelyard: [^\n]+\n$/);
  // a subject, not a path of this machine or a line of our code
  expect(err).not.toMatch(/\bat .*\.js|node:internal|undefined|\[object/);
  return err;
}

describe('input that holds no trades is refused in one line', () => {
  it.each([
    ['nothing.csv', ''],
    ['nothing.parquet', ''],
    ['nothing.arrow', ''],
    ['nothing.json', ''],
    ['nothing.csv.gz', gzipSync('')],
    ['blank.csv', '\n\n\n'],
    ['header.csv', `${HEAD}\n`],
    ['list.json', '[]'],
    ['noise.csv', Uint8Array.from({ length: 4096 }, (_, i) => (i * 197 + (i >> 3)) & 255)],
    ['noise.parquet', Uint8Array.from({ length: 4096 }, (_, i) => (i * 89) & 255)],
    ['zip.csv', 'PK\u0003\u0004rest'],
    ['utf16.csv', Buffer.from(`\uFEFF${HEAD}\n${T0},X,1,1,buy,1\n`, 'utf16le')],
  ])('%s', (name, content) => {
    refused(file(name, content));
  });

  it('an empty folder', () => {
    mkdirSync(path('hollow'), { recursive: true });
    refused(path('hollow'));
  });
});

describe('columns that cannot be trades are refused in one line', () => {
  it.each([
    ['a missing column', 'ts,symbol,price\n1700000000,X,1\n', /column size is missing/],
    ['words for prices', 'ts,price,size\n1700000000,dear,1\n', /column price dear must be a number/],
    ['words for times', 'ts,price,size\nlater,1,1\n', /column ts later must be a timestamp/],
    ['no good row', 'ts,price,size\n1700000000,NaN,1\n1700000000,0,1\n', /bad_price 2/],
    ['times of no unit', 'ts,price,size\n12345,1,1\n', /pass --time-unit/],
    ['a header of commas', ',,,\n1,2,3,4\n', /./],
  ])('%s', (name, content, message) => {
    expect(refused(write(`${name.replaceAll(' ', '-')}.csv`, content))).toMatch(message);
  });

  it('declarations out of range', () => {
    const input = csv('fine.csv', [[T0, 'X', 1, 1, 'buy', 1]]);
    for (const flags of [
      ['--tick', '0'],
      ['--tick', '-0.01'],
      ['--tick', '1e-400'],
      ['--lot', 'NaN'],
      ['--multiplier', '0'],
      ['--every', '1ms,1x'],
      ['--every', '99999999999w'],
      ['--anchor', '1d@never'],
      ['--map', 'price=nowhere'],
      ['--instruments', 'Y'],
    ])
      expect(refused(input, ...flags), flags.join(' ')).toMatch(/^steelyard: /);
  });
});

describe.skipIf(!haveData)(`real files cut short, ${dataLine}`, () => {
  it.each(['parquet', 'feather', 'json.gz'])('%s', (kind) => {
    const source = realData(`freqtrade/XRP_ETH-trades.${kind}`);
    const { length } = readFileSync(source);
    for (const keep of [9, 0.001, 0.3, 0.7, 0.999].map((k) => (k < 1 ? Math.ceil(k * length) : k))) {
      const cut = path(`cut.${kind}`);
      cpSync(source, cut);
      truncateSync(cut, keep);
      expect(refused(cut), String(keep)).toMatch(/truncated|damaged/);
    }
  });
});

describe('hostile rows end in the right numbers', () => {
  const bars = (input: string, flags: readonly string[], ...more: string[]) =>
    rowsFrom('run', 'volume-imbalance', input, ...flags, ...more);

  describe.each(BACKENDS.map((b) => [b.title, b] as const))('%s', (_, { flags, missing }) => {
    it.skipIf(missing)('one row, for every analytic', () => {
      const input = csv('one.csv', [[T0, 'X', '12.5', 3, 'sell', 1]]);
      expect(bars(input, flags)).toMatchObject([{ open: '12.5', close: '12.5', vi: '-1', notional: '37.5' }]);
      const tick = ['--tick', '0.5'];
      const [row] = rowsFrom('run', 'volume-profile', input, ...tick, ...flags);
      expect(row).toMatchObject({ price: '12.5', row: '25', sell_volume: '3', trades: '1' });
      const [area] = rowsFrom('run', 'value-area', input, ...tick, ...flags);
      expect(area).toMatchObject({ poc: '12.5', vah: '12.5', val: '12.5', contained_share: '1' });
    });

    it.skipIf(missing)('unsorted and equal times keep the input order of equals', () => {
      const input = write(
        'unsorted.csv',
        `ts,price,size,side\n${[
          [5, 7],
          [0, 3],
          [0, 1],
          [0, 2],
          [59, 4],
          [59, 9],
          [5, 8],
        ]
          .map(([s, p]) => `${T0 + s!},${p},1,buy`)
          .join('\n')}\n`,
      );
      expect(bars(input, flags)).toMatchObject([{ open: '3', high: '9', low: '1', close: '9', trades: '7' }]);
    });

    it.skipIf(missing)('s, ms, µs and ns are one moment', () => {
      const texts = [1, 1e3, 1e6, 1e9].map((unit, i) => {
        const stamps = [T0, T0 + 61].map((s) => (BigInt(s) * BigInt(unit)).toString());
        const rows = stamps.map((ts, n) => [ts, 'X', 10 + n, 1, n ? 'buy' : 'sell', n]);
        return JSON.stringify(bars(csv(`unit-${i}.csv`, rows), flags));
      });
      expect(new Set(texts).size).toBe(1);
      expect(texts[0]).toContain('2024-01-02T00:01:00Z');
    });

    it.skipIf(missing)('a cumulative delta past 2^53 and back is exact', () => {
      const lots = 2n ** 52n + 1n;
      const sides = ['buy', 'buy', 'buy', 'sell', 'sell', 'sell', 'buy'];
      const input = csv(
        'tall.csv',
        sides.map((side, i) => [T0 + 60 * i, 'X', 1, String(lots), side, i]),
      );
      const got = bars(input, flags, '--exact').map((bar) => bar.cvd_lots);
      expect(got).toEqual([1n, 2n, 3n, 2n, 1n, 0n, 1n].map((n) => String(n * lots)));
    });

    it.skipIf(missing)('duplicate ids count once', () => {
      const row = [T0, 'X', 10, 1, 'buy', 7];
      const input = csv('twice.csv', [row, [T0 + 1, 'X', 11, 1, 'sell', 8], row, row]);
      expect(bars(input, flags)).toMatchObject([{ trades: '2', buy_volume: '1', sell_volume: '1' }]);
    });

    it.skipIf(missing)('20,000 instruments of three trades', () => {
      const rows: (string | number)[][] = [];
      for (let n = 0; n < 3; n++)
        for (let s = 0; s < 20_000; s++)
          rows.push([
            T0 + 61 * n,
            `I${s}`,
            (1 + (s % 50) / 100).toFixed(2),
            1 + (s % 7),
            n === 1 ? 'sell' : 'buy',
            n,
          ]);
      const got = bars(csv('crowd.csv', rows), flags, '--every', '1h');
      expect(got).toHaveLength(20_000);
      for (const { instrument, trades, buy_volume, sell_volume, vi } of got) {
        const lots = 1 + (Number(instrument!.slice(1)) % 7);
        expect([trades, buy_volume, sell_volume, vi]).toEqual(['3', `${2 * lots}`, `${lots}`, `${1 / 3}`]);
      }
    });

    it.skipIf(missing)('a price jump of 10^6 costs no row', () => {
      const rows = Array.from({ length: 200 }, (_, i) => [
        ...[T0 + i, 'X', i === 100 ? '26816200000' : `26816.${i % 10}`, '0.001', i % 2 ? 'buy' : 'sell', i],
      ]);
      const got = bars(csv('jump.csv', rows), flags, '--every', '1h');
      // beyond an i32 of ticks the odd one goes to the ledger, never a good one
      expect(Number(got[0]!.trades)).toBeGreaterThanOrEqual(199);
      const near = rows.map((row) => row.with(2, String(row[2]).replace('26816200000', '26816200')));
      expect(bars(csv('near.csv', near), flags, '--every', '1h')).toMatchObject([
        { trades: '200', high: '26816200', volume: '0.2' },
      ]);
    });

    it.skipIf(missing)('one instrument with 95 % of all rows, one with a single trade', () => {
      const rows: (string | number)[][] = [];
      for (let i = 0; i < 20_000; i++) {
        const s = i % 20 === 0 ? `S${(i / 20) % 40}` : 'HOT';
        rows.push([(T0 + i * 3.5).toFixed(1), s, 100 + (i % 13) / 4, 1 + (i % 5), i % 3 ? 'buy' : 'sell', i]);
      }
      rows.push([T0 + 9, 'LONE', 5, 5, 'buy', 1]);
      const input = csv('hot.csv', rows);
      const got = bars(input, flags, '--tile-rows', '1024');
      expect(got).toEqual(bars(input, flags));
      expect(decimalSum(got.map((bar) => bar.trades!))).toBe('20001');
      const hot = got.filter(({ instrument }) => instrument === 'HOT');
      expect(decimalSum(hot.map((bar) => bar.trades!))).toBe('19000');
      expect(got.filter(({ instrument }) => instrument === 'LONE')).toMatchObject([{ vi: '1', trades: '1' }]);
      expect(decimalSum(got.map((bar) => bar.volume!))).toBe(decimalSum(rows.map((row) => String(row[3]))));
    });
  });

  it.skipIf(BACKENDS[1].missing)('[gpu] verify agrees on each of them', () => {
    for (const name of ['one', 'unsorted', 'crowd', 'jump', 'near', 'hot'].filter((n) =>
      existsSync(path(`${n}.csv`)),
    )) {
      const text = output(
        'verify',
        'volume-imbalance',
        path(`${name}.csv`),
        '--every',
        '1m,1h',
        '--adapter',
        'any',
      );
      expect(text, name).toMatch(/agree/);
    }
  });
});
