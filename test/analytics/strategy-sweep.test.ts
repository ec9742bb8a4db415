import { describe, expect, it } from 'vitest';
import { trialAt } from '../../src/analytics/strategy-sweep/grid.js';
import { strategySweep } from '../../src/analytics/strategy-sweep/index.js';
import { capacityOf } from '../../src/analytics/strategy-sweep/metrics.js';
import { impactRate, quotient, share } from '../../src/analytics/strategy-sweep/money.js';
import type { Params } from '../../src/analytics/strategy-sweep/params.js';
import { CROSSED, OK } from '../../src/core/book-states.js';
import type { Frame } from '../../src/core/columns.js';
import { checkParams } from '../../src/core/schema.js';
import { nextTierValue, volumeFees } from '../../src/core/volume-fees.js';
import { compareResults } from '../../src/engine/compare.js';
import { type Inputs, type Result, run } from '../../src/engine/run.js';
import { sweep } from '../../src/engine/sweep.js';
import { annualisedSharpe, sharpeRatio, sortino } from '../../src/stats/index.js';
import { type BookRow, bookFrameOf } from '../support/book-frames.js';
import { describeGpu } from '../support/gpu.js';
import { type BarRow, panelFrameOf } from '../support/panel-frames.js';
import { random } from '../support/random.js';
import { PLAIN, T0, walkRows } from '../support/strategy-walks.js';

const SECOND = 1_000_000;
const DAY = 86_400_000_000;
const LADDER = checkParams('test', strategySweep.params, { fees: '0:2:5,1000000:1.6:4' }).fees;

const runs = async (frame: Frame, params: Readonly<Record<string, unknown>> = {}) => {
  const result = await run(strategySweep, frame, { ...PLAIN, ...params }, { backend: 'cpu' });
  const column = (table: string, name: string): Float64Array =>
    Float64Array.from(result.tables[table]!.table.columns[name] as Float64Array);
  return { result, column };
};

/** A short position whose far stop is reached in the bar after the first that it lasts over: all there is, and more. */
async function struckShort() {
  const rows = walkRows(91, 60);
  const params = { equity: true, trades: true, stop: '100' };
  const { column } = await runs(panelFrameOf([rows], DAY), params);
  const held = column('equity', 'position');
  const short = held.findIndex((position, t) => position < 0 && held[t + 1]! < 0);
  expect(short).toBeGreaterThan(0);
  const struck = rows.map((row, t) => (t === short + 1 ? { ...row, h: row.h * 50 } : row));
  return { frame: panelFrameOf([struck], DAY), short, params };
}

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

