/** Positions of the values that are not null, in ascending order of value, equal values in order of position. */
export function ascending(values: Float64Array): Uint32Array {
  let n = 0;
  const order = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) order[n++] = i;
  return order.subarray(0, n).sort((a, b) => values[a]! - values[b]! || a - b);
}
