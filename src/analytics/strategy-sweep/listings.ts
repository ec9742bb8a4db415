import type { Table } from '../../core/columns.js';
import type { Listed, Series } from './bars.js';
import { MICROS } from './rules.js';
import { REASONS } from './states.js';

/** Words of a listed fill, as the shader writes it; sums take two. */
export const FILL_WORDS = 18;
export const FILL_FIELDS = ['bar', 'decided', 'reason', 'side', 'lots', 'price', 'tier', 'position'] as const;
export const FILL_SUMS = ['value', 'spread', 'impact', 'fee', 'trailing'] as const;
export type FillField = (typeof FILL_FIELDS)[number] | (typeof FILL_SUMS)[number];

/** Fills of several runs: values by field, growing, and the run of each. */
export type FillRows = Readonly<Record<FillField | 'run' | 'number', number[]>>;

export const fillRows = (): FillRows =>
  Object.fromEntries(
    [...FILL_FIELDS, ...FILL_SUMS, 'run', 'number'].map((name) => [name, [] as number[]]),
  ) as unknown as FillRows;

/** The table `trades`: a row a fill. */
export function fillTable(listed: readonly Listed[], first: number, trials: number, rows: FillRows): Table {
  const n = rows.run.length;
  const of = (run: number): Listed => listed[Math.floor(run / trials)]!;
  const map = (value: (at: Listed, i: number) => number): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => value(of(rows.run[i]!), i));
  const quote = (name: FillField): Float64Array => map((_, i) => rows[name][i]! / MICROS);
  const resting = (reason: number): boolean => reason === REASONS.stop || reason === REASONS.target;
  return {
    rows: n,
    columns: {
      instrument: Uint32Array.from(rows.run, (run) => of(run).instrument),
      trial: Float64Array.from(rows.run, (run) => first + (run % trials)),
      fill: Float64Array.from(rows.number),
      time: map(({ bars }, i) => bars.time[rows.bar[i]!]!),
      // stops and targets rest at the venue since the open that filled the entry
      decided_at: map(({ bars }, i) =>
        resting(rows.reason[i]!) ? bars.time[rows.decided[i]!]! : bars.available[rows.decided[i]!]!,
      ),
      reason: Float64Array.from(rows.reason),
      side: Float64Array.from(rows.side),
      quantity: map(({ lot }, i) => (rows.lots[i]! * lot.num) / lot.den),
      position: map(({ lot }, i) => (rows.position[i]! * lot.num) / lot.den),
      price: map(({ tick }, i) => (rows.price[i]! * tick.num) / tick.den),
      value: quote('value'),
      spread_cost: quote('spread'),
      impact_cost: quote('impact'),
      fee: quote('fee'),
      tier: Float64Array.from(rows.tier),
      trailing: quote('trailing'),
      available_at: map(({ bars }, i) => bars.available[rows.bar[i]!]!),
    },
  };
}

/** The table `equity`: a row a run and bar, values run by run. */
export function equityTable(
  listed: readonly Listed[],
  first: number,
  trials: number,
  equity: Float64Array,
  position: Float64Array,
): Table {
  const columns = seriesKeys(listed, first, trials, ({ bars }) => bars);
  return {
    rows: equity.length,
    columns: {
      ...columns,
      equity: equity.map((value) => value / MICROS),
      position: sizes(listed, trials, position),
    },
  };
}

/** The table `periods`: a row a run and period, known with the period's last bar. */
export function periodTable(
  listed: readonly Listed[],
  first: number,
  trials: number,
  profit: Float64Array,
): Table {
  const columns = seriesKeys(listed, first, trials, ({ bars }) => bars.periods);
  return { rows: profit.length, columns: { ...columns, profit_micros: profit } };
}

/** Keys of a row a run and bar or period. */
function seriesKeys(
  listed: readonly Listed[],
  first: number,
  trials: number,
  seriesOf: (at: Listed) => Series,
) {
  const rows = listed.reduce((sum, at) => sum + trials * seriesOf(at).time.length, 0);
  const columns = {
    instrument: new Uint32Array(rows),
    trial: new Float64Array(rows),
    time: new Float64Array(rows),
    available_at: new Float64Array(rows),
  };
  let row = 0;
  for (const at of listed) {
    const { time, available } = seriesOf(at);
    for (let n = 0; n < trials; n++, row += time.length) {
      columns.instrument.fill(at.instrument, row, row + time.length);
      columns.trial.fill(first + n, row, row + time.length);
      columns.time.set(time, row);
      columns.available_at.set(available, row);
    }
  }
  return columns;
}

/** Order lots of every run and bar as sizes. */
function sizes(listed: readonly Listed[], trials: number, lots: Float64Array): Float64Array {
  const out = new Float64Array(lots.length);
  let row = 0;
  for (const { bars, lot } of listed)
    for (const end = row + trials * bars.count; row < end; row++) out[row] = (lots[row]! * lot.num) / lot.den;
  return out;
}
