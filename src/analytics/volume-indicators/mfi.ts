import type { Params } from './parameters.js';
import { windowSum } from './window-sum.js';

/** Scratch of an instrument's bars. */
export interface FlowSums {
  readonly up: Float64Array;
  readonly down: Float64Array;
  readonly upSum: Float64Array;
  readonly downSum: Float64Array;
}

/**
 * Money flow index 100 P / (P + N), which is 100 - 100 / (1 + P / N): P and N are the sums of typical price · volume of
 * `period` bars whose typical price rose, or fell, against the last bar that had one. A bar without a price, and one of
 * equal price, flows neither way. N = 0 < P gives 100; both 0 give `mfiBothZero`. In [0, 100] to the bit. Null before there
 * are `period` changes. Error: below (period + 4) · 2^-52, relative.
 */
export function mfi(
  typical: Float64Array,
  volume: Float64Array,
  { mfiPeriod: period, mfiBothZero }: Pick<Params, 'mfiPeriod' | 'mfiBothZero'>,
  suffix: Float64Array,
  { up, down, upSum, downSum }: FlowSums,
  out: Float64Array,
): void {
  const bars = volume.length;
  const bothZero = mfiBothZero === 'null' ? Number.NaN : Number(mfiBothZero);
  let first = 0;
  while (first < bars && Number.isNaN(typical[first])) first++;
  first++;
  let before = typical[first - 1]!;
  let changes = 0;
  for (let i = first; i < bars; i++) {
    const price = typical[i]!;
    const flow = price * volume[i]!;
    up[changes] = price > before ? flow : 0;
    down[changes] = price < before ? flow : 0;
    changes++;
    if (!Number.isNaN(price)) before = price;
  }
  windowSum(up, changes, period, suffix, upSum);
  windowSum(down, changes, period, suffix, downSum);
  out.fill(Number.NaN, 0, first);
  for (let i = 0; i < changes; i++) {
    const p = upSum[i]!;
    const total = p + downSum[i]!;
    // the ratio first: it stays in [0, 1]; a null total is neither
    out[first + i] = total > 0 ? 100 * (p / total) : total <= 0 ? bothZero : Number.NaN;
  }
}
