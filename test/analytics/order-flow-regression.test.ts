import { describe, expect, it } from 'vitest';
import { orderFlowImbalance } from '../../src/analytics/order-flow-imbalance/index.js';
import { orderFlowRegression } from '../../src/analytics/order-flow-regression/index.js';
import { GAP, OK, ONE_SIDED } from '../../src/core/book-states.js';
import { type Result, run } from '../../src/engine/run.js';
import { leastSquares } from '../../src/stats/least-squares.js';
import { neweyWest } from '../../src/stats/newey-west.js';
import { twoSidedP } from '../../src/stats/two-sided-p.js';
import { type BookRow, bookFrameOf } from '../support/book-frames.js';
import { MARKETS } from '../support/cases.js';
import { marketRowsOf } from '../support/market-rows.js';
import { integerIn, random } from '../support/random.js';

const SECOND = 1_000_000;
const T0 = Date.UTC(2024, 0, 1) * 1000;

const cpu = (rows: readonly (readonly BookRow[])[], params: object): Promise<Result> =>
  run(orderFlowRegression, bookFrameOf(rows, { lot: '1', tick: '1' }), params, { backend: 'cpu' });

type Cells = Record<string, Float64Array>;
const cells = ({ tables }: Result, table: string): Cells => tables[table]!.table.columns as Cells;
const close = (got: number, want: number, bound = 1e-10): void =>
  expect(Math.abs(got - want), `${got} for ${want}`).toBeLessThanOrEqual(bound * Math.abs(want));

const level = (t: number, bid: number, bids: number, ask: number, asks: number): BookRow => ({
  ...{ t: T0 + t, state: OK, bids: [[bid, bids]], asks: [[ask, asks]] },
});

/**
 * The stylised book of Cont, Kukanov and Stoikov: every level behind the best holds `depth` lots, and a better price is
 * quoted only over a full queue. Then Σe of a side is depth · (ticks moved) + the change of its queue, so that OFI is
 * 2·depth·Δm but for what the queues hold.
 */
function stylised(depth: number, bars: number, events: number, seed: number): BookRow[] {
  const next = random(seed);
  const rows: BookRow[] = [];
  let [bid, bids, ask, asks] = [10_000, depth, 10_002, depth];
  for (let i = 0; i < bars * events; i++) {
    const buys = next() < 0.5;
    const onBid = ask - bid > 2 ? buys : ask - bid < 2 ? !buys : next() < 0.5;
    if (onBid && buys) {
      if (bids < depth) bids++;
      else if (bid + 1 < ask) [bid, bids] = [bid + 1, 1];
    } else if (onBid) {
      if (bids > 1) bids--;
      else [bid, bids] = [bid - 1, depth];
    } else if (buys) {
      if (asks > 1) asks--;
      else [ask, asks] = [ask + 1, depth];
    } else if (asks < depth) asks++;
    else if (ask - 1 > bid) [ask, asks] = [ask - 1, 1];
    rows.push(level((i * SECOND) / events, bid, bids, ask, asks));
  }
  return rows;
}

