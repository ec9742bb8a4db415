import { BOOK_STATES } from '../../src/core/book-states.js';
import type { Importer, RawRows } from '../../src/core/importer.js';
import { BOOK_EMPTY, BOOK_RESET, BOOK_SNAPSHOT } from '../../src/core/kinds.js';
import { checkParams } from '../../src/core/schema.js';
import { importSources } from '../../src/dataset/source-files.js';
import type { BookRows, DeltaColumns } from '../../src/ingest/replay/index.js';

/** A message by hand: levels are [side, tick, lots]. */
export interface HandMessage {
  readonly ts: number;
  readonly recv?: number;
  readonly first?: number;
  readonly seq?: number;
  readonly prev?: number;
  readonly snapshot?: boolean;
  /** Of a snapshot: false where it continues one. Of another message: true where a snapshot before it was lost. */
  readonly reset?: boolean;
  readonly levels: readonly (readonly [side: number, tick: number, lots: number])[];
}

/** Columns of messages, in the order a dataset has: (ts, seq, input). */
export function columnsOf(messages: readonly HandMessage[]): DeltaColumns {
  const nan = (value: number | undefined): number => value ?? Number.NaN;
  const ordered = messages
    .map((message, i) => ({ message, i }))
    .sort((a, b) => a.message.ts - b.message.ts || (a.message.seq ?? -1) - (b.message.seq ?? -1) || a.i - b.i)
    .map(({ message }) => message);
  const rows = ordered.flatMap((message) =>
    (message.levels.length > 0 ? message.levels : [null]).map((level, k) => ({
      message,
      level,
      flags:
        (message.snapshot ? BOOK_SNAPSHOT : 0) |
        (k === 0 && (message.reset ?? message.snapshot) ? BOOK_RESET : 0) |
        (level ? 0 : BOOK_EMPTY),
    })),
  );
  const column = (of: (row: (typeof rows)[number]) => number): Float64Array => Float64Array.from(rows, of);
  return {
    rows: rows.length,
    ts: column(({ message }) => message.ts),
    recv_ts: column(({ message }) => nan(message.recv)),
    seq: column(({ message }) => nan(message.seq)),
    first_seq: column(({ message }) => nan(message.first)),
    prev_seq: column(({ message }) => nan(message.prev)),
    side: Int8Array.from(rows, ({ level }) => level?.[0] ?? 0),
    tick: column(({ level }) => nan(level?.[1])),
    lots: column(({ level }) => nan(level?.[2])),
    flags: Uint8Array.from(rows, ({ flags }) => flags),
  };
}

/** Rows `from` to `to` of columns. */
export function cut(columns: DeltaColumns, from: number, to: number): DeltaColumns {
  const part: Record<string, unknown> = { rows: to - from };
  for (const [name, values] of Object.entries(columns))
    if (name !== 'rows') part[name] = (values as Float64Array).subarray(from, to);
  return part as unknown as DeltaColumns;
}

/** The rows that pass, as columns. */
export function filtered(columns: DeltaColumns, pass: (row: number) => boolean): DeltaColumns {
  const rows = Array.from({ length: columns.rows }, (_, i) => i).filter(pass);
  const part: Record<string, unknown> = { rows: rows.length };
  for (const [name, values] of Object.entries(columns))
    if (name !== 'rows') {
      const all = values as Float64Array;
      part[name] = (all.constructor as Float64ArrayConstructor).from(rows, (i) => all[i]!);
    }
  return part as unknown as DeltaColumns;
}

/** A state as readable text: `ok 3 | 100x5 99x1 | 101x2`, after its time where wanted. */
export function stateText(states: BookRows, i: number, levels: number): string {
  const side = (name: string): string =>
    Array.from({ length: levels }, (_, k) => k + 1)
      .filter((k) => !Number.isNaN(states.columns[`${name}_tick_${k}`]![i]!))
      .map((k) => `${states.columns[`${name}_tick_${k}`]![i]}x${states.columns[`${name}_lots_${k}`]![i]}`)
      .join(' ');
  const seq = states.columns.seq![i]!;
  const text = `${BOOK_STATES[states.state[i]!]} ${Number.isNaN(seq) ? '-' : seq}`;
  const bids = side('bid');
  const asks = side('ask');
  return bids + asks === '' ? text : `${text} | ${bids} | ${asks}`;
}

