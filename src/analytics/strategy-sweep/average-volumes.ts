import { type BarColumns, MOST_WORD } from './layout.js';
import type { Params } from './params.js';
import { Z_UNIT } from './rules.js';

/** √V of the impact is in 2^-5. */
const ROOT_UNIT = 32;

/**
 * Volume against the mean of the `volumeBars` observed bars before it, in 2^-10; the mean with the bar itself, as its
 * root and as the largest order it allows; the largest fill the bar's own volume allows. In order lots, `lots` to a
 * lot of the data. An empty bar counts as 0, a bar that was not observed not at all.
 */
export function averageVolumes(
  columns: BarColumns,
  volume: Float64Array,
  lots: number,
  params: Params,
): void {
  const { volumeBars: bars, participation } = params;
  const ring = new Float64Array(bars);
  const whole = (x: number): number => Math.min(MOST_WORD, Math.floor(x));
  let values = 0;
  let sum = 0;
  for (let t = 0; t < volume.length; t++) {
    const v = volume[t]!;
    if (!Number.isNaN(v)) {
      const slot = values % bars;
      if (values >= bars && sum > 0)
        columns.relative[t] = Math.min(MOST_WORD, Math.round((v * bars * Z_UNIT) / sum));
      sum += v - ring[slot]!;
      ring[slot] = v;
      values++;
      columns.mostFill[t] = whole(participation * v * lots);
    }
    const mean = values === 0 ? 0 : (sum / Math.min(values, bars)) * lots;
    columns.root[t] = Math.min(MOST_WORD, Math.round(Math.sqrt(mean) * ROOT_UNIT));
    columns.mostOrder[t] = whole(participation * mean);
  }
}
