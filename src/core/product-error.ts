const SPLIT = 134217729; // 2^27 + 1: Veltkamp's splitter for 53-bit significands

/** a · b - fl(a · b), exactly (Dekker 1971): with the product itself, the product in full. */
export function productError(a: number, b: number, product: number): number {
  const ca = SPLIT * a;
  const aHigh = ca - (ca - a);
  const aLow = a - aHigh;
  const cb = SPLIT * b;
  const bHigh = cb - (cb - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}
