import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataLine, haveData, realData } from '../ingest/support.js';
import { BACKENDS, decimalSum, output, type Row, records, rowsFrom, scratch } from './support.js';

const CAPTURES = [
  'usdm_ethusdt_20240808',
  'coinm_ethusd_perp_20240808',
  'spot_ethusdt_20240808',
  // without a snapshot: its book is a gap from the first message to the last
  'spot_ethusdt_20240809',
];
const capture = (name: string): string => realData(`binance-capture/${name}.gz`);
const klines = realData('binance-klines');
const folder = scratch();

/** Tables of an analytic, as CSV in a folder. */
function tables(name: string, ...args: string[]): (table: string) => Row[] {
  const out = folder.path(name);
  output('run', name, ...args, '--out', out, '--format', 'csv', '--quiet');
  return (table) => records(readFileSync(join(out, `${table}.csv`), 'utf8'));
}

const minuteOf = (time: string): string => `${time.slice(0, 16)}:00Z`;

describe.skipIf(!haveData)(`books of raw captures, ${dataLine}`, () => {
  /** Best prices and sizes at every message, in exact units. */
  const states = (name: string): Row[] =>
    rowsFrom('replay', capture(name), '--levels', '1', '--at', 'event', '--exact');

  it.each(CAPTURES)('%s: flow of the best quotes is the definition over every message', (name) => {
    const sums = new Map<string, bigint>();
    let before: Row | undefined;
    for (const row of states(name)) {
      const usable = row.state === 'ok' || row.state === 'locked';
      if (usable && before) {
        const [pb, qb, pa, qa] = ['bid_tick_1', 'bid_lots_1', 'ask_tick_1', 'ask_lots_1'].map((c) =>
          BigInt(row[c]!),
        );
        const [pb0, qb0, pa0, qa0] = ['bid_tick_1', 'bid_lots_1', 'ask_tick_1', 'ask_lots_1'].map((c) =>
          BigInt(before![c]!),
        );
        let e = 0n;
        if (pb! >= pb0!) e += qb!;
        if (pb! <= pb0!) e -= qb0!;
        if (pa! <= pa0!) e -= qa!;
        if (pa! >= pa0!) e += qa0!;
        const minute = minuteOf(row.ts!);
        sums.set(minute, (sums.get(minute) ?? 0n) + e);
      }
      before = usable ? row : undefined;
    }
    const bars = tables(
      'order-flow-imbalance',
      capture(name),
      '--every',
      '1m',
      '--levels',
      '5',
      '--exact',
    )('bars');
    const got = bars.filter(({ level, events }) => level === '1' && events !== '0');
    expect(new Map(got.map(({ time, ofi_lots }) => [time, BigInt(ofi_lots!)]))).toEqual(sums);
    expect(sums.size).toBe(name.endsWith('0809') ? 0 : 7);
  });

  it('USD-M: mean imbalance of the best quotes is its integral over the time it stood', () => {
    const sums = new Map<string, { area: number; time: number }>();
    const rows = states(CAPTURES[0]!);
    rows.slice(0, -1).forEach((row, i) => {
      if (row.state !== 'ok') return;
      let from = Date.parse(row.ts!);
      const to = Date.parse(rows[i + 1]!.ts!);
      const [bid, ask] = [Number(row.bid_lots_1), Number(row.ask_lots_1)];
      while (from < to) {
        const end = Math.min(to, (Math.floor(from / 60_000) + 1) * 60_000);
        const minute = `${new Date(from).toISOString().slice(0, 16)}:00Z`;
        const sum = sums.get(minute) ?? { area: 0, time: 0 };
        sum.area += ((bid - ask) / (bid + ask)) * (end - from);
        sum.time += end - from;
        sums.set(minute, sum);
        from = end;
      }
    });
    const levels = tables(
      'order-book-imbalance',
      capture(CAPTURES[0]!),
      '--every',
      '1m',
      '--levels',
      '1,10',
    )('levels');
    const bars = levels.filter((row) => row.levels === '1');
    expect(bars.length).toBe(7);
    for (const { time, obi, covered } of bars) {
      const { area, time: stood } = sums.get(time!)!;
      expect(Number(obi)).toBeCloseTo(area / stood, 9);
      expect(Number(covered)).toBeCloseTo(stood / 60_000, 12);
    }
  });

  it.each(CAPTURES.slice(0, 3))('%s: footprint rows add up to the bars', (name) => {
    const args = [capture(name), '--from', 'binance-capture', '--every', '1m'];
    const bars = rowsFrom('run', 'volume-imbalance', ...args);
    const cells = tables('footprint', ...args, '--row', '0.5')('cells');
    for (const { time, delta, buy_volume } of bars) {
      const own = cells.filter((cell) => cell.time === time);
      expect(decimalSum(own.map((cell) => cell.delta!))).toBe(delta);
      expect(decimalSum(own.map((cell) => cell.buy_volume!))).toBe(buy_volume);
    }
  });

  it('USD-M: a book beside the trades adds the regime of thin depth, and nothing else changes', () => {
    const args = [capture(CAPTURES[0]!), '--every', '1s', '--horizons', '1,10', '--backend', 'cpu'];
    const book = ['--book', capture(CAPTURES[0]!), '--match', 'symbol'];
    const alone = rowsFrom('run', 'imbalance-regression', ...args);
    const rows = rowsFrom('run', 'imbalance-regression', ...args, ...book);
    expect(rows.filter(({ regime }) => regime !== '4')).toEqual(alone);
    const thin = rows.filter(({ regime }) => regime === '4');
    expect(thin.map(({ n, n_inside }) => [n, n_inside])).toEqual([
      ['242', '66'],
      ['224', '57'],
    ]);
    for (const { c_p } of thin) expect(Number(c_p)).toBeGreaterThan(0.01);
  });

  it('USD-M: a spread limit below a tick refuses every entry, one above it none', () => {
    const file = capture(CAPTURES[0]!);
    const windows = ['--trend', '5/20', '--surprise-bars', '30', '--relative-volume', '0', '--theta', '0.3'];
    const rows = tables(
      ...['strategy-sweep', file, '--book', file, '--match', 'symbol', '--every', '1s', '--period', '1m'],
      ...[...windows, '--gate', '0', '--stop', '0', '--backend', 'cpu'],
      // a tick of 0.01 about 2,680 is 0.0373 bps
      ...['--spread-limit', '0,0.03,0.038'],
    )('runs');
    const [free, refused, taken] = rows.map(({ fills }) => Number(fills));
    expect([refused, taken]).toEqual([0, free]);
    expect(free).toBeGreaterThan(100);
  });

  it.skipIf(BACKENDS[1].missing)('[gpu] both backends print the same bytes', () => {
    for (const [name, table, ...args] of [
      ['order-flow-imbalance', 'bars', '--every', '10s'],
      ['order-book-imbalance', 'levels', '--every', '10s', '--weights', 'linear'],
      ['footprint', 'cells', '--every', '1m', '--row', '0.1', '--from', 'binance-capture'],
    ] as const) {
      const [cpu, gpu] = BACKENDS.map(({ flags }) =>
        tables(name, capture(CAPTURES[0]!), ...args, ...flags)(table),
      );
      expect(cpu!.length).toBeGreaterThan(5);
      expect(gpu).toEqual(cpu);
    }
  });
});

