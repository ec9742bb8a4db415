import type { Tile, TileResult } from '../../core/analytic.js';
import type { Frame } from '../../core/columns.js';
import { instrumentsWithRows, longestSeries } from '../../core/panel-rows.js';
import { correlationSums, setSums } from '../../stats/correlation-columns.js';
import { centre, lagTable, type PairSums, pairScratch, pairSums, sumCentred } from '../../stats/pair-sums.js';
import { centredRanks, imbalances, type Overlap, overlap } from './series.js';

/** Every pair of instruments, once for the imbalances and once for their ranks. */
export function reference(tile: Tile, params: { readonly hacLags: number | undefined }): TileResult {
  const frame = tile.inputs.panel!;
  const all = instrumentsWithRows(frame);
  // 0 for none, not -0
  const pairs = Math.max(0, (all.length * (all.length - 1)) / 2);
  const columns = {
    ...{ instrument: new Uint32Array(pairs), other: new Uint32Array(pairs) },
    available_at: new Float64Array(pairs),
    ...correlationSums(pairs),
  };
  const available = frame.columns.available_at as Float64Array;
  const values = imbalances(frame);
  const add = pairSummer(frame, values, params.hacLags);
  const addRanks = pairSummer(frame, centredRanks(frame, values), params.hacLags);
  let pair = 0;
  for (const a of all)
    for (const b of all) {
      if (b <= a) continue;
      columns.instrument[pair] = a;
      columns.other[pair] = b;
      columns.available_at[pair] = Math.max(
        available[frame.offsets[a + 1]! - 1]!,
        available[frame.offsets[b + 1]! - 1]!,
      );
      setSums(columns, '', pair, add(a, b));
      setSums(columns, 'rank_', pair, addRanks(a, b));
      pair++;
    }
  return { outputs: { pairs: { rows: pairs, columns } } };
}

/** Sums of any two series; those without nulls are centred once, not again in every pair. */
function pairSummer(
  frame: Frame,
  values: Float64Array,
  given: number | undefined,
): (a: number, b: number) => PairSums {
  const { offsets, instruments } = frame;
  const rows = instruments.map((_, s) => offsets[s + 1]! - offsets[s]!);
  const most = longestSeries(frame);
  const lags = lagTable(most, given);
  const scratch = pairScratch(most);
  const sums: PairSums = { n: 0, xx: 0, yy: 0, xy: 0, windows: 0 };
  const at: Overlap = { x: 0, y: 0, rows: 0 };
  const centred = rows.map((n, s) => {
    const series = values.slice(offsets[s]!, offsets[s]! + n);
    if (series.some(Number.isNaN)) return undefined;
    centre(series);
    return series;
  });
  return (a, b) => {
    overlap(frame, a, b, at);
    const x = centred[a];
    const y = centred[b];
    if (x && y && at.rows === rows[a] && at.rows === rows[b]) {
      sums.n = at.rows;
      sumCentred(x, y, at.rows, lags[at.rows]!, scratch.influence, sums);
    } else pairSums(values, at.x, values, at.y, at.rows, lags, scratch, sums);
    return sums;
  };
}
