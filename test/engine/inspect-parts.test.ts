import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importSources } from '../../src/dataset/source-files.js';
import { Clock } from '../../src/engine/inspect-clock.js';
import { coverageOf, DaySet } from '../../src/engine/inspect-days.js';
import { detectSources } from '../../src/engine/inspect-detect.js';
import { IdGaps } from '../../src/engine/inspect-ids.js';
import { nativeCandidates, SIGNATURES } from '../../src/engine/native-signatures.js';
import { importers } from '../../src/ingest/index.js';
import { dataLine, haveData, realData } from '../ingest/support.js';
import { random } from '../support/random.js';

/** Seeded whole numbers. */
const whole = (seed: number): (() => number) => {
  const next = random(seed);
  return () => Math.floor(next() * 2 ** 32);
};

describe('IdGaps', () => {
  it('counts as a set of all ids does, in any order', () => {
    const next = whole(7);
    for (let round = 0; round < 200; round++) {
      const ids = Array.from({ length: 1 + (next() % 60) }, () => 1000 + (next() % 80));
      const gaps = new IdGaps();
      for (const id of ids) gaps.add(id);
      const seen = new Set(ids);
      let [missing, runs] = [0, 0];
      for (let id = Math.min(...ids); id <= Math.max(...ids); id++) {
        if (seen.has(id)) continue;
        missing++;
        if (seen.has(id - 1)) runs++;
      }
      const repeated = ids.length - seen.size;
      expect(gaps.report()).toMatchObject({ rows: ids.length, missing, gaps: runs, repeated, exact: true });
    }
  });

  it('says that it counts at most once ids come too late to be placed', () => {
    const gaps = new IdGaps();
    for (let id = 0; id < 10_000; id += 2) gaps.add(id);
    expect(gaps.report()).toMatchObject({ missing: 4999, gaps: 4999, exact: true });
    gaps.add(1);
    expect(gaps.report()).toMatchObject({ missing: 4999, exact: false });
    gaps.add(9997);
    expect(gaps.report()).toMatchObject({ missing: 4998, repeated: 0 });
  });
});

describe('Clock', () => {
  it('has medians within 0.4 % of those of the sorted delays, and extremes exactly', () => {
    const next = whole(11);
    for (let round = 0; round < 50; round++) {
      const n = 1 + (next() % 500);
      const delays = Array.from(
        { length: n },
        () => (next() % 2 ? -1 : 1) * (next() % 10 ** (1 + (next() % 9))),
      );
      const clock = new Clock();
      for (const delay of delays) clock.add(delay);
      clock.add(Number.NaN);
      const sorted = delays.sort((a, b) => a - b);
      const early = sorted.filter((delay) => delay < 0);
      const report = clock.report()!;
      expect([report.rows, report.delay.min, report.delay.max]).toEqual([n, sorted[0], sorted[n - 1]]);
      near(report.delay.median, sorted[(n - 1) >> 1]!);
      expect(report.skew?.rows ?? 0).toBe(early.length);
      if (report.skew) near(report.skew.median, early[(early.length - 1) >> 1]!);
    }
    expect(new Clock().report()).toBeNull();
  });

  it('takes delays no clock has', () => {
    const clock = new Clock();
    for (const delay of [1e300, -1e300, Number.POSITIVE_INFINITY]) clock.add(delay);
    expect(clock.report()!.delay).toMatchObject({ min: -1e300, max: Number.POSITIVE_INFINITY });
  });

  const near = (found: number, exact: number): void =>
    expect(Math.abs(found - exact)).toBeLessThanOrEqual(0.004 * Math.abs(exact));
});

describe('DaySet', () => {
  it('holds the days it was given, and finds the spans between', () => {
    const next = whole(3);
    for (let round = 0; round < 100; round++) {
      const base = next() % 40_000;
      const days = Array.from({ length: 1 + (next() % 40) }, () => base + (next() % 700));
      const set = new DaySet();
      const known = new Set<number>();
      for (const day of days) {
        expect(set.add(day)).toBe(!known.has(day));
        known.add(day);
      }
      const [first, last] = [Math.min(...days), Math.max(...days)];
      const found = coverageOf(set, first, last);
      expect([found.withRows, found.inRange]).toEqual([known.size, last - first + 1]);
      expect(found.missing.reduce((sum, span) => sum + span.days, 0)).toBe(found.inRange - known.size);
      for (const { from, to } of found.missing)
        for (const edge of [Date.parse(from), Date.parse(to)]) expect(known.has(edge / 86_400e3)).toBe(false);
    }
  });
});