describe('grid', () => {
  it('numbers trials in the order of the axes, the last fastest', () => {
    const params = checkParams('test', strategySweep.params, {
      ...{ theta: '1,2', trend: '10/30,5/20', stop: '0,3', reversalWindow: '4,2,8' },
    }) as Params;
    const at = (n: number) => {
      const { theta, trend, stop, reversalWindow } = trialAt(params, n);
      return [theta, trend.fast, stop, reversalWindow];
    };
    expect([0, 1, 3, 6, 12, 23].map(at)).toEqual([
      [1, 10, 0, 4],
      [1, 10, 0, 2],
      [1, 10, 3, 4],
      [1, 5, 0, 4],
      [2, 10, 0, 4],
      [2, 5, 3, 8],
    ]);
  });

  it('runs any part of itself as in the whole', async () => {
    const frame = panelFrameOf([walkRows(1, 120), walkRows(2, 90)], DAY);
    const grid = { theta: '0.2,0.5', stop: '0,1,2', timeStop: '0,5', trades: true };
    const whole = await runs(frame, grid);
    const part = await runs(frame, { ...grid, firstTrial: 5, trialCount: 4 });
    for (const name of ['trial', 'equity', 'stop', 'time_stop', 'fills'])
      for (let s = 0; s < 2; s++)
        expect(part.column('runs', name).slice(4 * s, 4 * s + 4)).toEqual(
          whole.column('runs', name).slice(12 * s + 5, 12 * s + 9),
        );
    const rows = [...whole.column('trades', 'trial').keys()].filter((i) => {
      const trial = whole.column('trades', 'trial')[i]!;
      return trial >= 5 && trial < 9;
    });
    expect(rows.length).toBeGreaterThan(50);
    expect([...part.column('trades', 'value')]).toEqual(rows.map((i) => whole.column('trades', 'value')[i]));
  });

  it.each([
    [{ theta: '1,1' }, 'strategy-sweep theta 1 must be listed once'],
    [{ theta: '0' }, 'strategy-sweep theta 0 must be at least 0.001'],
    [{ trend: '20/10' }, 'strategy-sweep trend 20/10 must be fast/slow with 1 <= fast < slow, such as 20/50'],
    [{ timeStop: '1.5' }, 'strategy-sweep timeStop 1.5 must be whole numbers'],
    [
      {
        theta: Array.from({ length: 400 }, (_, i) => i + 1).map((n) => n / 10),
        stop: Array.from({ length: 60 }, (_, i) => i),
        timeStop: [1, 2, 3, 4, 5],
      },
      'strategy-sweep grid of 120000 trials must be at most 100000',
    ],
    [{ firstTrial: 1 }, 'strategy-sweep firstTrial 1 must be below 1'],
    [{ fees: '5:1:1' }, 'strategy-sweep fees 5 must begin with a tier from 0'],
    [{ fees: '0:1:1,0:1:1' }, 'strategy-sweep fees 0 must rise from tier to tier'],
    [{ fees: '0:1' }, 'strategy-sweep fees 0:1 must be threshold:maker:taker'],
    [{ fees: '0:1:-1' }, 'strategy-sweep fees -1 taker bps must be 0 to 1000'],
    [
      { capital: 10_000_000, maxWeight: 50 },
      'strategy-sweep capital times maxWeight 500000000 must be at most 100000000',
    ],
    [{ targetVolatility: '9' }, 'strategy-sweep targetVolatility of 0.471'],
    [
      { funding: 0.1, fundingEvery: '1h' },
      'strategy-sweep funding intervals of a bar 24 must be at most 1000000',
    ],
  ])('refuses %j', async (params, message) => {
    await expect(runs(panelFrameOf([walkRows(1, 5)], DAY), params)).rejects.toThrow(message);
  });

  it.each([
    ['stop', 0.00195, 'must be 0 or at least 0.001953125 in size'],
    ['target', 0.001, 'must be 0 or at least 0.001953125 in size'],
    ['relativeVolume', 0.0004, 'must be 0 or at least 0.00048828125 in size'],
    ['halfSpread', 0.00004, 'must be 0 or at least 0.00005 in size'],
    ['impact', 4e-9, 'must be 0 or at least 5e-9 in size'],
    ['funding', -4e-9, 'must be 0 or at least 5e-9 in size'],
    ['dailyLoss', 4e-10, 'must be 0 or at least 5e-10 in size'],
    ['drawdownKill', 4e-10, 'must be 0 or at least 5e-10 in size'],
  ])('%s of %f is not taken for 0, which turns it off', async (name, value, bound) => {
    const frame = panelFrameOf([walkRows(1, 5)], DAY);
    await expect(runs(frame, { [name]: value })).rejects.toThrow(`strategy-sweep ${name} ${value} ${bound}`);
    await runs(frame, { [name]: 2 * value });
  });

  it('a target too small for its bars is refused, and the smallest stop and gate act', async () => {
    const narrow = panelFrameOf([walkRows(1, 5)], DAY);
    await expect(runs(narrow, { every: '1ms', targetVolatility: '0.05' })).rejects.toThrow(
      'a bar must be at least 5e-7: take wider bars or a higher target',
    );
    const frame = panelFrameOf([walkRows(1, 300)], DAY);
    const { column } = await runs(frame, { stop: '0,0.002', theta: '0.2', trades: true });
    const stops = [...column('trades', 'reason').keys()].filter((i) => column('trades', 'reason')[i] === 4);
    expect(stops.length).toBeGreaterThan(10);
    expect(stops.every((i) => column('trades', 'trial')[i] === 1)).toBe(true);
    // of quiet bars, and of first ones, a gate however low holds some back
    const gated = await runs(panelFrameOf([walkRows(1, 300)], DAY), {
      ...{ relativeVolume: '0,0.0005', volumeBars: 40, theta: '0.2', surpriseBars: 4 },
    });
    expect(gated.column('runs', 'fills')[1]).toBeLessThan(gated.column('runs', 'fills')[0]!);
  });

  it('refuses inverse contracts, whose profit is not linear in the price', async () => {
    const frame = panelFrameOf([walkRows(1, 5)], DAY, { contract: 'inverse' });
    await expect(runs(frame)).rejects.toThrow(
      'strategy-sweep instrument S00000 must not be an inverse contract',
    );
  });
});

