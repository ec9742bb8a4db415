/**
 * First index in (from, end) whose value is at least `limit`, else `end`. Values ascend and values[from] lies below
 * the limit. Steps double before the bisection, so that a near answer costs no look across a long column.
 */
export function firstAtOrAfter(values: Uint32Array, from: number, end: number, limit: number): number {
  let before = from;
  let step = 1;
  let after = from + 1;
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
