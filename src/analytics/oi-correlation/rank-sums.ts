import type { Frame } from '../../core/columns.js';
import { instrumentsWithRows, longestSeries } from '../../core/panel-rows.js';
import { ascending } from '../../stats/ascending.js';
import { type CorrelationSums, setSums } from '../../stats/correlation-columns.js';
import { lagTable, type PairSums, pairScratch, sumCentred } from '../../stats/pair-sums.js';
import { shifted } from './lagged.js';

/** A pair that is not complete has no place. */
const NONE = -1;

/**
 * Sums of the average ranks at every lag. Each lag has other pairs, and so other ranks: they are made on the host, and
 * summed there, as sending them would cost more. A series is sorted once; a lag walks through that order.
 */
export function addRankSums(
  frame: Frame,
  { x, y }: { readonly x: Float64Array; readonly y: Float64Array },
  maxLag: number,
  hacLags: number | undefined,
  columns: CorrelationSums,
): void {
  const most = longestSeries(frame);
  const lags = lagTable(most, hacLags);
  const scratch = pairScratch(most);
  const place = new Int32Array(most);
  const order = new Uint32Array(most);
  const sums: PairSums = { n: 0, xx: 0, yy: 0, xy: 0, windows: 0 };
  let row = 0;
  for (const s of instrumentsWithRows(frame)) {
    const [from, to] = [frame.offsets[s]!, frame.offsets[s + 1]!];
    const [xs, ys] = [x.subarray(from, to), y.subarray(from, to)];
    const [xOrder, yOrder] = [ascending(xs), ascending(ys)];
    for (let lag = -maxLag; lag <= maxLag; lag++) {
      const { x: first, rows } = shifted(0, to - from, lag);
      sums.n = placePairs(xs, ys, first, lag, rows, place);
      rankPairs(xs, xOrder, first, sums.n, rows, place, order, scratch.x);
      rankPairs(ys, yOrder, first + lag, sums.n, rows, place, order, scratch.y);
      sumCentred(scratch.x, scratch.y, sums.n, lags[sums.n]!, scratch.influence, sums);
      setSums(columns, 'rank_', row++, sums);
    }
  }
}

/** Numbers the complete pairs among `rows` and counts them. */
function placePairs(
  xs: Float64Array,
  ys: Float64Array,
  first: number,
  lag: number,
  rows: number,
  place: Int32Array,
): number {
  let n = 0;
  for (let i = 0; i < rows; i++) {
    const complete = !Number.isNaN(xs[first + i]!) && !Number.isNaN(ys[first + i + lag]!);
    place[i] = complete ? n++ : NONE;
  }
  return n;
}

/** Twice the average ranks about their mean, integers, of the n placed values, which begin at `first`. */
function rankPairs(
  values: Float64Array,
  sorted: Uint32Array,
  first: number,
  n: number,
  rows: number,
  place: Int32Array,
  order: Uint32Array,
  ranks: Float64Array,
): void {
  let from = 0;
  let to = 0;
  let level = Number.NaN;
  for (let i = 0; i < sorted.length; i++) {
    const at = sorted[i]! - first;
    if (at < 0 || at >= rows || place[at] === NONE) continue;
    const value = values[first + at]!;
    if (value !== level) {
      shareRank(from, to, n, order, ranks);
      from = to;
      level = value;
    }
    order[to++] = place[at]!;
  }
  shareRank(from, to, n, order, ranks);
}

/** Ranks from + 1 … to are shared by all that have them: twice their average, less n + 1, is from + to - n. */
function shareRank(from: number, to: number, n: number, order: Uint32Array, ranks: Float64Array): void {
  for (let i = from; i < to; i++) ranks[order[i]!] = from + to - n;
}
