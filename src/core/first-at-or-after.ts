/** Values looked at one by one first: short runs are common, and a scan of them mispredicts once. */
const NEAR = 32;

/**
 * First index in (from, end) whose value is at least `limit`, else `end`. Values ascend and values[from] lies below
 * the limit. Beyond the nearest ones steps double before a bisection, so that no answer costs a long scan.
 */
export function firstAtOrAfter(values: Uint32Array, from: number, end: number, limit: number): number {
  const near = Math.min(end, from + NEAR);
  let after = from + 1;
  while (after < near && values[after]! < limit) after++;
  if (after < near || after >= end) return after;
  let before = after - 1;
  let step = 1;
  while (after < end && values[after]! < limit) {
    before = after;
    step *= 2;
    after += step;
  }
  if (after > end) after = end;
  while (after - before > 1) {
    const middle = (before + after) >>> 1;
    if (values[middle]! < limit) before = middle;
    else after = middle;
  }
  return after;
}