describe('regression of mid changes on order flow', () => {
  // what queues hold varies by about depth²/3, the flow of a bar by its events: 1/30 of it is not explained
  it.each([4, 10])(
    'finds 1/(2·depth) in a book of depth %i, in the bar and not in the next',
    async (depth) => {
      const rows = stylised(depth, 300, 10 * depth ** 2, depth);
      const got = cells(await cpu([rows], { every: '1s', levels: 1 }), 'regression');
      expect(Math.abs(got.beta![0]! * 2 * depth - 1)).toBeLessThan(0.1);
      expect(Math.abs(got.alpha![0]!)).toBeLessThan(0.1);
      expect(got.t![0]).toBeGreaterThan(20);
      expect(got.r2_contemporaneous![0]).toBeGreaterThan(0.9);
      expect(got.r2_predictive![0]).toBeLessThan(0.03);
    },
  );

  it.each(MARKETS.slice(0, 3))(
    'is least squares by QR with the errors of Newey and West: %o',
    async (market) => {
      const lists = marketRowsOf(orderFlowRegression, {}, market).book!;
      const frame = bookFrameOf(lists, market);
      const params = { every: '1m', levels: 1, minRows: 5, hacLags: 3 };
      const got = cells(await run(orderFlowRegression, frame, params, { backend: 'cpu' }), 'regression');
      const flows = await run(orderFlowImbalance, frame, { every: '1m', levels: 1 }, { backend: 'cpu' });
      const { instrument, time, ofi, mid_change } = cells(flows, 'bars');
      let tested = 0;
      Array.from(got.instrument!).forEach((s, row) => {
        const own = Array.from(instrument!.keys()).filter((i) => instrument![i] === s);
        const x = Float64Array.from(own, (i) => ofi![i]! / 1000);
        const y = Float64Array.from(own, (i) => mid_change![i]! * 100);
        const ahead = Float64Array.from(own, (i, k) =>
          time![own[k + 1]!] === time![i]! + 60 * SECOND ? y[k + 1]! : Number.NaN,
        );
        const fit = leastSquares(y, [x]);
        expect(got.n![row]).toBe(x.filter((v) => !Number.isNaN(v)).length);
        if (fit === null || fit.n < 5) {
          for (const name of ['alpha', 'beta', 'beta_error', 't', 'p', 'r2_contemporaneous'])
            expect(got[name]![row], name).toBeNaN();
          return;
        }
        tested++;
        const { errors, t } = neweyWest(fit, 3);
        close(got.alpha![row]!, fit.coefficients[0]!, 1e-8);
        close(got.beta![row]!, fit.coefficients[1]!);
        close(got.beta_error![row]!, errors[1]!);
        close(got.t![row]!, t[1]!);
        close(got.p![row]!, twoSidedP(t[1]!), 1e-8);
        close(got.r2_contemporaneous![row]!, fit.rSquared, 1e-8);
        const next = leastSquares(ahead, [x]);
        expect(got.n_ahead![row]).toBe(
          ahead.filter((v, k) => !Number.isNaN(v) && !Number.isNaN(x[k]!)).length,
        );
        if (next && next.n >= 5) close(got.r2_predictive![row]!, next.rSquared, 1e-6);
      });
      expect(tested).toBeGreaterThan(2);
    },
  );

  it('is null with fewer than minRows bars, and without a flow that varies', async () => {
    const still = Array.from({ length: 40 }, (_, i) => level(i * SECOND, 100, 5, 101, 5));
    const few = stylised(5, 30, 5, 1);
    const many = stylised(5, 31, 5, 1);
    const got = cells(await cpu([still, few, many], { every: '1s', levels: 1 }), 'regression');
    // the first bar of these has an event too, after its first state
    expect([...got.n!]).toEqual([39, 30, 31]);
    for (const name of ['alpha', 'beta', 'beta_error', 't', 'p', 'r2_contemporaneous', 'r2_predictive'])
      expect(
        Array.from(got[name]!, (value) => Number.isNaN(value)),
        name,
      ).toEqual([true, name === 'r2_predictive', false]);
  });

  it('pairs no bar with a gap, a one-sided book or a bar that is missing', async () => {
    const next = random(4);
    const rows = Array.from({ length: 12 }, (_, i) => {
      const move = integerIn(next, 0, 2);
      return level(i * SECOND, 100 + move, integerIn(next, 1, 9), 103 + move, integerIn(next, 1, 9));
    });
    rows[4] = { ...rows[4]!, state: GAP, bids: [], asks: [] };
    rows[8] = { ...rows[8]!, state: ONE_SIDED, asks: [] };
    rows.splice(10, 1);
    const got = cells(await cpu([rows], { every: '1s', levels: 1, minRows: 3 }), 'regression');
    // events in bars 1-3, 6, 7, and 11, whose last state came two bars before
    expect(got.n![0]).toBe(6);
    // 1-2, 2-3, 6-7
    expect(got.n_ahead![0]).toBe(3);
  });
});

