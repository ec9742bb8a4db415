import { NO_INSTRUMENT, type RawColumn, type RawRows } from '../core/importer.js';
import { cellOf } from '../core/kind-cells.js';
import { type CellSpec, KINDS } from '../core/kinds.js';
import type { RawNumbers } from '../core/raw.js';
import { numberOf } from '../core/stamps.js';
import { codeOf } from '../table/ledger-book.js';
import { NumberEncoder, type WideValue } from '../table/number-encoder.js';
import { quietBars } from './quiet-bars.js';
import { CANONICAL, isNull, isZero, textAt } from './raw-cells.js';
import { rejectMessages, sameMessage } from './reject-messages.js';
import { type HeldColumn, heldAs, type RunBuffer } from './run-buffer.js';

/** Stamps a dataset can hold: 1970-01-01 to 2106-02-07, as frames do. */
const MAX_TIME = 2 ** 32 * 1e6;
/** Marks of cells that are not encoded: null, and a zero where zero is a value. */
const NULL = 254;
const ZERO = 253;

const PRICE_CODES = [0, codeOf('bad_price'), codeOf('off_tick'), codeOf('inexact')];
const SIZE_CODES = [0, codeOf('bad_size'), codeOf('off_lot'), codeOf('inexact')];

/** Turns raw rows into integers and numbers, column by column, and appends the good ones to a run buffer. */
export class RowEncoder {
  readonly price = new NumberEncoder();
  readonly size = new NumberEncoder();
  #capacity = 0;
  #ids = new Uint32Array(0);
  #reject = new Uint8Array(0);
  #work = new Uint8Array(0);
  /** Integers and scales of each scaled column of the batch. */
  readonly #scaled = new Map<string, { readonly n: Float64Array; readonly scale: Uint8Array }>();
  #good = new Uint32Array(0);

  /**
   * Appends the good rows of `raw`; `rejected` is told the others with their ledger code. `ids` maps the batch's
   * instruments to the import's. Returns the rows kept.
   */
  append(
    buffer: RunBuffer,
    raw: RawRows,
    ids: ArrayLike<number>,
    source: number,
    rejected: (row: number, code: number) => void,
  ): number {
    const { rows } = raw;
    this.#reserve(rows);
    this.#check(raw, ids);
    buffer.reserve(rows);
    const scaled: [string, Encoded][] = [];
    for (const [name, column] of Object.entries(raw.columns)) {
      const spec = cellOf(raw.kind, name);
      if (spec && heldAs[spec.type] === 'scaled') scaled.push([name, this.#encode(name, column, spec, rows)]);
    }
    if (raw.kind === 'book_delta') rejectMessages(this.#reject, rows, sameMessage(raw));
    const good = this.#split(rows, rejected);
    this.#append(buffer, raw, good, source, scaled);
    return good;
  }

  /** Rejects what needs no encoding: instrument, time, side, missing required values, texts that are no numbers. */
  #check(raw: RawRows, ids: ArrayLike<number>): void {
    const { rows, instrument, columns } = raw;
    const [reject, own] = [this.#reject, this.#ids];
    const ts = columns.ts?.kind === 'f64' ? columns.ts.values : undefined;
    const [badInstrument, badTime] = [codeOf('bad_instrument'), codeOf('bad_time')];
    const quiet = quietBars(raw);
    for (let i = 0; i < rows; i++) {
      const at = instrument[i]!;
      const t = ts === undefined ? Number.NaN : ts[i]!;
      const named = at !== NO_INSTRUMENT;
      reject[i] = !named ? badInstrument : t >= 0 && t < MAX_TIME ? 0 : badTime;
      own[i] = named ? ids[at]! : 0;
    }
    if (raw.reject)
      for (let i = 0; i < rows; i++) if (raw.reject[i] !== undefined) reject[i] = codeOf(raw.reject[i]!);
    for (const [name, spec] of Object.entries(KINDS[raw.kind].columns)) {
      const column = columns[name];
      if (spec.type === 'side' && column?.kind === 'codes') {
        const badSide = codeOf('bad_side');
        for (let i = 0; i < rows; i++) if (column.values[i]! > 2) reject[i] ||= badSide;
      }
      if (spec.required === undefined) continue;
      const code = codeOf(spec.required);
      if (column?.kind === 'f64') {
        const { values } = column;
        for (let i = 0; i < rows; i++) if (Number.isNaN(values[i]!) && !quiet?.[i]) reject[i] ||= code;
      } else
        for (let i = 0; i < rows; i++)
          if ((column === undefined || isNull(column, i)) && !quiet?.[i]) reject[i] ||= code;
    }
    for (const [name, column] of Object.entries(columns)) {
      const type = cellOf(raw.kind, name)?.type;
      const canonical = type === undefined ? undefined : CANONICAL[type];
      if (canonical === undefined) continue;
      const badValue = codeOf('bad_value');
      for (let i = 0; i < rows; i++) {
        const text = textAt(column, i);
        if (text !== null && canonical(text) === undefined) reject[i] ||= badValue;
      }
    }
  }

  /** A price or size column in integers with their decimal scale; rejects rows whose value is bad. */
  #encode(name: string, column: RawColumn, spec: CellSpec, rows: number): Encoded {
    const reject = this.#reject;
    const work = this.#work;
    const numbers = column as RawNumbers;
    const zero = spec.zero === true;
    if (numbers.kind === 'f64') {
      const { values } = numbers;
      for (let i = 0; i < rows; i++) {
        const v = values[i]!;
        work[i] = reject[i] !== 0 ? reject[i]! : Number.isNaN(v) ? NULL : zero && v === 0 ? ZERO : 0;
      }
    } else
      for (let i = 0; i < rows; i++)
        work[i] =
          reject[i] !== 0 ? reject[i]! : isNull(column, i) ? NULL : zero && isZero(numbers, i) ? ZERO : 0;
    const { n, scale } = this.#places(name, rows);
    const wide = new Map<number, WideValue>();
    const isPrice = spec.type === 'price';
    const encoder = isPrice ? this.price : this.size;
    const codes = isPrice ? PRICE_CODES : SIZE_CODES;
    const ids = this.#ids;
    encoder.encode(numbers, undefined, ids, rows, codes, work, n, scale, wide);
    const scales = encoder.scale;
    for (let i = 0; i < rows; i++) {
      const mark = work[i]!;
      if (mark === 0) {
        if (scale[i]! > scales[ids[i]!]!) scales[ids[i]!] = scale[i]!;
      } else if (mark === NULL || mark === ZERO) {
        n[i] = mark === NULL ? Number.NaN : 0;
        scale[i] = 0;
      } else reject[i] ||= mark;
    }
    return { n: n.subarray(0, rows), scale: scale.subarray(0, rows), wide };
  }

  #places(name: string, rows: number): { readonly n: Float64Array; readonly scale: Uint8Array } {
    let places = this.#scaled.get(name);
    if (places === undefined || places.scale.length < rows) {
      places = { n: new Float64Array(rows), scale: new Uint8Array(rows) };
      this.#scaled.set(name, places);
    }
    return places;
  }

  /** Reports rejected rows; collects the places of good ones. */
  #split(rows: number, rejected: (row: number, code: number) => void): number {
    const reject = this.#reject;
    const places = this.#good;
    let good = 0;
    for (let i = 0; i < rows; i++)
      if (reject[i] === 0) places[good++] = i;
      else rejected(i, reject[i]!);
    return good;
  }