describe('costs', () => {
  it('H1, M21: fees of 300, 300 and 96, in total 696: tiers beyond the first apply, and a crossing fill pays the old one', () => {
    const fills = [false, false, true].map((maker, i) => ({ time: T0 + i, notional: 600_000, maker }));
    const fees = volumeFees(fills, LADDER);
    expect([...fees.fee]).toEqual([300, 300, 96]);
    expect([...fees.trailing]).toEqual([0, 600_000, 1_200_000]);
    expect([...fees.tier]).toEqual([0, 0, 1]);
    expect([...fees.toNext]).toEqual([1_000_000, 400_000, Number.NaN]);
    expect(fees.total).toBe(696);
    expect(fees.effectiveBps).toBeCloseTo(696 / 180, 12);
    // 1 bps on 500,000 taken
    expect(nextTierValue([{ notional: 500_000, maker: false }], LADDER, 0)).toBeCloseTo(50, 12);
    expect(nextTierValue([{ notional: 500_000, maker: false }], LADDER, 1)).toBe(0);
  });

  it('a fill 30 days before counts, one before that does not; a snapshot knows nothing of its own day', () => {
    const fills = [0, 1, 30 * DAY, 30 * DAY + 1, 30 * DAY + 2].map((at) => ({
      ...{ time: T0 + at, notional: 1_000_000, maker: false },
    }));
    expect([...volumeFees(fills, LADDER).trailing]).toEqual([0, 1e6, 2e6, 2e6, 2e6]);
    expect([...volumeFees(fills, LADDER, 'daily_snapshot').trailing]).toEqual([0, 0, 2e6, 2e6, 2e6]);
  });

  it('the walk pays what the ladder says of its own fills', async () => {
    const frame = panelFrameOf([walkRows(3, 200), walkRows(4, 150)], DAY);
    for (const feeWindow of ['rolling_30d', 'daily_snapshot'] as const) {
      const fees = '0:2:5,3000:1.6:4,6000:1:2.5';
      const { column } = await runs(frame, { fees, feeWindow, halfSpread: 3, impact: 0.1, trades: true });
      const ladder = checkParams('test', strategySweep.params, { fees }).fees;
      const all = [...column('trades', 'instrument').keys()];
      for (const s of [0, 1]) {
        const rows = all.filter((i) => column('trades', 'instrument')[i] === s);
        const own = rows.map((i) => ({
          ...{ time: column('trades', 'time')[i]!, notional: column('trades', 'value')[i]!, maker: false },
        }));
        const want = volumeFees(own, ladder, feeWindow);
        expect(rows.map((i) => column('trades', 'tier')[i])).toEqual([...want.tier]);
        expect(new Set(want.tier)).toEqual(new Set([0, 1, 2]));
        rows.forEach((i, n) => {
          expect(column('trades', 'trailing')[i]).toBeCloseTo(want.trailing[n]!, 6);
          // to the nearest millionth
          expect(Math.abs(column('trades', 'fee')[i]! - want.fee[n]!)).toBeLessThan(0.51e-6);
        });
      }
    }
  });

  it('H9: an order of 1 % of the volume moves the price by a tenth of the volatility, 20 bps', () => {
    // σ = 0.02 in 10^-8; √V of a million lots in 2^-5
    expect(impactRate(2_000_000, 10_000, 32_000)).toBe(200_000);
    expect(impactRate(2_000_000, 10_000, 0)).toBe(2_000_000);
  });

  it('capacity: at four times the capital impact is eight times as large, and takes four times the earnings', () => {
    // 30 earned, 15 paid: at 4 times 120 against 120
    expect(capacityOf(1000, 15, 15)).toBe(4000);
    expect(capacityOf(1000, -5, 10)).toBe(250);
    expect(capacityOf(1000, -10, 10)).toBe(0);
    expect(capacityOf(1000, -11, 10)).toBe(0);
    expect(capacityOf(1000, 20, 0)).toBeNaN();
  });

  it('run with its capacity as capital, a strategy earns next to nothing', async () => {
    // buyers know where the next bar goes
    const rows = walkRows(7, 400, (all, t, next) => {
      const ahead = (all[t + 2]?.c ?? 0) - (all[t + 1]?.o ?? 0);
      return 0.5 + Math.sign(ahead) * (0.1 + 0.3 * next());
    });
    const frame = panelFrameOf([rows], DAY);
    const at = async (capital: number) =>
      (await runs(frame, { theta: '0.2', impact: 30, capital, maxWeight: 0.1 })).column;
    const small = await at(100_000);
    const [profit, capacity] = [small('runs', 'equity')[0]! - 100_000, small('runs', 'capacity')[0]!];
    expect(profit).toBeGreaterThan(5000);
    expect(capacity).toBeGreaterThan(200_000);
    const large = await at(Math.round(capacity));
    expect(large('runs', 'fills')).toEqual(small('runs', 'fills'));
    const scale = capacity / 100_000;
    expect(Math.abs(large('runs', 'equity')[0]! - capacity)).toBeLessThan(0.001 * scale * profit);
  });

  it('shares and quotients round half away from zero, exactly, against integers of any size', () => {
    const next = random(11);
    for (let i = 0; i < 20_000; i++) {
      const amount = Math.floor(next() * 2 ** (51 * next()));
      const rate = Math.floor((next() - 0.5) * 2 ** 27);
      const product = BigInt(amount) * BigInt(Math.abs(rate));
      const want = (product + 50_000_000n) / 100_000_000n;
      expect(BigInt(share(amount, rate))).toBe(rate < 0 ? -want : want);
      const divisor = 1 + Math.floor(next() * 1e8);
      const half = (2n * BigInt(amount) + BigInt(divisor)) / (2n * BigInt(divisor));
      expect(BigInt(quotient(-amount, divisor))).toBe(-half);
    }
  });

  it('higher costs leave the trades as they are and never raise what is left', async () => {
    const frame = panelFrameOf([walkRows(5, 300)], DAY);
    const kinds: readonly (readonly [string, readonly unknown[]])[] = [
      ['fees', ['0:0:0', '0:0:1', '0:0:10', '0:0:25']],
      ['halfSpread', [0, 0.5, 5, 25]],
      ['impact', [0, 0.1, 1, 5]],
    ];
    for (const [name, values] of kinds) {
      const all = await Promise.all(values.map((value) => runs(frame, { [name]: value, trades: true })));
      for (const other of all.slice(1))
        for (const column of ['time', 'quantity', 'price', 'side'])
          expect(other.column('trades', column)).toEqual(all[0]!.column('trades', column));
      const equity = all.map(({ column }) => column('runs', 'equity')[0]!);
      expect(all[0]!.column('runs', 'fills')[0]).toBeGreaterThan(50);
      for (let i = 1; i < equity.length; i++) expect(equity[i]).toBeLessThan(equity[i - 1]!);
    }
  });
});