describe('integrated order flow', () => {
  const LEVELS = 3;
  const TRAIN = 25;
  const params = { every: '1s', levels: LEVELS, trainBars: TRAIN, minRows: 10 };

  /** Two states a bar; one flow common to all levels, and noise at each. */
  function layered(bars: number, seed: number): BookRow[] {
    const next = random(seed);
    return Array.from({ length: 2 * bars }, (_, i): BookRow => {
      const common = integerIn(next, -40, 40);
      const size = (m: number): number => 100 + Math.round(common / (m + 1)) + integerIn(next, -10, 10);
      const side = (from: number, step: number) =>
        Array.from({ length: LEVELS }, (_, m) => [from + step * m, size(m)] as const);
      return { t: T0 + (i * SECOND) / 2, state: OK, bids: side(100, -1), asks: side(101, 1) };
    });
  }

  /** OFI/Q̄ by bar and level, from the rows: prices stand still, so that an event is the change of bid less ask sizes. */
  const scaled = (rows: readonly BookRow[]): number[][] => {
    const out: number[][] = [];
    for (let i = 0; i < rows.length; i += 2) {
      const states = [rows[i]!, rows[i + 1]!];
      const net = (row: BookRow | undefined, m: number): number =>
        row ? row.bids[m]![1] - row.asks[m]![1] : 0;
      const before = i === 0 ? rows[0] : rows[i - 1];
      const lots = states.flatMap(({ bids, asks }) => [...bids, ...asks].map(([, size]) => size));
      const depth = lots.reduce((sum, size) => sum + size, 0) / lots.length;
      out.push(Array.from({ length: LEVELS }, (_, m) => (net(states[1], m) - net(before, m)) / depth));
    }
    return out;
  };

  it('weighs levels by the direction in which training bars vary most', async () => {
    const rows = layered(80, 3);
    const result = await cpu([rows], params);
    const { weight, share } = cells(result, 'weights');
    const vectors = scaled(rows);
    const train = vectors.slice(0, TRAIN);
    const mean = (m: number): number => train.reduce((sum, v) => sum + v[m]!, 0) / TRAIN;
    const covariance = (m: number, k: number): number =>
      train.reduce((sum, v) => sum + (v[m]! - mean(m)) * (v[k]! - mean(k)), 0) / (TRAIN - 1);
    const levels = [0, 1, 2];
    // power iteration
    let w = levels.map(() => 1);
    for (let i = 0; i < 500; i++) {
      const turned = levels.map((m) => levels.reduce((sum, k) => sum + covariance(m, k) * w[k]!, 0));
      const norm = turned.reduce((sum, v) => sum + Math.abs(v), 0);
      w = turned.map((v) => v / norm);
    }
    levels.forEach((m) => {
      close(weight![m]!, w[m]!);
    });
    const along = levels.reduce((sum, k) => sum + covariance(0, k) * w[k]!, 0) / w[0]!;
    close(share![0]!, along / levels.reduce((sum, m) => sum + covariance(m, m), 0));
    const { integrated } = cells(result, 'bars');
    vectors.forEach((v, b) => {
      if (b < TRAIN) expect(integrated![b]).toBeNaN();
      else
        close(
          integrated![b]!,
          v.reduce((sum, x, m) => sum + w[m]! * x, 0),
          1e-9,
        );
    });
  });

  it('keeps its weights whatever comes after training', async () => {
    const rows = layered(80, 3);
    const others = [...rows.slice(0, 2 * TRAIN), ...layered(80, 9).slice(2 * TRAIN)];
    const [a, b] = [await cpu([rows], params), await cpu([others], params)];
    expect(cells(b, 'weights')).toEqual(cells(a, 'weights'));
    expect(cells(b, 'bars').integrated).not.toEqual(cells(a, 'bars').integrated);
    expect(cells(a, 'weights').available_at![0]).toBe(T0 + TRAIN * SECOND);
  });

  it('is null, and weights are absent, where there are too few bars to train on or nothing varies', async () => {
    const still = Array.from({ length: 100 }, (_, i) => ({ ...layered(1, 1)[0]!, t: T0 + (i * SECOND) / 2 }));
    const result = await cpu([layered(TRAIN - 1, 1), still, layered(TRAIN + 12, 1)], params);
    expect([...cells(result, 'weights').instrument!]).toEqual([2, 2, 2]);
    const { instrument, integrated } = cells(result, 'bars');
    expect(integrated!.filter((v, i) => instrument![i]! < 2 && !Number.isNaN(v)).length).toBe(0);
    expect([...cells(result, 'regression').n_tested!]).toEqual([0, 0, 12]);
    // a gigabyte of training, were it not longer than the bars
    const long = await cpu([layered(40, 1)], { ...params, levels: 100, trainBars: 1_000_000 });
    expect([cells(long, 'weights').instrument!.length, cells(long, 'bars').integrated!.length]).toEqual([
      0, 40,
    ]);
  });

  it('of bars tested, both explain the same ones', async () => {
    const got = cells(await cpu([stylised(5, 200, 50, 2)], { ...params, levels: 1 }), 'regression');
    expect(got.n_tested![0]).toBe(200 - TRAIN);
    expect(got.r2_contemporaneous_tested![0]).not.toBe(got.r2_contemporaneous![0]);
    // one level: what differs is the division by depth
    expect(
      Math.abs(got.r2_contemporaneous_integrated![0]! - got.r2_contemporaneous_tested![0]!),
    ).toBeLessThan(0.1);
  });
});
