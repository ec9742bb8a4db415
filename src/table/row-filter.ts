import type { RawColumn, RawRows } from '../core/importer.js';
import { textOf } from './row-cells.js';
import type { SourceColumn } from './source-column.js';
import { microsOfWords } from './time-unit.js';
import { type Condition, satisfies } from './where.js';

/** Index of an instrument that is not wanted; it is not declared, and its rows are left out. */
export const UNWANTED = 0xfffffffe;

/** µs, half-open. */
export interface TimeRange {
  readonly fromTime: number;
  readonly until: number;
}

/** Rows of a batch that the filters leave. A row without a time or an instrument stays: it belongs in the ledger. */
export class RowFilter {
  #keep = new Uint32Array(0);
  readonly #idle: boolean;

  constructor(
    readonly range: TimeRange,
    readonly conditions: readonly Condition[],
    /** Rows may be of UNWANTED instruments. */
    names: boolean,
  ) {
    const all = range.fromTime === Number.NEGATIVE_INFINITY && range.until === Number.POSITIVE_INFINITY;
    this.#idle = all && conditions.length === 0 && !names;
  }

  /** `cells[i]` is the column of condition i, undefined where the source itself has filtered by it. */
  apply(raw: RawRows, cells: readonly (SourceColumn | undefined)[]): RawRows {
    if (this.#idle) return raw;
    const { rows, instrument, columns, reject } = raw;
    if (this.#keep.length < rows) this.#keep = new Uint32Array(rows);
    const keep = this.#keep;
    const { fromTime, until } = this.range;
    const ts = columns.ts?.kind === 'f64' ? columns.ts.values : undefined;
    let kept = 0;
    for (let i = 0; i < rows; i++) {
      const t = ts === undefined ? Number.NaN : ts[i]!;
      const out = instrument[i] === UNWANTED || t < fromTime || t >= until;
      if (reject?.[i] === 'bad_row' || (!out && this.#satisfied(cells, i))) keep[kept++] = i;
    }
    return kept === rows ? raw : keptRows(raw, keep.slice(0, kept));
  }

  #satisfied(cells: readonly (SourceColumn | undefined)[], row: number): boolean {
    for (let c = 0; c < cells.length; c++) {
      const column = cells[c];
      if (column !== undefined && !satisfies(this.conditions[c]!, textOf(column, row), momentOf(column, row)))
        return false;
    }
    return true;
  }
}

/** µs of a cell of a column of times. */
function momentOf(column: SourceColumn, row: number): number | undefined {
  if (column.kind === 'dates') return column.days[row]! * 86_400_000_000;
  if (column.kind !== 'stamps') return undefined;
  const { words, perSecond } = column;
  return microsOfWords(words[2 * row]! >>> 0, words[2 * row + 1]!, perSecond);
}

/** The rows at `places`, in columns of their own. */
function keptRows(raw: RawRows, places: Uint32Array): RawRows {
  const { record, firstRecord, reject, text } = raw;
  const columns: Record<string, RawColumn> = {};
  for (const [name, column] of Object.entries(raw.columns)) columns[name] = keptColumn(column, places);
  return {
    kind: raw.kind,
    rows: places.length,
    instrument: places.map((at) => raw.instrument[at]!),
    columns,
    record: Float64Array.from(places, (at) => record?.[at] ?? firstRecord + at),
    firstRecord: places.length > 0 ? (record?.[places[0]!] ?? firstRecord + places[0]!) : firstRecord,
    ...(reject ? { reject: Array.from(places, (at) => reject[at]) } : {}),
    ...(text ? { text: (row: number) => text(places[row]!) } : {}),
  };
}

function keptColumn(column: RawColumn, places: Uint32Array): RawColumn {
  switch (column.kind) {
    case 'f64':
      return { kind: 'f64', values: Float64Array.from(places, (at) => column.values[at]!) };
    case 'codes': {
      const values = new (column.values instanceof Uint8Array ? Uint8Array : Uint16Array)(places.length);
      for (let i = 0; i < places.length; i++) values[i] = column.values[places[i]!]!;
      return { kind: 'codes', values };
    }
    case 'text':
      return { kind: 'text', values: Array.from(places, (at) => column.values[at] ?? null) };
    case 'decimal': {
      const { scale, nulls } = column;
      const unscaled = Array.from(places, (at) => column.unscaled[at]!);
      return {
        kind: 'decimal',
        unscaled,
        scale,
        ...(nulls ? { nulls: places.length > 0 ? Uint8Array.from(places, (at) => nulls[at]!) : nulls } : {}),
      };
    }
  }
}
