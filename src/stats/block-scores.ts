import { sampleMoments } from './sample-moments.js';

/** How a trial is scored over a set of rows. */
export type Measure = 'sharpe' | 'mean';

/** Scores every trial over the union of some blocks of rows, given as a bit mask; a null score has no variance. */
export type BlockScorer = (mask: number, out: Float64Array) => void;

/**
 * Rows are cut into `blocks` blocks of equal length, or one row apart where that does not divide; block sums of returns
 * and of squares are made once, so that a score costs one addition per trial and block whatever the rows. Returns are
 * taken about each trial's own mean, or squares would drown the variance.
 */
export function blockScores(
  columns: readonly Float64Array[],
  rows: number,
  blocks: number,
  measure: Measure,
): BlockScorer {
  const n = columns.length;
  const centre = Float64Array.from(columns, (column) => sampleMoments(column).mean);
  const cut = Array.from({ length: blocks + 1 }, (_, b) => Math.floor((b * rows) / blocks));
  const sums = Array.from({ length: blocks }, () => new Float64Array(n));
  const squares = Array.from({ length: blocks }, () => new Float64Array(n));
  columns.forEach((column, i) => {
    for (let b = 0; b < blocks; b++) {
      let sum = 0;
      let square = 0;
      for (let t = cut[b]!; t < cut[b + 1]!; t++) {
        const d = column[t]! - centre[i]!;
        sum += d;
        square += d * d;
      }
      sums[b]![i] = sum;
      squares[b]![i] = square;
    }
  });

  const sum = new Float64Array(n);
  const square = new Float64Array(n);
  return (mask, out) => {
    sum.fill(0);
    square.fill(0);
    let count = 0;
    for (let b = 0; b < blocks; b++) {
      if (((mask >>> b) & 1) === 0) continue;
      count += cut[b + 1]! - cut[b]!;
      add(sum, sums[b]!);
      if (measure === 'sharpe') add(square, squares[b]!);
    }
    if (measure === 'mean') for (let i = 0; i < n; i++) out[i] = centre[i]! + sum[i]! / count;
    else sharpes(centre, sum, square, count, out);
  };
}

function add(total: Float64Array, part: Float64Array): void {
  for (let i = 0; i < total.length; i++) total[i] = total[i]! + part[i]!;
}

function sharpes(
  centre: Float64Array,
  sum: Float64Array,
  square: Float64Array,
  count: number,
  out: Float64Array,
): void {
  // squares that differ from those of a constant by less are rounding: a trial flat in these rows has no variance
  const rounding = 1 - count * Number.EPSILON;
  for (let i = 0; i < out.length; i++) {
    const constant = (sum[i]! * sum[i]!) / count;
    const variance = (square[i]! - constant) / (count - 1);
    out[i] =
      constant < square[i]! * rounding ? (centre[i]! + sum[i]! / count) / Math.sqrt(variance) : Number.NaN;
  }
}
