import { KINDS, type KindName } from '../core/kinds.js';
import type { Block, BlockColumn } from './block.js';

const DUPLICATE = 1;
const CONFLICT = 2;

/**
 * Rows of a sorted block that repeat an earlier one of the same time: 1 for a duplicate, 2 for a conflict (same name,
 * other values; see `Kind.unique`), 0 for every other row; undefined if there is none. The first one stays.
 */
export function repeats(kind: KindName, block: Block): Uint8Array | undefined {
  const { unique } = KINDS[kind];
  const out = new Uint8Array(block.rows);
  let found = false;
  const mark = (row: number, code: number): void => {
    out[row] = code;
    found = true;
  };
  if (unique) {
    const named = namedColumns(block, unique);
    const all = [...block.columns].filter(([name]) => name !== 'recv_ts').map(([, column]) => column);
    eachGroup(block, false, (from, to) =>
      repeatsIn(from, to, named, (row, first) => mark(row, same(all, row, first) ? DUPLICATE : CONFLICT)),
    );
  } else if (kind === 'trades') {
    const content = namedColumns(block, ['side', 'price', 'size']);
    if (block.seq)
      eachGroup(block, true, (from, to) => repeatsIn(from, to, content, (row) => mark(row, DUPLICATE)));
    const ids = block.columns.get('trade_id');
    if (ids) {
      const named = [ids, ...content];
      eachGroup(block, false, (from, to) =>
        repeatsIn(from, to, named, (row) => {
          if ((ids as (string | null)[])[row] !== null) mark(row, DUPLICATE);
        }),
      );
    }
  } else if (block.seq) {
    const all = [...block.columns].filter(([name]) => name !== 'recv_ts').map(([, column]) => column);
    eachGroup(block, true, (from, to) => repeatsIn(from, to, all, (row) => mark(row, DUPLICATE)));
  }
  return found ? out : undefined;
}

const namedColumns = (block: Block, names: readonly string[]): BlockColumn[] =>
  names.map((name) => block.columns.get(name)).filter((column) => column !== undefined);

/** Calls `group` for each run of two or more rows of one time, and of one seq that is not null where `bySeq`. */
function eachGroup(block: Block, bySeq: boolean, group: (from: number, to: number) => void): void {
  const { ts, seq, rows } = block;
  for (let from = 0; from < rows; ) {
    let to = from + 1;
    // a NaN equals nothing: rows without seq are groups of one
    while (to < rows && ts[to] === ts[from] && (!bySeq || seq![to] === seq![from])) to++;
    if (to - from > 1) group(from, to);
    from = to;
  }
}

let table = new Int32Array(64);

/** Calls `found` for each row of `[from, to)` that equals an earlier one in `columns`. */
function repeatsIn(
  from: number,
  to: number,
  columns: readonly BlockColumn[],
  found: (row: number, first: number) => void,
): void {
  // half full at most; places hold row - from + 1
  const size = 2 ** Math.ceil(Math.log2((to - from) * 2));
  if (table.length < size) table = new Int32Array(size);
  table.fill(0, 0, size);
  for (let row = from; row < to; row++) {
    let at = hashOf(columns, row) & (size - 1);
    while (table[at] !== 0 && !same(columns, row, table[at]! - 1 + from)) at = (at + 1) & (size - 1);
    if (table[at] === 0) table[at] = row - from + 1;
    else found(row, table[at]! - 1 + from);
  }
}

function same(columns: readonly BlockColumn[], a: number, b: number): boolean {
  for (const column of columns) {
    const x = column[a];
    const y = column[b];
    // two nulls are the same
    if (x !== y && !(Number.isNaN(x) && Number.isNaN(y))) return false;
  }
  return true;
}

const one = new Float64Array(1);
const bits = new Int32Array(one.buffer);

function hashOf(columns: readonly BlockColumn[], row: number): number {
  let h = 0x9e3779b9;
  for (const column of columns) {
    const value = column[row]!;
    if (typeof value === 'number') {
      // all bits, or fractions would share one place; NaNs are equal, and so are +0 and -0
      one[0] = Number.isNaN(value) ? 0 : value + 0;
      h = mix(mix(h, bits[0]!), bits[1]!);
    } else if (value !== null) {
      const text = String(value);
      for (let i = 0; i < text.length; i++) h = mix(h, text.charCodeAt(i));
    }
  }
  return h ^ (h >>> 16);
}

const mix = (h: number, value: number): number => {
  const x = Math.imul(h ^ value, 0x85ebca6b);
  return Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
};
