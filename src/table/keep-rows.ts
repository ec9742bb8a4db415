import { codeOf } from './ledger-book.js';
import { POW10 } from './number-encoder.js';
import { orderRows } from './order.js';
import { repeatedRows } from './repeated-rows.js';
import { reducedValues, rescueScale } from './rescue-scale.js';
import type { TradeStage } from './stage-trades.js';

/** Which staged rows stay, and in what order within their instrument. */
export interface KeptRows {
  /** Reject code by staged row, 0 = kept; undefined if every staged row is kept. */
  readonly drop: Uint8Array | undefined;
  /** Staged rows in order, for instruments that did not come in order. */
  readonly ordered: ReadonlyMap<number, Uint32Array>;
  /** Kept rows by instrument. */
  readonly counts: Uint32Array;
  readonly outOfOrder: number;
}

const WINDOW = 2 ** 31;
const SAFE = 2 ** 53;
/** Bits of an instrument in trouble. */
const PRICE = 1;
const SIZE = 2;

/** Settles what needs the whole input: ranges that overflow, order, duplicates. */
export function keepRows(stage: TradeStage): KeptRows {
  const { staging } = stage;
  const n = stage.symbols.length;
  let drop: Uint8Array | undefined;
  const reject = (row: number, code: number): void => {
    drop ??= new Uint8Array(staging.rows);
    drop[row] = code;
  };
  const troubled = troubledInstruments(stage);
  const special = new Map<number, Uint32Array>();
  for (let s = 0; s < n; s++)
    if (stage.flags[s]! !== 0 || troubled[s]) special.set(s, new Uint32Array(stage.counts[s]!));
  if (special.size > 0) collect(stage, special);
  const counts = Uint32Array.from(stage.counts);
  const ordered = new Map<number, Uint32Array>();
  let outOfOrder = 0;
  for (const [s, all] of special) {
    if (troubled[s]) rescue(stage, s, troubled[s]!, all, reject);
    let rows = drop ? all.filter((row) => drop![row] === 0) : all;
    if (stage.flags[s]! & 1) rows = sorted(stage, rows);
    if (stage.flags[s]! & 2) {
      const duplicate = codeOf('duplicate');
      for (const row of repeatedRows(stage, s, rows)) reject(row, duplicate);
      rows = drop ? rows.filter((row) => drop![row] === 0) : rows;
    }
    counts[s] = rows.length;
    if (stage.flags[s]! & 1) {
      ordered.set(s, rows);
      outOfOrder += lateRows(rows);
    }
  }
  if (drop)
    for (let row = 0; row < staging.rows; row++)
      if (drop[row] !== 0) {
        const origin = staging.origin(row);
        stage.ledger.add(origin.input, origin.row, drop[row]!);
      }
  return { drop, ordered, counts, outOfOrder };
}

/** Chooses scales that keep most rows; then the smallest scales that hold the rows kept. */
function rescue(
  stage: TradeStage,
  s: number,
  trouble: number,
  all: Uint32Array,
  reject: (row: number, code: number) => void,
): void {
  let rows = all;
  for (const [bit, what] of [
    [PRICE, 'price'],
    [SIZE, 'size'],
  ] as const) {
    if ((trouble & bit) === 0) continue;
    const before = rows;
    const out = new Uint8Array(before.length);
    rescueScale(reducedValues(stage.staging, what, before), what, (i, code) => {
      out[i] = 1;
      reject(before[i]!, code);
    });
    // a row that is out has no say in the next scale
    rows = before.filter((_, i) => out[i] === 0);
  }
  for (const what of ['price', 'size'] as const) {
    const values = reducedValues(stage.staging, what, rows);
    let finest = 0;
    for (let i = 0; i < rows.length; i++) {
      if (values.scale[i]! > finest) finest = values.scale[i]!;
      stage.staging.set(what, rows[i]!, values.n[i]!, values.scale[i]!, values.wide.get(i));
    }
    stage[what].scale[s] = finest;
  }
}

/** Instruments whose ticks do not fit one i32 window (PRICE), or whose lots may pass 2^62 (SIZE). */
function troubledInstruments(stage: TradeStage): Uint8Array {
  const n = stage.symbols.length;
  const min = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const max = new Float64Array(n);
  const lots = new Float64Array(n);
  let left = stage.staging.rows;
  for (const chunk of stage.staging.chunks) {
    const end = Math.min(left, chunk.id.length);
    left -= end;
    for (let i = 0; i < end; i++) {
      const s = chunk.id[i]!;
      const meta = chunk.meta[i]!;
      const k = chunk.price[i]! * POW10[stage.price.scale[s]! - ((meta >> 2) & 31)]!;
      const q = chunk.size[i]! * POW10[stage.size.scale[s]! - (meta >> 7)]!;
      if (k < min[s]!) min[s] = k;
      if (k > max[s]!) max[s] = k;
      if (q > lots[s]!) lots[s] = q;
    }
  }
  const out = new Uint8Array(n);
  for (let s = 0; s < n; s++) {
    if (max[s]! - min[s]! >= WINDOW || max[s]! >= SAFE) out[s]! |= PRICE;
    if (lots[s]! >= 2 ** 61) out[s]! |= SIZE;
  }
  return out;
}

/** Fills the lists of staged rows of some instruments. */
function collect(stage: TradeStage, lists: ReadonlyMap<number, Uint32Array>): void {
  const target: (Uint32Array | undefined)[] = stage.symbols.map((_, s) => lists.get(s));
  const filled = new Uint32Array(stage.symbols.length);
  for (let row = 0, c = 0; row < stage.staging.rows; c++) {
    const { id } = stage.staging.chunks[c]!;
    const end = Math.min(stage.staging.rows, row + id.length);
    for (let i = 0; row < end; i++, row++) {
      const list = target[id[i]!];
      if (list) list[filled[id[i]!]!++] = row;
    }
  }
}

function sorted(stage: TradeStage, rows: Uint32Array): Uint32Array {
  const { staging } = stage;
  const n = rows.length;
  const time = new Float64Array(n);
  const seq = staging.hasSeq ? new Float64Array(n) : undefined;
  for (let i = 0; i < n; i++) {
    time[i] = staging.get('time', rows[i]!);
    if (seq) seq[i] = staging.getOptional('seq', rows[i]!);
  }
  const order = orderRows(time, seq);
  for (let i = 0; i < n; i++) order[i] = rows[order[i]!]!;
  return order;
}

/** Kept rows that some row with a later key preceded in the input. */
function lateRows(rows: Uint32Array): number {
  // in key order, a row is late if a row after it came in before it
  let late = 0;
  let earliest = Number.POSITIVE_INFINITY;
  for (let i = rows.length - 1; i >= 0; i--) {
    if (rows[i]! > earliest) late++;
    else earliest = rows[i]!;
  }
  return late;
}