describe('what a fill may know', () => {
  /** A leaning that gives away the sign of a price move. */
  const tells =
    (move: (rows: readonly BarRow[], t: number) => number) =>
    (rows: readonly BarRow[], t: number, next: () => number): number =>
      0.5 + Math.sign(move(rows, t)) * (0.1 + 0.3 * next());
  const nextReturn = tells((rows, t) => (rows[t + 1]?.c ?? 0) - rows[t]!.c);
  const score = async (rows: readonly BarRow[]) => {
    const { column } = await runs(panelFrameOf([rows], DAY), { theta: '0.2', timeStop: '1', periods: true });
    const returns = column('periods', 'profit');
    // t value of the mean return
    return { t: sharpeRatio(returns) * Math.sqrt(returns.length), trades: column('runs', 'trades')[0]! };
  };

  it('a signal made of the next return earns only where it is said to be known too early', async () => {
    const rows = walkRows(21, 2000, nextReturn);
    // known when the return it tells of is: after the next bar
    const honest = await score(rows.map((row) => ({ ...row, a: row.t + 2 * DAY })));
    const leaky = await score(rows);
    expect(honest.trades).toBeGreaterThan(200);
    expect(Math.abs(honest.t)).toBeLessThan(3);
    expect(leaky.t).toBeGreaterThan(15);
  });

  it('M27: a signal of the close cannot fill there: it misses the gap to the next open, which it knows', async () => {
    // every bar opens away from the close before, and goes on from there
    const next = random(31);
    let drift = 0;
    const gapped = walkRows(31, 2000).map((row): BarRow => {
      drift = Math.max(-20_000, Math.min(20_000, drift + Math.round((next() - 0.5) * 2500)));
      return { ...row, o: row.o + drift, c: row.c + drift, h: row.h + drift, l: row.l + drift };
    });
    const rows = gapped.map((row, t) => {
      const volume = row.buy! + row.sell!;
      const gap = (gapped[t + 1]?.o ?? 0) - row.c;
      const buy = Math.round(volume * (0.5 + Math.sign(gap) * (0.1 + 0.3 * next())));
      return { ...row, buy, sell: volume - buy };
    });
    const honest = await score(rows);
    // the same close as the next open: what filling at the close of the decision would get
    const sameClose = await score(
      rows.map((row, t) => {
        const o = rows[t - 1]?.c ?? row.o;
        return { ...row, o, h: Math.max(row.h, o), l: Math.min(row.l, o) };
      }),
    );
    expect(Math.abs(honest.t)).toBeLessThan(3);
    expect(sameClose.t).toBeGreaterThan(8);
  });

  it('refuses a bar that claims to be known before its end', async () => {
    const rows = walkRows(1, 30);
    rows[20] = { ...rows[20]!, a: rows[20]!.t + DAY - 1 };
    await expect(runs(panelFrameOf([rows], DAY))).rejects.toThrow('S00000 bar known at');
  });

  it('no fill comes before its decision and the latency, and none in a bar without a trade', async () => {
    const next = random(9);
    const rows = walkRows(41, 600).map((row) => ({
      ...row,
      // late receipts, and bars that are missing
      a: row.t + DAY + (next() < 0.2 ? Math.floor(next() * 3 * DAY) : 0),
    }));
    const kept = rows.filter(() => next() < 0.8);
    const traded = new Set(kept.map(({ t }) => t));
    for (const latency of [0, 1, 36 * 3_600_000_000])
      for (const absent of ['empty', 'unknown'] as const) {
        const frame = panelFrameOf([kept], DAY, { absent });
        const { column } = await runs(frame, { latency, trades: true, stop: '1', target: '1', theta: '0.2' });
        const reason = column('trades', 'reason');
        expect(reason.length).toBeGreaterThan(100);
        column('trades', 'time').forEach((time, i) => {
          const resting = reason[i] === 4 || reason[i] === 5;
          expect(time).toBeGreaterThanOrEqual(column('trades', 'decided_at')[i]! + (resting ? 0 : latency));
          expect(traded.has(time)).toBe(true);
        });
      }
  });
});

