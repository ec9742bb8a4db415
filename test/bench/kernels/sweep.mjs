import { barsOf } from '../../../dist/analytics/strategy-sweep/bars.js';
import { rulesOf } from '../../../dist/analytics/strategy-sweep/rules.js';
import { resolve } from '../../../dist/engine/resolve.js';
import { registry } from '../../../dist/index.js';
import { panelFrame } from './panel-frame.mjs';
import { sweepForms as inPolars } from './sweep-polars.mjs';
import { expectedRuns } from './sweep-runs.mjs';
import { sweepForms as inSql } from './sweep-sql.mjs';

const [INSTRUMENTS, BARS] = [200, 2000];
/** Peers run every hundredth set; their time is that of so many more. */
const SHARE = 1 / 100;

/** 20 × 10 × 5 × 2 = 2,000 sets, of axes that peers can express too; every one stops at 2 ATR. */
const GRID = {
  every: '1h',
  gate: 0,
  theta: Array.from({ length: 20 }, (_, n) => (5 + n) / 10),
  trend: ['5/20', '10/30', '12/26', '20/50', '10/50', '20/100', '30/60', '50/100', '50/150', '50/200'],
  relativeVolume: [0, 0.8, 1, 1.2, 1.5],
  targetVolatility: [0.2, 0.4],
};

/** A sweep of parameter sets over a panel. */
export async function sweep({ scale, duck, polars }) {
  const frame = panelFrame(Math.ceil(INSTRUMENTS * scale), BARS, 3600e6);
  const { params } = resolve(registry.get('strategy-sweep'), GRID, registry);
  const all = rulesOf(params).trials.map(({ entry, relative, trend, volatility }, set) => ({
    ...{ set, entry, relative, trend: trend / 2, volatility },
  }));
  // a step without a common factor with the axes, so that the part has all their values
  const part = Array.from({ length: all.length * SHARE }, (_, n) => all[(n * 1_187) % all.length]);
  const { bars, signals } = peerTables(frame, params);
  const sets = {
    set: ['SMALLINT', Int16Array.from(part, ({ set }) => set)],
    trend: ['TINYINT', Int8Array.from(part, ({ trend }) => trend)],
    entry: ['INTEGER', Int32Array.from(part, ({ entry }) => entry)],
    least: ['INTEGER', Int32Array.from(part, ({ relative }) => relative)],
    volatility: ['INTEGER', Int32Array.from(part, ({ volatility }) => volatility)],
  };
  for (const [name, columns] of Object.entries({ bars, signals, sets })) await duck.table(name, columns);
  const lazy = polars && {
    ...{ bars: polars.frame(bars), signals: polars.frame(signals), sets: polars.frame(sets) },
  };
  const share = { share: SHARE, note: `${part.length} of ${all.length} sets, time × ${1 / SHARE}` };
  const contestants = [
    ...Object.entries(inSql(part)).map(([name, tables]) => duck.contestant(name, tables)),
    ...Object.entries(lazy ? inPolars(polars.pl, lazy, part) : {}).map(([name, tables]) =>
      polars.contestant(name, tables),
    ),
  ];
  return {
    inputs: frame,
    rows: frame.rows * all.length,
    unit: 'bar·sets',
    reads: ['time', 'available_at', 'open', 'high', 'low', 'close', 'volume', 'buy_volume', 'sell_volume'],
    sections: [
      {
        title: `strategy-sweep: ${all.length.toLocaleString('en')} parameter sets × ${frame.instruments.length} instruments × ${BARS.toLocaleString('en')} bars`,
        notes:
          'Peers cannot walk: they are given every signal (z, trends, relative volume, σ) for nothing and hold the weight of ' +
          'the last entry until the next; total, squares, turnover, exposure and drawdown of returns at one cost rate. They ' +
          'leave out stops, warnings and early reversal, order sizes, participation, partial fills, next-open fills, impact, ' +
          'fee tiers, funding, daily loss and drawdown kill, trades and hit rates. Their answers are compared with one ' +
          'another and with a loop in JavaScript of the same rule, not with ours, which trades otherwise.',
        node: ['strategy-sweep', GRID],
        sampled: 1,
        expected: { runs: expectedRuns(bars, part, frame.offsets) },
        tables: {
          runs: {
            keys: ['instrument', 'set'],
            ofLargest: { total: 1e-9, squares: 1e-9, turnover: 1e-9, drawdown: 1e-9 },
          },
        },
        peers: contestants.map((peer) => ({ ...peer, part: share })),
      },
    ],
  };
}

/** Bars with a column a trend, and the same with a row a trend. */
function peerTables(frame, params) {
  const { rows, offsets, instruments, columns } = frame;
  const trends = params.trend.length;
  const bars = {
    instrument: ['USMALLINT', new Uint16Array(rows)],
    i: ['SMALLINT', new Int16Array(rows)],
    change: ['DOUBLE', new Float64Array(rows)],
    z: ['INTEGER', new Int32Array(rows)],
    relative: ['INTEGER', new Int32Array(rows)],
    sigma: ['INTEGER', new Int32Array(rows)],
  };
  for (let k = 0; k < trends; k++) bars[`direction${k}`] = ['TINYINT', new Int8Array(rows)];
  instruments.forEach((_, s) => {
    const { z, relative, sigma, trends: packed } = barsOf(frame, s, params).columns;
    for (let i = offsets[s]; i < offsets[s + 1]; i++) {
      const t = i - offsets[s];
      bars.instrument[1][i] = s;
      bars.i[1][i] = t;
      bars.change[1][i] = t === 0 ? 0 : columns.close[i] / columns.close[i - 1] - 1;
      bars.z[1][i] = z[t];
      bars.relative[1][i] = relative[t];
      bars.sigma[1][i] = sigma[t];
      for (let k = 0; k < trends; k++) bars[`direction${k}`][1][i] = [0, 1, -1][(packed[t] >> (2 * k)) & 3];
    }
  });
  const shared = ['instrument', 'i', 'change', 'z', 'relative', 'sigma'];
  const signals = {};
  for (const name of shared) {
    const [type, values] = bars[name];
    const long = new values.constructor(rows * trends);
    for (let k = 0; k < trends; k++) long.set(values, k * rows);
    signals[name] = [type, long];
  }
  signals.trend = ['TINYINT', new Int8Array(rows * trends)];
  signals.direction = ['TINYINT', new Int8Array(rows * trends)];
  for (let k = 0; k < trends; k++) {
    signals.trend[1].fill(k, k * rows, (k + 1) * rows);
    signals.direction[1].set(bars[`direction${k}`][1], k * rows);
  }
  return { bars, signals };
}
