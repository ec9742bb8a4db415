import type { Tile, TileResult } from '../../core/analytic.js';
import type { Table } from '../../core/columns.js';
import { instrumentCodes, instrumentsWithRows, lotsToSizes } from '../../core/panel-rows.js';
import { pairLags } from '../../stats/pair-sums.js';
import { twoSidedP } from '../../stats/two-sided-p.js';
import type { Params } from './rules.js';
import { INTEGRATED, NEXT_BAR, SAME_BAR, type Series, TESTED } from './series.js';

/** What a regression is computed from. */
export interface Sums {
  /** Bars of which x and y are known. */
  n: number;
  xMean: number;
  yMean: number;
  /** Sums of products of deviations from the means. */
  xx: number;
  xy: number;
  yy: number;
  /** Bartlett-weighted sum of products of x·e, e the residuals; 0 unless xx > 0, and of slot SAME_BAR alone. */
  longRun: number;
}

/** Sums of a slot of an instrument. */
export type Summer = (instrument: number, slot: number, out: Sums) => void;

/** All tables of a tile. */
export function tabulate(tile: Tile, params: Params, series: Series, summer: Summer): TileResult {
  return {
    outputs: {
      regression: regressionTable(tile, params, series, summer),
      bars: barTable(tile, series),
      weights: weightTable(params, series),
    },
  };
}

function regressionTable(
  { inputs }: Tile,
  { minRows, hacLags }: Params,
  { flows: { offsets, available, sampled } }: Series,
  summer: Summer,
): Table {
  const { instruments } = inputs.flow!;
  const listed = instrumentsWithRows({ offsets });
  const rows = listed.length;
  const count = (): Uint32Array => new Uint32Array(rows);
  const column = (): Float64Array => new Float64Array(rows).fill(Number.NaN);
  const columns = {
    ...{ instrument: Uint32Array.from(listed), n: count(), lags: count() },
    ...{ alpha: column(), beta: column(), beta_error: column(), t: column(), p: column() },
    ...{ r2_contemporaneous: column(), n_ahead: count(), r2_predictive: column() },
    ...{ n_tested: count(), r2_contemporaneous_tested: column() },
    ...{ integrated_beta: column(), r2_contemporaneous_integrated: column() },
    ...{ sampled: count(), available_at: column() },
  };
  const sums: Sums = { n: 0, xMean: 0, yMean: 0, xx: 0, xy: 0, yy: 0, longRun: 0 };
  /** Whether a slot has enough bars and a flow that varies; its sums are then in `sums`. */
  const determined = (s: number, slot: number, counts: Uint32Array, row: number): boolean => {
    summer(s, slot, sums);
    counts[row] = sums.n;
    return sums.n >= minRows && sums.xx > 0;
  };
  listed.forEach((s, row) => {
    const last = offsets[s + 1]! - 1;
    columns.available_at[row] = available[last]!;
    columns.sampled[row] = sampled[last]!;
    if (determined(s, SAME_BAR, columns.n, row)) {
      const { lot } = instruments[s]!;
      const size = lot.coef / 10 ** lot.scale;
      const slope = sums.xy / sums.xx;
      const error = Math.sqrt(sums.longRun) / sums.xx;
      columns.alpha[row] = sums.yMean - slope * sums.xMean;
      columns.beta[row] = slope / size;
      columns.beta_error[row] = error / size;
      if (error > 0) columns.t[row] = slope / error;
      columns.p[row] = twoSidedP(columns.t[row]!);
      columns.r2_contemporaneous[row] = rSquared(sums);
    }
    columns.lags[row] = pairLags(columns.n[row]!, hacLags);
    if (determined(s, NEXT_BAR, columns.n_ahead, row)) columns.r2_predictive[row] = rSquared(sums);
    if (determined(s, TESTED, columns.n_tested, row)) columns.r2_contemporaneous_tested[row] = rSquared(sums);
    if (determined(s, INTEGRATED, columns.n_tested, row)) {
      columns.integrated_beta[row] = sums.xy / sums.xx;
      columns.r2_contemporaneous_integrated[row] = rSquared(sums);
    }
  });
  return { rows, columns };
}

/** Share of the sum of squares that is explained, kept from passing its end by rounding. Null for a constant y. */
const rSquared = ({ xx, xy, yy }: Sums): number => (yy > 0 ? Math.min(1, ((xy / xx) * xy) / yy) : Number.NaN);

function barTable({ inputs }: Tile, { flows, integrated }: Series): Table {
  const { bars: rows, offsets, time, available } = flows;
  const instrument = instrumentCodes({ offsets, rows });
  const depth = flows.depth.slice();
  lotsToSizes({ instruments: inputs.flow!.instruments, offsets }, depth);
  const columns = { instrument, time, depth, integrated: integrated.values, available_at: available };
  return { rows, columns };
}

/** Of instruments that have weights. */
function weightTable({ levels }: Params, { flows, integrated }: Series): Table {
  const { weights, share, lastTrained } = integrated;
  const trained = [...share.keys()].filter((s) => !Number.isNaN(share[s]!));
  const rows = trained.length * levels;
  const columns = {
    ...{ instrument: new Uint32Array(rows), level: new Uint32Array(rows), weight: new Float64Array(rows) },
    ...{ share: new Float64Array(rows), available_at: new Float64Array(rows) },
  };
  trained.forEach((s, i) => {
    for (let m = 0; m < levels; m++) {
      const row = i * levels + m;
      columns.instrument[row] = s;
      columns.level[row] = m + 1;
      columns.weight[row] = weights[s * levels + m]!;
      columns.share[row] = share[s]!;
      columns.available_at[row] = flows.available[lastTrained[s]!]!;
    }
  });
  return { rows, columns };
}
