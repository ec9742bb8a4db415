import type { CellType, KindName } from '../core/kinds.js';
import type { WideValue } from '../table/number-encoder.js';

/** How a cell is held between reading and merging. */
export type Held = 'f64' | 'scaled' | 'codes' | 'text';

export const heldAs: Readonly<Record<CellType, Held>> = {
  time: 'f64',
  count: 'f64',
  f64: 'f64',
  price: 'scaled',
  size: 'scaled',
  side: 'codes',
  flags: 'codes',
  // rare kinds: parsed once, when the partition is written
  money: 'text',
  integer: 'text',
  text: 'text',
};

/** A growing column; a null is NaN or null, a code without value 0. */
export interface HeldColumn {
  readonly held: Held;
  values: Float64Array;
  /** Decimal digits of a scaled value: value = values · 10^-scale. */
  scale: Uint8Array;
  codes: Uint16Array;
  texts: (string | null)[];
  /** Scaled values beyond 2^53 by row; `values` is then Infinity. */
  readonly wide: Map<number, WideValue>;
}

const NO_F64 = new Float64Array(0);
const NO_U8 = new Uint8Array(0);
const NO_U16 = new Uint16Array(0);
const FIRST_CAPACITY = 4096;

/** Encoded rows of one kind in input order, in columns that grow; what a sorted run is made of. */
export class RunBuffer {
  rows = 0;
  id = new Uint32Array(FIRST_CAPACITY);
  ts = new Float64Array(FIRST_CAPACITY);
  source = new Uint32Array(FIRST_CAPACITY);
  record = new Float64Array(FIRST_CAPACITY);
  readonly columns = new Map<string, HeldColumn>();
  #capacity = FIRST_CAPACITY;
  #textColumns = 0;

  constructor(readonly kind: KindName) {}

  /** Characters of all texts held. */
  characters = 0;

  /** Bytes in use; a text takes a reference and two bytes a character at most. */
  get bytes(): number {
    let each = 4 + 8 + 4 + 8;
    for (const { held } of this.columns.values())
      each += held === 'f64' ? 8 : held === 'scaled' ? 9 : held === 'codes' ? 2 : 32;
    return each * this.rows + 2 * this.characters;
  }

  /** The column, made when first needed; rows before are null. */
  column(name: string, held: Held): HeldColumn {
    let column = this.columns.get(name);
    if (column === undefined) {
      const n = this.#capacity;
      column = {
        held,
        values: held === 'f64' || held === 'scaled' ? new Float64Array(n).fill(Number.NaN) : NO_F64,
        scale: held === 'scaled' ? new Uint8Array(n) : NO_U8,
        codes: held === 'codes' ? new Uint16Array(n) : NO_U16,
        texts: held === 'text' ? new Array<string | null>(this.rows).fill(null) : [],
        wide: new Map(),
      };
      if (held === 'text') this.#textColumns++;
      this.columns.set(name, column);
    }
    return column;
  }

  /** Makes room for `more` rows behind the present ones. */
  reserve(more: number): void {
    const needed = this.rows + more;
    if (needed <= this.#capacity) return;
    let capacity = this.#capacity;
    while (capacity < needed) capacity *= 2;
    this.id = grown(new Uint32Array(capacity), this.id);
    this.ts = grown(new Float64Array(capacity), this.ts);
    this.source = grown(new Uint32Array(capacity), this.source);
    this.record = grown(new Float64Array(capacity), this.record);
    for (const column of this.columns.values()) {
      if (column.held === 'f64' || column.held === 'scaled')
        column.values = grown(new Float64Array(capacity).fill(Number.NaN, this.#capacity), column.values);
      if (column.held === 'scaled') column.scale = grown(new Uint8Array(capacity), column.scale);
      if (column.held === 'codes') column.codes = grown(new Uint16Array(capacity), column.codes);
    }
    this.#capacity = capacity;
  }

  /** Forgets the rows, keeps the memory. */
  clear(): void {
    for (const column of this.columns.values()) {
      column.values.fill(Number.NaN, 0, this.rows);
      column.codes.fill(0, 0, this.rows);
      column.texts.length = 0;
      column.wide.clear();
    }
    this.rows = 0;
    this.characters = 0;
  }

  /** After rows `[from, rows)` were added: text columns that got none are null there; texts are counted. */
  padTexts(from: number): void {
    if (this.#textColumns === 0) return;
    for (const { held, texts } of this.columns.values()) {
      if (held !== 'text') continue;
      while (texts.length < this.rows) texts.push(null);
      for (let i = from; i < this.rows; i++) this.characters += texts[i]?.length ?? 0;
    }
  }
}

const grown = <T extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(to: T, from: T): T => {
  to.set(from);
  return to;
};
