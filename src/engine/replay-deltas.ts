import { type Decimal, gcd } from '../core/decimal.js';
import { InputError } from '../core/errors.js';
import type { Block, Units } from '../dataset/block.js';
import { unitsOf } from '../dataset/instrument-facts.js';
import { PartitionReader } from '../dataset/partition-read.js';
import { BATCH_ROWS } from '../dataset/partition-write.js';
import { partitionBatches } from '../dataset/runs.js';
import type { SelectedPartition } from '../dataset/select.js';
import type { DeltaColumns } from '../ingest/replay/index.js';

/** Rows `[from, to)` of a partition, all of one instrument; its integers times the factors count the instrument's units. */
export interface DeltaPart {
  readonly path: string;
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly priceFactor: number;
  readonly sizeFactor: number;
}

/** Where the book changes of one instrument lie, in time order. */
export interface InstrumentDeltas {
  readonly name: string;
  readonly venue: string;
  /** Units of all parts: those of a part, or the largest that divide the units of each. */
  readonly units: Units;
  /** Whether a row has a sequence number. */
  readonly sequenced: boolean;
  /** When the last of them was known, µs. */
  readonly lastKnown: number;
  readonly rows: number;
  readonly parts: readonly DeltaPart[];
}

type Found = Omit<DeltaPart, 'priceFactor' | 'sizeFactor'> & { readonly units: Units };

/**
 * Finds the rows of each instrument asked for that were known before `until`, µs. Partitions come by day; all of them are read through,
 * since where an instrument begins is told by its rows alone.
 */
export async function surveyDeltas(
  partitions: readonly SelectedPartition[],
  until: number,
  progress?: (rows: number) => void,
  signal?: AbortSignal,
): Promise<InstrumentDeltas[]> {
  const found = new Map<
    string,
    { venue: string; sequenced: boolean; lastKnown: number; rows: number; parts: Found[] }
  >();
  let read = 0;
  for (const partition of partitions) {
    const units = partition.instruments.map(unitsOf);
    for await (const { block, runs, firstRow } of partitionBatches(partition)) {
      signal?.throwIfAborted();
      for (const { code, from, to } of runs) {
        if (!partition.wanted[code]) continue;
        const { rows, last } = knownBefore(block, from, to, until);
        if (rows === 0) continue;
        const name = partition.names[code]!;
        let of = found.get(name);
        if (of === undefined) {
          const { venue } = partition.instruments[code]!;
          of = { venue, sequenced: false, lastKnown: last, rows: 0, parts: [] };
          found.set(name, of);
        }
        of.sequenced ||= block.seq?.subarray(from, to).some((seq) => !Number.isNaN(seq)) ?? false;
        of.lastKnown = Math.max(of.lastKnown, last);
        of.rows += rows;
        const open = of.parts.at(-1);
        const part = {
          ...{ path: partition.path, label: partition.entry.path, units: units[code]! },
          ...{ from: firstRow + from, to: firstRow + to },
        };
        if (open?.path === part.path) of.parts[of.parts.length - 1] = { ...open, to: part.to };
        else of.parts.push(part);
      }
      read += block.rows;
      progress?.(read);
    }
  }
  return [...found.keys()].sort().map((name) => {
    const { parts, ...of } = found.get(name)!;
    const [price, size] = (['price', 'size'] as const).map((what) =>
      commonUnit(
        parts.map(({ units }) => units[what]),
        `${name} ${what} unit`,
      ),
    ) as [CommonUnit, CommonUnit];
    return {
      ...{ name, ...of, units: { price: price.unit, size: size.unit } },
      parts: parts.map(({ units: _, ...part }, i) => ({
        ...part,
        priceFactor: price.factors[i]!,
        sizeFactor: size.factors[i]!,
      })),
    };
  });
}

export interface CommonUnit {
  readonly unit: Decimal;
  /** Of each unit: how many of the common one it is. */
  readonly factors: readonly number[];
}

/** The largest unit of which all units are whole multiples. */
export function commonUnit(units: readonly Decimal[], subject: string): CommonUnit {
  const scale = Math.max(...units.map((unit) => unit.scale));
  const coefs = units.map((unit) => unit.coef * 10 ** (scale - unit.scale));
  const coef = coefs.reduce(gcd);
  const bad = coefs.findIndex((n) => !Number.isSafeInteger(n));
  if (bad >= 0) throw new InputError(subject, coefs[bad], 'must stay below 2^53 in units of all days');
  return { unit: { coef, scale }, factors: coefs.map((n) => n / coef) };
}