describe('the walk', () => {
  it('money adds up: equity is capital, fills, funding and the position at the last price', async () => {
    const rows = walkRows(51, 400);
    const { column } = await runs(panelFrameOf([rows], DAY), {
      ...{
        trades: true,
        halfSpread: 4,
        impact: 0.5,
        fees: '0:0:5',
        funding: 0.0003,
        stop: '1.5',
        target: '2',
      },
      ...{ participation: 0.001, capital: 1_000_000, theta: '0.2', reversal: 'reverse' },
    });
    const flows = column('trades', 'side').map(
      (side, i) => -side * column('trades', 'value')[i]! - column('trades', 'fee')[i]!,
    );
    const [equity, position, funding] = ['equity', 'open_position', 'funding'].map(
      (name) => column('runs', name)[0]!,
    );
    expect(equity).toBeCloseTo(1_000_000 + sum(flows) - funding! + (position! * rows.at(-1)!.c) / 100, 4);
    expect(funding).not.toBe(0);
    // costs in value and beside it are what the run says
    for (const name of ['spread_cost', 'impact_cost']) {
      expect(sum(column('trades', name))).toBeCloseTo(column('runs', name)[0]!, 4);
      expect(column('runs', name)[0]).toBeGreaterThan(0);
    }
    const value = column('trades', 'value');
    column('trades', 'side').forEach((side, i) => {
      const cost = column('trades', 'spread_cost')[i]! + column('trades', 'impact_cost')[i]!;
      const plain = column('trades', 'price')[i]! * column('trades', 'quantity')[i]!;
      expect(value[i]).toBeCloseTo(plain + side * cost, 5);
    });
    expect(column('runs', 'trades')[0]).toBeGreaterThan(50);
  });

  it('fills at most the share of what the bar trades, and goes on at the bars that follow', async () => {
    const rows = walkRows(61, 300).map((row) => ({ ...row, buy: row.buy! / 1000, sell: row.sell! / 1000 }));
    const whole = rows.map((row) => ({ ...row, buy: Math.round(row.buy), sell: Math.round(row.sell) }));
    const volume = new Map(whole.map((row) => [row.t, (row.buy + row.sell) / 1000]));
    const { column } = await runs(panelFrameOf([whole], DAY), {
      ...{ participation: 0.05, capital: 1_000_000, trades: true, timeStop: '6', stop: '1' },
    });
    const used = new Map<number, number>();
    column('trades', 'time').forEach((time, i) => {
      used.set(time, (used.get(time) ?? 0) + column('trades', 'quantity')[i]!);
    });
    let full = 0;
    for (const [time, quantity] of used) {
      const most = 0.05 * volume.get(time)!;
      expect(quantity).toBeLessThanOrEqual(most * (1 + 1e-12));
      if (quantity > most - 0.001) full++;
    }
    expect(full).toBeGreaterThan(20);
  });

  it('a market turned over, buyers for sellers, is traded the other way at the same bars', async () => {
    const rows = walkRows(71, 500);
    const turned = rows.map((row) => ({
      ...row,
      ...{ o: 200_000 - row.o, c: 200_000 - row.c, h: 200_000 - row.l, l: 200_000 - row.h },
      ...{ buy: row.sell!, sell: row.buy! },
    }));
    const params = {
      trades: true,
      stop: '1',
      target: '2',
      climax: true,
      divergenceBars: 5,
      reversal: 'reverse',
    };
    const a = await runs(panelFrameOf([rows], DAY), params);
    const b = await runs(panelFrameOf([turned], DAY), params);
    for (const name of ['time', 'decided_at', 'reason', 'fill'])
      expect(b.column('trades', name)).toEqual(a.column('trades', name));
    expect(b.column('trades', 'side')).toEqual(a.column('trades', 'side').map((side) => -side));
    expect(new Set(a.column('trades', 'reason'))).toEqual(new Set([1, 2, 3, 4, 5]));
  });

  it('the drawdown kill ends trading for good; a time stop never holds longer', async () => {
    const frame = panelFrameOf([walkRows(81, 500)], DAY);
    const killed = await runs(frame, { drawdownKill: 0.04, equity: true, trades: true, fees: '0:0:10' });
    expect(killed.column('runs', 'status')[0]).toBe(1);
    const equity = killed.column('equity', 'equity');
    let peak = 0;
    const fell = equity.findIndex((value) => {
      peak = Math.max(peak, value);
      return peak - value >= 40;
    });
    const last = killed.column('trades', 'time').at(-1)!;
    expect(last).toBe(killed.column('equity', 'time')[fell + 1]);
    expect(killed.column('trades', 'reason').at(-1)).toBe(8);
    expect(killed.column('runs', 'open_position')[0]).toBe(0);
    const timed = await runs(frame, { timeStop: '3', trades: true });
    const [time, held] = [timed.column('trades', 'time'), timed.column('trades', 'position')];
    let since = 0;
    held.forEach((position, i) => {
      if (position !== 0 && (held[i - 1] ?? 0) === 0) since = time[i]!;
      if (position === 0) expect(time[i]! - since).toBeLessThanOrEqual(3 * DAY);
    });
    expect(timed.column('trades', 'reason').filter((reason) => reason === 6).length).toBeGreaterThan(20);
  });

  it('a gap that costs more than there is takes the position over and leaves nothing, not a debt', async () => {
    const rows = walkRows(91, 60);
    const { column: plain } = await runs(panelFrameOf([rows], DAY), { equity: true });
    const short = plain('equity', 'position').findIndex((position) => position < 0);
    expect(short).toBeGreaterThan(0);
    const jumped = rows.map((row, t) =>
      t > short ? { ...row, o: row.o * 5000, c: row.c * 5000, h: row.h * 5000, l: row.l * 5000 } : row,
    );
    const { column } = await runs(panelFrameOf([jumped], DAY), { equity: true, stop: '3' });
    expect(column('equity', 'equity').slice(short + 1)).toEqual(new Float64Array(59 - short));
    expect(column('runs', 'status')[0]).toBe(1);
    expect(column('runs', 'total_return')[0]).toBe(-1);
    expect(column('runs', 'max_drawdown')[0]).toBeGreaterThanOrEqual(1);
  });

  it('a stop that costs more than there is ends the run with nothing, where no drawdown does', async () => {
    const { frame, short, params } = await struckShort();
    const { column } = await runs(frame, params);
    expect(column('trades', 'reason').at(-1)).toBe(4);
    expect(column('equity', 'equity').slice(short + 1)).toEqual(new Float64Array(59 - short));
    expect(column('runs', 'status')[0]).toBe(1);
    expect(column('runs', 'equity')[0]).toBe(0);
    expect(column('runs', 'gross_profit')[0]! - column('runs', 'gross_loss')[0]!).toBeCloseTo(-1000, 9);
  });

  it('refuses sets that its steps cannot tell apart', async () => {
    const frame = panelFrameOf([walkRows(1, 20)], DAY);
    await expect(runs(frame, { theta: '1,1.0001' })).rejects.toThrow(
      'strategy-sweep trial 1 must differ from trial 0',
    );
    await runs(frame, { theta: '1,1.001' });
  });

  it('returns beyond 2^22 millionths of capital end a run with its status, and nothing wraps', async () => {
    const rows = walkRows(91, 60);
    const { column: plain } = await runs(panelFrameOf([rows], DAY), { equity: true });
    const long = plain('equity', 'position').findIndex((position) => position > 0);
    const jumped = rows.map((row, t) =>
      t > long ? { ...row, o: row.o * 20, c: row.c * 20, h: row.h * 20, l: row.l * 20 } : row,
    );
    const { column } = await runs(panelFrameOf([jumped], DAY), { equity: true });
    expect(column('runs', 'status')[0]).toBe(2);
    expect(column('equity', 'equity').at(-1)).toBe(column('runs', 'equity')[0]);
  });

  it('ratios of a run are those of its period returns', async () => {
    const frame = panelFrameOf([walkRows(101, 400)], DAY);
    const { column } = await runs(frame, { periods: true, fees: '0:0:2', capital: 1_000_000 });
    // in whole millionths of capital
    const returns = column('periods', 'profit').map((profit) => Math.round(profit) / 1e6);
    const year = Math.sqrt(365);
    const of = (name: string): number => column('runs', name)[0]!;
    expect(of('sharpe')).toBeCloseTo(sharpeRatio(returns) * year, 8);
    expect(of('sortino')).toBeCloseTo(sortino(returns) * year, 8);
    expect(of('annual_return')).toBeCloseTo((sum(returns) / returns.length) * 365, 10);
    expect(of('calmar')).toBeCloseTo(of('annual_return') / of('max_drawdown'), 12);
    expect(of('total_return')).toBeCloseTo(sum(column('periods', 'profit')) / 1e6, 10);
    // the closed form of an AR(1) against Lo's sum over its autocorrelations ρ^k
    const mean = sum(returns) / returns.length;
    const rho =
      sum(returns.map((r, t) => (t === 0 ? 0 : (r - mean) * (returns[t - 1]! - mean)))) /
      sum(returns.map((r) => (r - mean) ** 2));
    let inflation = 365;
    for (let k = 1; k < 365; k++) inflation += 2 * (365 - k) * rho ** k;
    expect(of('sharpe_lo')).toBeCloseTo((sharpeRatio(returns) * 365) / Math.sqrt(inflation), 2);
    expect(annualisedSharpe(returns, 365, 0)).toBeCloseTo(of('sharpe'), 8);
  });
});

