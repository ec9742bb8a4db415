/**
 * Every way to split `blocks` (even) blocks into two halves, once each: the half that contains block 0, as a bit mask.
 * ½·C(blocks, blocks/2) masks in ascending order.
 */
export function balancedHalves(blocks: number): Uint32Array {
  const masks: number[] = [];
  for (let mask = 1; mask < 2 ** blocks; mask += 2) if (bitCount(mask) === blocks / 2) masks.push(mask);
  return Uint32Array.from(masks);
}

function bitCount(mask: number): number {
  let bits = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) bits++;
  return bits;
}
