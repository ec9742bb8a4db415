import { checkSameLength } from './check-same-length.js';
import { checkWhole } from './check-whole.js';
import { pearson } from './pearson.js';

/**
 * Correlation over each row and the `window - 1` rows before it; null until the window is full. Every window is
 * computed afresh in two passes, O(rows · window): sums carried along lose their digits at large means.
 */
export function rollingCorrelation(
  x: Float64Array,
  y: Float64Array,
  window = 288,
  measure: (x: Float64Array, y: Float64Array, minPairs?: number) => number = pearson,
): Float64Array {
  checkSameLength('second series', y.length, x.length);
  checkWhole('correlation window', window, 2, 2 ** 31);
  const out = new Float64Array(x.length).fill(Number.NaN);
  for (let end = window; end <= x.length; end++)
    out[end - 1] = measure(x.subarray(end - window, end), y.subarray(end - window, end));
  return out;
}
