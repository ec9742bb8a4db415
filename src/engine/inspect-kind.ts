import { cellOf } from '../core/kind-cells.js';
import { KINDS, type KindName } from '../core/kinds.js';
import { dayText } from '../dataset/manifest.js';
import { storedColumns } from '../dataset/stored-columns.js';
import { Clock } from './inspect-clock.js';
import { coverageOf, DAY_MICROS, DaySet } from './inspect-days.js';
import { InstrumentSurvey } from './inspect-instrument.js';
import { totalGaps } from './inspect-totals.js';
import type { ColumnInspection, KindInspection } from './inspect-types.js';

/** A column as a survey sees it: numbers with NaN for null, or anything else that is null or not. */
export type SurveyColumn = ArrayLike<number> | ArrayLike<number | bigint | string | null>;

/** Rows of one kind, in the order they come. */
export interface SurveyRows {
  readonly rows: number;
  /** Numbers given by `KindSurvey.instrument`. */
  readonly ids: ArrayLike<number>;
  readonly ts: ArrayLike<number>;
  /** Raw columns beside `ts`, `recv_ts` and `seq` among them. */
  readonly columns: ReadonlyMap<string, SurveyColumn>;
}

interface DayRows {
  readonly number: number;
  rows: number;
  instruments: number;
}

/** One pass over the rows of a kind; memory is bounded by instruments and days, not by rows. */
export class KindSurvey {
  rows = 0;
  /** Prices of the dataset are stored in 64 bits. */
  wideTicks = false;
  readonly instruments: InstrumentSurvey[] = [];
  readonly #byName = new Map<string, number>();
  readonly #days = new Map<number, DayRows>();
  /** Day of the row before: most rows share it. */
  #day: DayRows = { number: Number.NaN, rows: 0, instruments: 0 };
  readonly #values = new Map<string, number>();
  readonly #clock = new Clock();

  constructor(readonly kind: KindName) {}

  instrument(venue: string, symbol: string): number {
    const key = `${venue}\0${symbol}`;
    let id = this.#byName.get(key);
    if (id === undefined) {
      const hasInterval = Object.hasOwn(KINDS[this.kind].columns, 'interval');
      id = this.instruments.push(new InstrumentSurvey(symbol, venue, this.kind, hasInterval)) - 1;
      this.#byName.set(key, id);
    }
    return id;
  }

  add({ rows, ids, ts, columns }: SurveyRows): void {
    this.rows += rows;
    for (const [name, column] of columns) {
      const values = valuesIn(column, rows);
      if (values > 0) this.#values.set(name, (this.#values.get(name) ?? 0) + values);
    }
    for (let i = 0; i < rows; i++) {
      const instrument = this.instruments[ids[i]!]!;
      const time = ts[i]!;
      instrument.at(time);
      this.#count(instrument, Math.floor(time / DAY_MICROS));
    }
    this.#follow({ rows, ids, ts, columns });
  }

  #count(instrument: InstrumentSurvey, day: number): void {
    if (day !== this.#day.number) {
      this.#day = this.#days.get(day) ?? { number: day, rows: 0, instruments: 0 };
      this.#days.set(day, this.#day);
    }
    this.#day.rows++;
    if (instrument.days.add(day)) this.#day.instruments++;
  }

  /** What only some kinds have: ids, sequence numbers, widths, local stamps. */
  #follow({ rows, ids, ts, columns }: SurveyRows): void {
    const numbers = (name: string): ArrayLike<number> | undefined => numbersOf(columns.get(name), rows);
    const received = numbers('recv_ts');
    if (received) for (let i = 0; i < rows; i++) this.#clock.add(received[i]! - ts[i]!);
    const seq = numbers('seq');
    if (this.kind === 'trades' && seq)
      for (let i = 0; i < rows; i++) if (!Number.isNaN(seq[i]!)) this.instruments[ids[i]!]!.ids!.add(seq[i]!);
    if (this.kind === 'book_delta') {
      const [first, prev, flags] = [numbers('first_seq'), numbers('prev_seq'), numbers('flags')];
      const none = Number.NaN;
      for (let i = 0; i < rows; i++)
        this.instruments[ids[i]!]!.sequence!.add(
          ...([ts[i]!, seq?.[i] ?? none, first?.[i] ?? none, prev?.[i] ?? none, flags?.[i] ?? 0] as const),
        );
    }
    const interval = numbers('interval');
    if (interval)
      for (let i = 0; i < rows; i++) this.instruments[ids[i]!]!.intervals?.add(ts[i]!, interval[i]!);
  }

  /** Whether any row has a price, or a size, that is stored in units of its instrument. */
  has(type: 'price' | 'size'): boolean {
    return [...this.#values.keys()].some((name) => cellOf(this.kind, name)?.type === type);
  }

  /** Undefined if there are no rows. */
  report(): KindInspection | undefined {
    if (this.rows === 0) return undefined;
    const seen = this.instruments.filter(({ rows }) => rows > 0);
    const instruments = seen.map((instrument) => instrument.report());
    instruments.sort((a, b) => (a.name < b.name ? -1 : 1));
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    let outOfOrder = 0;
    for (const of of seen) {
      first = Math.min(first, of.first);
      last = Math.max(last, of.last);
      outOfOrder += of.outOfOrder;
    }
    return {
      ...{ kind: this.kind, rows: this.rows, first, last, schema: this.#schema(), instruments },
      days: this.#coverage(),
      ...{ outOfOrder, gaps: totalGaps(instruments), clock: this.#clock.report() },
    };
  }

  #coverage(): KindInspection['days'] {
    const numbers = [...this.#days.keys()].sort((a, b) => a - b);
    const set = new DaySet();
    for (const day of numbers) set.add(day);
    return {
      ...coverageOf(set, numbers[0]!, numbers.at(-1)!),
      rows: numbers.map((number) => {
        const { rows, instruments } = this.#days.get(number)!;
        return { day: dayText(number), rows, instruments };
      }),
    };
  }

  #schema(): ColumnInspection[] {
    const columns = storedColumns(this.kind, new Set(this.#values.keys()), this.wideTicks);
    return columns.map(({ name, stored, type, doc }) => ({
      ...{ name, stored, type, unit: unitOf(this.kind, name) },
      values: name === 'instrument' || name === 'ts' ? this.rows : (this.#values.get(name) ?? 0),
      doc,
    }));
  }
}

function unitOf(kind: KindName, name: string): string {
  if (name === 'ts' || name === 'recv_ts' || name === 'interval') return 'µs';
  switch (cellOf(kind, name)?.type) {
    case 'time':
      return 'µs';
    case 'price':
      return 'price_unit';
    case 'size':
      return 'size_unit';
    case 'money':
      return 'quote';
    default:
      return '';
  }
}

function valuesIn(column: SurveyColumn, rows: number): number {
  if (column instanceof Uint16Array || column instanceof Uint8Array) return rows;
  let values = 0;
  for (let i = 0; i < rows; i++) {
    const value = column[i];
    // NaN alone differs from itself
    // biome-ignore lint/suspicious/noSelfCompare: a null number is NaN
    if (value !== null && value !== undefined && value === value) values++;
  }
  return values;
}

/** Numbers of a column; what is beyond 2^53 is rounded. */
function numbersOf(column: SurveyColumn | undefined, rows: number): ArrayLike<number> | undefined {
  if (column === undefined || ArrayBuffer.isView(column)) return column as ArrayLike<number> | undefined;
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) out[i] = column[i] === null ? Number.NaN : Number(column[i]);
  return out;
}
