import { checkSameLength } from './check-same-length.js';

/** The rows where neither series is null. */
export interface Pairs {
  readonly n: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Row of each pair in the series. */
  readonly row: Uint32Array;
}

/** Pairwise-complete rows of two equally long series, in order. */
export function completePairs(x: Float64Array, y: Float64Array): Pairs {
  checkSameLength('second series', y.length, x.length);
  const out = {
    x: new Float64Array(x.length),
    y: new Float64Array(x.length),
    row: new Uint32Array(x.length),
  };
  let n = 0;
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]!) || Number.isNaN(y[i]!)) continue;
    out.x[n] = x[i]!;
    out.y[n] = y[i]!;
    out.row[n++] = i;
  }
  return { n, x: out.x.subarray(0, n), y: out.y.subarray(0, n), row: out.row.subarray(0, n) };
}
