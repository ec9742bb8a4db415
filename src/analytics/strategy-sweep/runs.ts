import type { Table } from '../../core/columns.js';
import { MICROS } from './rules.js';

/** Sums of a run that take two words, in micro-quote or in 10^-6 of capital and their products. */
export const SUMS = [
  ...(['equity', 'turnover', 'fees', 'spread', 'impact', 'funding', 'profit', 'loss', 'fall'] as const),
  ...(['total', 'squares', 'downside', 'lagged'] as const),
] as const;
/** What takes one. */
export const COUNTS = ['position', 'fills', 'trades', 'wins', 'exposure', 'status'] as const;

/** Words of a run, as the shader writes them. */
export const RUN_WORDS = 2 * SUMS.length + COUNTS.length;

export type RunField = (typeof SUMS)[number] | (typeof COUNTS)[number];
/** One integer a run and field, runs by instrument and then trial. */
export type RunColumns = Readonly<Record<RunField, Float64Array>>;

export const runColumns = (rows: number): RunColumns =>
  Object.fromEntries([...SUMS, ...COUNTS].map((name) => [name, new Float64Array(rows)])) as RunColumns;

/** What a table of runs needs to know of an instrument. */
export interface RunLabels {
  readonly instrument: number;
  readonly bars: number;
  readonly periods: number;
  /** When its last bar is known. */
  readonly available: number;
  readonly lot: { readonly num: number; readonly den: number };
}

/** The table `runs`: money in quote currency, one division from the integers. */
export function runTable(
  labels: readonly RunLabels[],
  first: number,
  trials: number,
  runs: RunColumns,
): Table {
  const rows = labels.length * trials;
  const quote = (name: RunField): Float64Array => runs[name].map((value) => value / MICROS);
  const count = (name: RunField): Uint32Array => Uint32Array.from(runs[name]);
  const instrument = new Uint32Array(rows);
  const trial = new Float64Array(rows);
  const bars = new Uint32Array(rows);
  const periods = new Uint32Array(rows);
  const available = new Float64Array(rows);
  const position = new Float64Array(rows);
  labels.forEach((label, i) => {
    const [from, to] = [i * trials, (i + 1) * trials];
    instrument.fill(label.instrument, from, to);
    bars.fill(label.bars, from, to);
    periods.fill(label.periods, from, to);
    available.fill(label.available, from, to);
    for (let n = 0; n < trials; n++) {
      trial[from + n] = first + n;
      position[from + n] = (runs.position[from + n]! * label.lot.num) / label.lot.den;
    }
  });
  return {
    rows,
    columns: {
      ...{ instrument, trial, bars, periods, available_at: available },
      equity: quote('equity'),
      turnover: quote('turnover'),
      fees: quote('fees'),
      spread_cost: quote('spread'),
      impact_cost: quote('impact'),
      funding: quote('funding'),
      gross_profit: quote('profit'),
      gross_loss: quote('loss'),
      largest_fall: quote('fall'),
      return_sum: runs.total,
      return_squares: runs.squares,
      downside_squares: runs.downside,
      lagged_products: runs.lagged,
      fills: count('fills'),
      trades: count('trades'),
      wins: count('wins'),
      exposure_bars: count('exposure'),
      open_position: position,
      status: runs.status,
    },
  };
}
