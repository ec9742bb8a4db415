import { POW10 } from './number-encoder.js';
import type { TradeStage } from './stage-trades.js';

const SAFE = 2 ** 53;

/**
 * Rows of instrument `s` that repeat an earlier one of `rows`: same trade id (or hash of it), time, side, price
 * and size. One hash table, linear whatever the ids are.
 */
export function repeatedRows(stage: TradeStage, s: number, rows: Uint32Array): number[] {
  const { staging } = stage;
  const out: number[] = [];
  for (const name of ['seq', 'key'] as const) {
    if (name === 'key' ? !staging.hasKey : !staging.hasSeq) continue;
    const ids = new Float64Array(rows.length);
    let rising = true;
    for (let i = 0; i < rows.length; i++) {
      const id = staging.getOptional(name, rows[i]!);
      // beyond 2^53 the number is rounded, and the hash tells
      ids[i] = id >= 0 && id <= Number.MAX_SAFE_INTEGER ? id + 1 : 0;
      if (i > 0 && !(ids[i]! > ids[i - 1]!)) rising = false;
    }
    if (!rising) findRepeats(stage, s, rows, ids, out);
  }
  return out;
}

function findRepeats(
  stage: TradeStage,
  s: number,
  rows: Uint32Array,
  ids: Float64Array,
  out: number[],
): void {
  const n = rows.length;
  const time = new Float64Array(n);
  const side = new Uint8Array(n);
  const tick = new Float64Array(n);
  const lots = new Float64Array(n);
  const priceScale = stage.price.scale[s]!;
  const sizeScale = stage.size.scale[s]!;
  for (let i = 0; i < n; i++) {
    const row = rows[i]!;
    const meta = stage.staging.get('meta', row);
    time[i] = stage.staging.get('time', row);
    side[i] = meta & 3;
    tick[i] = stage.staging.get('price', row) * POW10[priceScale - ((meta >> 2) & 31)]!;
    lots[i] = stage.staging.get('size', row) * POW10[sizeScale - (meta >> 7)]!;
  }
  const same = (i: number, j: number): boolean =>
    ids[i] === ids[j] &&
    time[i] === time[j] &&
    side[i] === side[j] &&
    tick[i] === tick[j] &&
    lots[i] === lots[j] &&
    (lots[i]! < SAFE || stage.exactLots(rows[i]!, s) === stage.exactLots(rows[j]!, s));
  // half full at most; places hold index + 1
  const mask = 2 ** Math.ceil(Math.log2(n * 2 + 2)) - 1;
  const table = new Int32Array(mask + 1);
  for (let i = 0; i < n; i++) {
    if (ids[i] === 0) continue;
    let at = mixed(ids[i]!, time[i]!, tick[i]! * 4 + side[i]!, lots[i]!) & mask;
    while (table[at] !== 0 && !same(i, table[at]! - 1)) at = (at + 1) & mask;
    if (table[at] === 0) table[at] = i + 1;
    else out.push(rows[i]!);
  }
}

/** 32 bits that depend on all bits of four integers. */
function mixed(a: number, b: number, c: number, d: number): number {
  let h = 0x9e3779b9;
  h = mix(mix(h, a), a / 4294967296);
  h = mix(mix(h, b), b / 4294967296);
  h = mix(mix(h, c), c / 4294967296);
  h = mix(mix(h, d), d / 4294967296);
  return h ^ (h >>> 16);
}

const mix = (h: number, value: number): number => {
  const x = Math.imul(h ^ (value | 0), 0x85ebca6b);
  return Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
};
