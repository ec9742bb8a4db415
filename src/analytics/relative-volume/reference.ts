import type { Tile, TileResult } from '../../core/analytic.js';
import type { Frame } from '../../core/columns.js';
import { lotsToSizes } from '../../core/panel-rows.js';
import { SlidingWindow } from '../../core/sliding-window.js';
import { warmedUp } from '../../core/warmed-up.js';
import { zScore } from '../../core/z-score.js';
import { outputColumns, overMean, type VolumeParams } from './columns.js';
import { calendarOf, LANES } from './slots.js';

type Out = ReturnType<typeof outputColumns>;

/** Volume of each bar against the bars before it, and against the same slot of sessions before it. */
export function reference(tile: Tile, params: VolumeParams): TileResult {
  const frame = tile.inputs.panel!;
  const out = outputColumns(frame, params);
  againstBars(frame, params, out);
  againstSessions(frame, params, out);
  return { outputs: { bars: { rows: frame.rows, columns: out } } };
}

/** A window of bars slides over each instrument; a bar that was not observed holds its place in it, and nothing else. */
function againstBars(frame: Frame, params: VolumeParams, out: Out): void {
  const { bars, includeCurrent, minPeriods } = params;
  const volume = frame.columns.volume as Float64Array;
  const window = new SlidingWindow(bars);
  const { moments, sorted } = window;
  const lag = includeCurrent ? 0 : 1;
  for (let s = 0; s < frame.instruments.length; s++) {
    const from = frame.offsets[s]!;
    window.clear();
    for (let i = from; i < frame.offsets[s + 1]!; i++) {
      const enter = i - lag;
      window.slide(volume, from, enter);
      const v = volume[i]!;
      if (!(v >= 0) || !warmedUp(enter - from + 1 >= bars, moments.count, minPeriods)) continue;
      out.rvol[i] = overMean(v, moments.sum, moments.count);
      out.z[i] = zScore(v, moments.count, moments.sum, moments.scatter());
      out.percentile[i] = sorted.rank(v) / (2 * moments.count);
    }
  }
}

/** Session by session: the slots of the sessions in its baseline are added up, then each bar looks at its own. */
function againstSessions(frame: Frame, params: VolumeParams, out: Out): void {
  const { first, key, whole, slot } = calendarOf(frame, params);
  const volume = frame.columns.volume as Float64Array;
  const cumulative = cumulativeVolume(volume, first, whole);
  out.cumulative_volume = cumulative.slice();
  lotsToSizes(frame, out.cumulative_volume);
  let longest = 0;
  for (let i = 0; i < frame.rows; i++) longest = Math.max(longest, slot[i]! + 1);
  const column = (): Float64Array => new Float64Array(longest);
  const [sums, counts, cumulativeSums, cumulativeCounts] = [column(), column(), column(), column()];
  const own = params.baseline === 'include_current' ? 1 : 0;
  let run = 0;
  for (let s = 0; s < frame.instruments.length; s++) {
    const begin = run;
    /** Run of each session key of this instrument. */
    const runs = new Map<number, number>();
    for (; run + 1 < first.length && first[run]! < frame.offsets[s + 1]!; run++) {
      runs.set(key[run]!, run);
      for (const array of [sums, counts, cumulativeSums, cumulativeCounts]) array.fill(0);
      for (let back = 1; back <= params.sessions - own; back++) {
        const prior = runs.get(key[run]! - back * LANES);
        if (prior === undefined) continue;
        for (let i = first[prior]!; i < first[prior + 1]!; i++) {
          const at = slot[i]!;
          if (volume[i]! >= 0) {
            sums[at]! += volume[i]!;
            counts[at]!++;
          }
          if (cumulative[i]! >= 0) {
            cumulativeSums[at]! += cumulative[i]!;
            cumulativeCounts[at]!++;
          }
        }
      }
      const full = key[begin]! <= key[run]! - (params.sessions - own) * LANES;
      for (let i = first[run]!; i < first[run + 1]!; i++) {
        const at = slot[i]!;
        const v = volume[i]!;
        const total = cumulative[i]!;
        if (v >= 0 && warmedUp(full, counts[at]! + own, params.minSessions))
          out.rvol_regular[i] = overMean(v, sums[at]! + own * v, counts[at]! + own);
        if (total >= 0 && warmedUp(full, cumulativeCounts[at]! + own, params.minSessions))
          out.rvol_cumulative[i] = overMean(
            total,
            cumulativeSums[at]! + own * total,
            cumulativeCounts[at]! + own,
          );
      }
    }
  }
}

/** Volume since the session began, null from the first bar on that was not observed. */
function cumulativeVolume(volume: Float64Array, first: Uint32Array, whole: Uint32Array): Float64Array {
  const out = new Float64Array(volume.length);
  for (let run = 0; run + 1 < first.length; run++) {
    let total = whole[run] === 1 ? 0 : Number.NaN;
    for (let i = first[run]!; i < first[run + 1]!; i++) {
      total += volume[i]!;
      out[i] = total;
    }
  }
  return out;
}