/** All states as text, each with the time it was known. */
export const statesText = (states: BookRows, levels: number): string[] =>
  Array.from(
    { length: states.rows },
    (_, i) => `${states.columns.recv_ts![i]} ${stateText(states, i, levels)}`,
  );

/** Rows of a capture: book changes as columns in dataset order, tickers and trades as read. */
export interface CaptureRows {
  readonly deltas: DeltaColumns;
  readonly tickers: readonly { seq: number; text: string }[];
  readonly trades: readonly { seq: number; side: number; size: string }[];
  readonly skipped: number;
  readonly rejected: number;
}

/** Reads a capture of one instrument; ticks and lots are units of the decimals given. */
export async function readCapture(
  importer: Importer,
  paths: readonly string[],
  priceDecimals: number,
  sizeDecimals: number,
): Promise<CaptureRows> {
  const rows: { key: [number, number, number]; cells: number[] }[] = [];
  const tickers: { seq: number; text: string }[] = [];
  const trades: { seq: number; side: number; size: string }[] = [];
  let skipped = 0;
  let rejected = 0;
  const names = ['ts', 'recv_ts', 'seq', 'first_seq', 'prev_seq', 'side', 'tick', 'lots', 'flags'];
  const context = {
    params: checkParams(importer.name, importer.params, {}),
    instrument: () => 0,
    skip: (records: number) => {
      skipped += records;
    },
  };
  const value = (batch: RawRows, name: string, i: number): number =>
    (batch.columns[name] as { values: Float64Array }).values[i]!;
  const text = (batch: RawRows, name: string, i: number): string =>
    String((batch.columns[name] as { values: ArrayLike<unknown> }).values[i]);
  for (const { file } of await importSources(paths, paths))
    for await (const batch of importer.read(file, context))
      for (let i = 0; i < batch.rows; i++) {
        if (batch.reject?.[i] !== undefined) rejected++;
        else if (batch.kind === 'trades')
          trades.push({
            seq: value(batch, 'seq', i),
            side: value(batch, 'side', i),
            size: text(batch, 'size', i),
          });
        else if (batch.kind === 'book_snapshot')
          tickers.push({
            seq: value(batch, 'seq', i),
            text: ['bid', 'ask']
              .map(
                (side) =>
                  `${units(text(batch, `${side}_price_1`, i), priceDecimals)}x${units(text(batch, `${side}_size_1`, i), sizeDecimals)}`,
              )
              .join(' | '),
          });
        else {
          const flags = value(batch, 'flags', i);
          const side = value(batch, 'side', i);
          rows.push({
            key: [value(batch, 'ts', i), value(batch, 'seq', i), rows.length],
            cells: [
              ...['ts', 'recv_ts', 'seq', 'first_seq', 'prev_seq'].map((name) => value(batch, name, i)),
              side === 1 ? 1 : side === 2 ? -1 : 0,
              flags & BOOK_EMPTY ? Number.NaN : units(text(batch, 'price', i), priceDecimals),
              flags & BOOK_EMPTY ? Number.NaN : units(text(batch, 'size', i), sizeDecimals),
              flags,
            ],
          });
        }
      }
  rows.sort((a, b) => a.key[0] - b.key[0] || a.key[1] - b.key[1] || a.key[2] - b.key[2]);
  const columns: Record<string, unknown> = { rows: rows.length };
  names.forEach((name, c) => {
    const values = rows.map(({ cells }) => cells[c]!);
    columns[name] =
      name === 'side'
        ? Int8Array.from(values)
        : name === 'flags'
          ? Uint8Array.from(values)
          : Float64Array.from(values);
  });
  return { deltas: columns as unknown as DeltaColumns, tickers, trades, skipped, rejected };
}

/** Units of 10^-decimals in a decimal text, exactly: only digits move. */
export function units(text: string, decimals: number): number {
  const [whole, part = ''] = text.split('.') as [string, string?];
  if (/[1-9]/.test(part.slice(decimals))) throw new Error(`${text} has more than ${decimals} decimals`);
  return Number(whole + part.slice(0, decimals).padEnd(decimals, '0'));
}