describe('the spread gate', () => {
  const ROWS = walkRows(8, 400);
  const panel = panelFrameOf([ROWS], DAY);
  const next = random(9);
  /** Quotes a second before each bar's end, of 2 to 12 ticks about 100,000; one in five is crossed, one in five missing. */
  const QUOTES = ROWS.flatMap(({ t }): BookRow[] => {
    const half = 1 + Math.floor(next() * 6);
    const kind = next();
    if (kind < 0.2) return [];
    const sides = [[[100_000 - half, 1]], [[100_000 + half, 1]]] as [BookRow['bids'], BookRow['asks']];
    if (kind < 0.4) return [{ t: t + DAY - SECOND, state: CROSSED, bids: sides[1], asks: sides[0] }];
    return [{ t: t + DAY - SECOND, state: OK, bids: sides[0], asks: sides[1] }];
  });
  const book = bookFrameOf([QUOTES]);
  const quoteAt = new Map(QUOTES.map((quote) => [quote.t + SECOND, quote]));
  const entries = (result: Result): number[] => {
    const { decided_at, reason } = result.tables.trades!.table.columns as Record<string, Float64Array>;
    return [...decided_at!].filter((_, i) => reason![i] === 1);
  };
  const traded = (inputs: Inputs, params: Readonly<Record<string, unknown>>) =>
    run(strategySweep, inputs, { ...PLAIN, ...params, trades: true }, { backend: 'cpu' });

  it('enters on known spreads up to the limit, and on no others', async () => {
    // 0.6 bps are six ticks: three on either side
    const found = entries(await traded({ panel, book }, { spreadLimit: '0.6' }));
    const spreads = found.map((time) => {
      const { state, bids, asks } = quoteAt.get(time)!;
      return state === OK ? asks[0]![0] - bids[0]![0] : Number.NaN;
    });
    expect(new Set(spreads)).toEqual(new Set([2, 4, 6]));
    const free = entries(await traded({ panel, book }, {}));
    expect(free.some((time) => !quoteAt.has(time))).toBe(true);
  });

  it('without a limit a book changes nothing', async () => {
    const [beside, alone] = [await traded({ panel, book }, {}), await traded({ panel }, {})];
    for (const [name, { table }] of Object.entries(beside.tables))
      expect(table.columns).toEqual(alone.tables[name]!.table.columns);
  });

  it('is an axis of sweeps too', async () => {
    const { trials, printed, runs } = await sweep({ panel, book }, { ...PLAIN, spreadLimit: '0,0.6' });
    expect([trials, printed.spreadLimit]).toEqual([2, '0,0.6']);
    const { fills, spread_limit } = runs.table.columns as Record<string, Float64Array>;
    expect([...spread_limit!]).toEqual([0, 0.6]);
    expect(fills![1]).toBeGreaterThan(0);
    expect(fills![1]).toBeLessThan(fills![0]!);
  });

  it('refuses a limit without a book, and one too small for its unit', async () => {
    await expect(traded({ panel }, { spreadLimit: '0,5' })).rejects.toThrow(
      'strategy-sweep spreadLimit 0,5 needs a book beside the bars (--book)',
    );
    await expect(sweep({ panel }, { ...PLAIN, spreadLimit: '0,5' })).rejects.toThrow('needs a book');
    await expect(traded({ panel, book }, { spreadLimit: 0.00004 })).rejects.toThrow(
      'strategy-sweep spreadLimit 0.00004 must be 0 or at least 0.00005 in size',
    );
  });
});

describeGpu('ruin on the GPU', () => {
  it('is that of the reference', async () => {
    const { frame, params } = await struckShort();
    const [want, got] = await Promise.all(
      (['cpu', 'webgpu'] as const).map((backend) =>
        run(
          strategySweep,
          frame,
          { ...PLAIN, ...params },
          backend === 'cpu' ? { backend } : { backend, adapter: 'any' },
        ),
      ),
    );
    expect(got!.backend).toBe('webgpu');
    expect(compareResults(got!, want!).worst).toBeUndefined();
  });
});