/** How many of the rows were known before `until`, and when the last of them was. */
function knownBefore(
  { ts, columns }: Block,
  from: number,
  to: number,
  until: number,
): { rows: number; last: number } {
  const received = columns.get('recv_ts') as Float64Array | undefined;
  let rows = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; i++) {
    const at = knownAt(ts[i]!, received?.[i]);
    if (!(at < until)) continue;
    rows++;
    if (at > last) last = at;
  }
  return { rows, last };
}

/** A missing local stamp counts as none, one before the exchange's is not believed. */
const knownAt = (ts: number, received = Number.NaN): number =>
  Number.isNaN(received) ? ts : Math.max(ts, received);

/** Rows of the parts that were known before `until`, a record batch or part of one at a time, in order. */
export async function* deltaColumns(
  parts: readonly DeltaPart[],
  until: number,
): AsyncGenerator<DeltaColumns> {
  for (const part of parts) {
    const reader = await PartitionReader.open(part.path, part.label);
    try {
      // every batch but the last holds this many rows
      for (let row = part.from; row < part.to; ) {
        const index = Math.floor(row / BATCH_ROWS);
        const end = Math.min(part.to, (index + 1) * BATCH_ROWS);
        const { block } = await reader.batch(index, row - index * BATCH_ROWS, end - index * BATCH_ROWS);
        yield columnsBefore(block, part, until);
        row = end;
      }
    } finally {
      await reader.close();
    }
  }
}

function columnsBefore(block: Block, part: DeltaPart, until: number): DeltaColumns {
  const received = block.columns.get('recv_ts') as Float64Array | undefined;
  const kept = knownBefore(block, 0, block.rows, until).rows;
  const places = new Uint32Array(kept);
  if (kept < block.rows)
    for (let i = 0, n = 0; i < block.rows; i++)
      if (knownAt(block.ts[i]!, received?.[i]) < until) places[n++] = i;
  const cut = <T extends Float64Array | Int8Array | Uint16Array>(column: T): T => {
    if (kept === block.rows) return column;
    const out = column.slice(0, kept) as T;
    for (let n = 0; n < kept; n++) out[n] = column[places[n]!]!;
    return out;
  };
  const numbers = (name: string, factor = 1): Float64Array | undefined => {
    const column = block.columns.get(name);
    if (column === undefined) return undefined;
    const values = column instanceof Float64Array ? column : safeNumbers(column);
    if (factor !== 1) for (let i = 0; i < values.length; i++) values[i]! *= factor;
    return cut(values);
  };
  const optional = (name: 'recv_ts' | 'first_seq' | 'prev_seq') => {
    const values = numbers(name);
    return values ? { [name]: values } : {};
  };
  const none = (): Float64Array => new Float64Array(kept).fill(Number.NaN);
  const flags = block.columns.get('flags') as Uint16Array | undefined;
  return {
    ...{ rows: kept, ts: cut(block.ts), side: cut(signs(block)) },
    ...(block.seq ? { seq: cut(block.seq) } : {}),
    ...optional('recv_ts'),
    ...optional('first_seq'),
    ...optional('prev_seq'),
    tick: numbers('price', part.priceFactor) ?? none(),
    lots: numbers('size', part.sizeFactor) ?? none(),
    ...(flags ? { flags: cut(flags) } : {}),
  };
}

/**
 * Integers of a column of which one is beyond 2^53, which is no number here: its level damages its message, which makes the book
 * unknown until the next snapshot. One absurd value must not end the replay of all.
 */
const safeNumbers = (column: ArrayLike<unknown>): Float64Array =>
  Float64Array.from(column, (value) =>
    value !== null && Number.isSafeInteger(Number(value)) ? Number(value) : Number.NaN,
  );

/** Side codes as signs: 1 bid, -1 ask, 0 none. */
function signs(block: Block): Int8Array {
  const out = new Int8Array(block.rows);
  const codes = block.columns.get('side') as Uint16Array | undefined;
  if (codes) for (let i = 0; i < block.rows; i++) out[i] = codes[i] === 2 ? -1 : codes[i]!;
  return out;
}