describe.skipIf(!haveData)(`203 symbols of daily klines, ${dataLine}`, () => {
  const dataset = (): string => folder.path('klines');
  const run = (name: string, ...args: string[]) => tables(name, dataset(), '--every', '1d', ...args);

  it('become a dataset once, for the commands below', () => {
    output('import', 'binance-klines', klines, '--to', dataset(), '--quiet');
    expect(readdirSync(join(dataset(), 'bars'))).toEqual(['binance-spot']);
  });

  it('give imbalance from taker volume, as the files have it', () => {
    const bars = run('imbalance-surprise', '--bars', '60')('bars').filter(({ vi }) => vi !== '');
    const raw = new Map<string, number>();
    for (const file of readdirSync(klines))
      for (const line of readFileSync(join(klines, file), 'utf8').trimEnd().split('\n').slice(1)) {
        const cells = line.split(',');
        const [volume, buy] = [Number(cells[5]), Number(cells[9])];
        if (volume > 0) raw.set(`${file.slice(0, -4)} ${cells[0]}`, (2 * buy - volume) / volume);
      }
    // 15 bars of the files are no days: a symbol's first or last hours, and what was traded until a contract was swapped
    expect(raw.size - bars.length).toBeLessThanOrEqual(40);
    for (const { instrument, time, vi } of bars) {
      const want = raw.get(`${instrument!.split(':')[1]} ${Date.parse(time!)}`)!;
      expect(Math.abs(Number(vi) - want), `${instrument} ${time}`).toBeLessThan(1e-6);
    }
  });

  it('give relative volume and all indicators in one command each', () => {
    const volume = run('relative-volume')('bars');
    const indicators = run('volume-indicators')('indicators');
    expect(volume.length).toBe(129_385);
    expect(indicators.length).toBe(129_385);
    expect(new Set(indicators.map(({ instrument }) => instrument)).size).toBe(203);
  });

  it('give the regime regression of every symbol at every horizon', () => {
    const rows = run('imbalance-regression')('regressions');
    expect(new Set(rows.map(({ instrument, horizon }) => `${instrument} ${horizon}`)).size).toBe(203 * 4);
    const plain = rows.filter(({ regime, p }) => regime === '0' && p !== '');
    expect(plain.length).toBeGreaterThan(203 * 4 - 40);
    // imbalance moves with the return of its own day and says next to nothing of the next
    const mean = (name: string): number =>
      plain.reduce((sum, row) => sum + Number(row[name]), 0) / plain.length;
    expect(mean('r2_contemporaneous')).toBeGreaterThan(5 * mean('r2_predictive'));
  });

  it('join with open interest by coin: seven of them overlap, 44 to 379 days', () => {
    const oi = realData('coinalyze/open_interest_daily_alts.csv');
    const rows = run('oi-correlation', '--oi', oi, '--match', 'base', '--measure', 'usd')('lags');
    const now = rows.filter(({ lag, n_pairs }) => lag === '0' && n_pairs !== '0');
    expect(now.map(({ instrument }) => instrument!.split(':')[1])).toEqual([
      'ALGOUSDT',
      'ATOMUSDT',
      'FILUSDT',
      'GRTUSDT',
      'INJUSDT',
      'THETAUSDT',
      'XMRUSDT',
    ]);
    const pairs = now.map(({ n_pairs }) => Number(n_pairs));
    expect([Math.min(...pairs), Math.max(...pairs)]).toEqual([44, 379]);
    for (const { lo, pearson, hi } of now) {
      expect(Number(lo)).toBeLessThan(Number(pearson));
      expect(Number(pearson)).toBeLessThan(Number(hi));
    }
  });
});