  #append(
    buffer: RunBuffer,
    raw: RawRows,
    good: number,
    source: number,
    scaled: readonly [string, Encoded][],
  ): void {
    const at = buffer.rows;
    const whole = good === raw.rows;
    const places = this.#good;
    const copy = <T extends Float64Array | Uint32Array | Uint8Array | Uint16Array>(
      to: T,
      from: ArrayLike<number>,
    ): void => {
      if (whole) to.set(from as never, at);
      else for (let j = 0; j < good; j++) to[at + j] = from[places[j]!]!;
    };
    copy(buffer.id, this.#ids.subarray(0, raw.rows));
    buffer.source.fill(source, at, at + good);
    if (raw.record) copy(buffer.record, raw.record);
    else {
      const [record, first] = [buffer.record, raw.firstRecord];
      for (let j = 0; j < good; j++) record[at + j] = first + (whole ? j : places[j]!);
    }
    for (const [name, encoded] of scaled) {
      const to = buffer.column(name, 'scaled');
      copy(to.values, encoded.n);
      copy(to.scale, encoded.scale);
      if (encoded.wide.size > 0)
        for (let j = 0; j < good; j++) {
          const value = encoded.wide.get(places[j]!);
          if (value !== undefined) to.wide.set(at + j, value);
        }
    }
    buffer.rows += good;
    for (const [name, column] of Object.entries(raw.columns)) {
      if (name === 'ts') {
        copy(buffer.ts, (column as { values: Float64Array }).values);
        continue;
      }
      const held = name === 'recv_ts' || name === 'seq' ? 'f64' : heldOf(raw, name);
      if (held === undefined || held === 'scaled') continue;
      copyPlain(buffer.column(name, held), column, raw, name, at, good, places, copy);
    }
    buffer.padTexts(at);
  }

  #reserve(rows: number): void {
    if (rows <= this.#capacity) return;
    this.#capacity = rows;
    this.#ids = new Uint32Array(rows);
    this.#reject = new Uint8Array(rows);
    this.#work = new Uint8Array(rows);
    this.#good = new Uint32Array(rows);
  }
}

interface Encoded {
  readonly n: Float64Array;
  readonly scale: Uint8Array;
  readonly wide: ReadonlyMap<number, WideValue>;
}

const heldOf = (raw: RawRows, name: string) => {
  const type = cellOf(raw.kind, name)?.type;
  return type === undefined ? undefined : heldAs[type];
};

function copyPlain(
  to: HeldColumn,
  column: RawColumn,
  raw: RawRows,
  name: string,
  at: number,
  good: number,
  places: Uint32Array,
  copy: (to: Float64Array | Uint16Array, from: ArrayLike<number>) => void,
): void {
  if (to.held === 'f64' && column.kind === 'f64') copy(to.values, column.values);
  else if (to.held === 'codes' && column.kind === 'codes') copy(to.codes, column.values);
  else if (to.held === 'f64')
    for (let j = 0; j < good; j++) to.values[at + j] = numberOf(textAt(column, places[j]!) ?? undefined);
  else if (to.held === 'text') {
    const canonical = CANONICAL[cellOf(raw.kind, name)!.type];
    for (let j = 0; j < good; j++) {
      const text = textAt(column, places[j]!);
      to.texts[at + j] = text === null || canonical === undefined ? text : canonical(text)!;
    }
  } else throw new TypeError(`${raw.kind} column ${name} cannot be held from ${column.kind}`);
}
