import { createRandom } from '../../../dist/core/random.js';
import { lagForms as inPolars, leanForms } from './lag-correlation-polars.mjs';
import { lagForms as inSql } from './lag-correlation-sql.mjs';
import { panelFrame } from './panel-frame.mjs';

const [INSTRUMENTS, BARS, MOST_LAG] = [1000, 1440, 30];
const LAGS = 2 * MOST_LAG + 1;
/** As far from 0 as the lags are on average, so that a lag of these has as many pairs. */
const PART = [-23, 0, 23];

/** Lead and lag correlation of volume imbalance with changes of open interest. */
export async function lagCorrelation({ scale, duck, polars }) {
  const panel = panelFrame(Math.ceil(INSTRUMENTS * scale), BARS, 60e6);
  const oi = oiFrame(panel);
  const series = seriesOf(panel, oi);
  // the first bar has no change
  const rows = BARS - 1;
  await duck.table('series', series);
  const lazy = polars?.frame(series);
  const part = {
    share: PART.length / LAGS,
    keep: ({ lag }, i) => PART.includes(lag[i]),
    note: `${PART.length} of ${LAGS} lags, time × ${LAGS}/${PART.length}`,
  };
  const some = (forms, contestant) =>
    Object.entries(forms).map(([name, tables]) => ({ ...contestant(name, tables), part }));
  return {
    inputs: { panel, oi },
    rows: panel.rows * LAGS,
    unit: 'pairs',
    reads: ['time', 'available_at', 'close', 'volume', 'buy_volume', 'sell_volume', 'unknown_volume', 'oi'],
    sections: [
      {
        title: `oi-correlation: ${panel.instruments.length.toLocaleString('en')} instruments × ${BARS.toLocaleString('en')} bars × ${LAGS} lags`,
        notes:
          'Peers are given imbalance and Δln OI of every bar for nothing, and give n, Pearson, Spearman (ranks of the pairs ' +
          'of each lag) and the HAC errors of both; they leave out intervals, p and q, and treat no nulls. What says ' +
          '"without errors" or "Pearson alone" does less and is not the one to beat.',
        node: ['oi-correlation', { every: '1m', maxLag: MOST_LAG }],
        sampled: 10,
        tables: {
          lags: {
            keys: ['instrument', 'lag'],
            ofLargest: { pearson: 1e-9, spearman: 1e-9, pearson_error: 1e-9, spearman_error: 1e-9 },
          },
        },
        peers: [
          ...some(inSql(rows, PART), duck.contestant),
          ...(lazy ? some(inPolars(polars.pl, lazy, rows, PART), polars.contestant) : []),
          ...(lazy ? lean(polars, lazy, part) : []),
        ],
      },
    ],
  };
}

function lean(polars, series, part) {
  const all = Array.from({ length: LAGS }, (_, l) => l - MOST_LAG);
  const { both, pearson } = leanForms(polars.pl, series, PART, all);
  return [
    { ...polars.contestant('without errors', both), part, who: 'lean' },
    { ...polars.contestant('Pearson alone', pearson), who: 'lean' },
  ];
}

/** An observation a bar, known a second before its end. */
function oiFrame(panel) {
  const random = createRandom(17, 0);
  const time = panel.columns.time.map((start) => start + panel.step - 1e6);
  const oi = new Float64Array(panel.rows);
  let contracts = 1e6;
  for (let i = 0; i < oi.length; i++) {
    contracts = Math.max(1e5, contracts + random.below(1001) - 500);
    oi[i] = contracts;
  }
  return { ...panel, kind: 'oi', columns: { time, available: time, oi, oi_usd: oi } };
}

/** What the peers correlate: imbalance and the change of log open interest, from each instrument's second bar on. */
function seriesOf({ rows, offsets, instruments, columns }, { columns: { oi } }) {
  const count = rows - instruments.length;
  const out = {
    instrument: ['USMALLINT', new Uint16Array(count)],
    i: ['SMALLINT', new Int16Array(count)],
    x: ['DOUBLE', new Float64Array(count)],
    y: ['DOUBLE', new Float64Array(count)],
  };
  const [instrument, place, x, y] = Object.values(out).map(([, array]) => array);
  const { buy_volume: buy, sell_volume: sell } = columns;
  let at = 0;
  instruments.forEach((_, s) => {
    for (let i = offsets[s] + 1; i < offsets[s + 1]; i++, at++) {
      instrument[at] = s;
      place[at] = i - offsets[s];
      x[at] = (buy[i] - sell[i]) / (buy[i] + sell[i]);
      y[at] = Math.log(oi[i] / oi[i - 1]);
    }
  });
  return out;
}