describe('formats by content', () => {
  it('has a signature for every importer', () => {
    expect(Object.keys(SIGNATURES).sort()).toEqual([...importers.keys()].sort());
  });

  it.each([
    ['binance-aggtrades', 'x.csv', '26129,0.01633102,4.70443515,27781,27781,1498793709153,true,true'],
    ['binance-trades', 'x.csv', '28457,4.00000100,12.00000000,48.000012,1499865549590,true,true'],
    ['binance-funding', 'x.csv', '1719792000000,8,0.00010000'],
    ['binance-funding', 'x.csv', 'calc_time,funding_interval_hours,last_funding_rate'],
    ['binance-klines', 'x.csv', '1499040000000,1,2,0.5,1.5,148976.1,1499644799999,2434.1,308,1756.8,28.4,0'],
    ['binance-metrics', 'x.csv', 'create_time,symbol,sum_open_interest,sum_open_interest_value'],
    ['binance-bookdepth', 'x.csv', 'timestamp,percentage,depth,notional'],
    ['bybit-trades', 'x.csv', 'timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue'],
    ['bybit-trades', 'x.csv', 'id,timestamp,price,volume,side'],
    ['kraken-trades', 'x.csv', '1672531436.1234,90.540000,1.10448420'],
    [
      'lobster',
      'AAPL_2012-06-21_34200000_57600000_message_10.csv',
      '34200.004241176,1,16113575,18,5853300,1',
    ],
    [
      'tardis-derivative-ticker',
      'x.csv',
      'exchange,symbol,timestamp,local_timestamp,funding_timestamp,funding_rate,predicted_funding_rate,open_interest,last_price,index_price,mark_price',
    ],
    [
      'tardis-options-chain',
      'x.csv',
      'exchange,symbol,timestamp,local_timestamp,type,strike_price,expiration,mark_iv',
    ],
    [
      'deribit-summary',
      'x.json',
      '{"result":[{"instrument_name":"ETH-26JAN24-1200-P","creation_timestamp":1,"open_interest":0}]}',
    ],
    [
      'uniswap-v2',
      'x.json',
      '[{"topics":["0xd78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822"],"logIndex":"0x1","data":"0x"}]',
    ],
  ])('tells %s', (format, name, text) => {
    expect(nativeCandidates(name, `${text}\n`)).toEqual([format]);
  });

  it('takes liquidations for no trades, and tables of usual names for none of a vendor', () => {
    const header = 'exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n';
    expect(nativeCandidates('deribit_liquidations_2020-04-01_OPTIONS.csv', header)).toEqual([]);
    for (const text of [
      'ts,price,size,side',
      'time,open,high,low,close,volume',
      '1,2,3',
      '{"a":1}',
      '[[1,2]]',
      '',
    ])
      expect(nativeCandidates('x.csv', text)).toEqual([]);
  });

  it.skipIf(!haveData)(`${dataLine}: every file is told, whatever its name`, async () => {
    const told = async (path: string): Promise<string> => {
      const { format, alsoFits } = await detectSources(await importSources([realData(path)], ['x']));
      expect(alsoFits).toEqual([]);
      return format;
    };
    const expected: Readonly<Record<string, readonly string[]>> = {
      'binance-capture': ['binance-websocket'],
      'binance-depth': ['binance-depth', 'parquet'],
      'binance-klines': ['binance-klines'],
      bybit: ['bybit-ob500'],
      coinalyze: ['coinalyze-funding', 'coinalyze-oi'],
      deribit: ['deribit-summary'],
      freqtrade: ['arrow', 'freqtrade-trades', 'parquet'],
      kraken: ['kraken-trades'],
      social: ['social-mentions'],
      tardis: ['tardis-book-snapshot', 'tardis-incremental-book-l2', 'tardis-quotes', 'tardis-trades'],
      // raw logs beside tables that were decoded from them
      'uniswap-v3': ['csv', 'uniswap-v3'],
      'worked-tables': ['csv'],
    };
    for (const [folder, formats] of Object.entries(expected)) {
      const found = new Set<string>();
      for (const entry of readdirSync(realData(folder), { withFileTypes: true }))
        if (entry.isFile()) found.add(await told(`${folder}/${entry.name}`));
      expect([folder, [...found].sort()]).toEqual([folder, formats]);
    }
  });
});
