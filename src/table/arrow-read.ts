import { type FileHandle, open } from 'node:fs/promises';
import type { RecordBatch, RecordBatchReader, Schema } from 'apache-arrow';
import { decimal } from '../core/decimal.js';
import { InputError, SteelyardError } from '../core/errors.js';
import type { InstrumentDeclaration, RawSource } from '../core/raw.js';
import { checkArrow } from './arrow-check.js';
import { arrowColumn, type DictionaryTexts } from './arrow-columns.js';
import { decodeLz4 } from './lz4.js';
import type { SourceColumn } from './source-column.js';
import { type ReadOptions, type TableSource, tradesOf } from './table-source.js';

export type { ReadOptions };

// the declared type of a FileHandle lags behind Node's
type FromFile = Parameters<typeof RecordBatchReader.from>[0];

/** Schema metadata with what is declared of each instrument, as JSON of decimal texts. */
const DECLARATIONS_KEY = 'steelyard.instruments';
const COMPRESSION_LZ4 = 0;
/** A multiple of 8, so that bitmaps are cut between bytes. */
const SLICE_ROWS = 65536;

/**
 * An Arrow IPC file, stream or Feather v2 file, read one record batch at a time; LZ4 bodies are decoded.
 * Declarations in the schema metadata key `steelyard.instruments` are taken over. Damaged, truncated or
 * Zstandard-compressed files are InputErrors.
 */
export async function arrowSource(
  path: string,
  input: string,
  map?: Readonly<Record<string, string>>,
): Promise<TableSource> {
  const first = await openReader(path, input);
  const schema = first.reader.schema as Schema | undefined;
  await first.file.close();
  if (schema === undefined) throw new InputError('Arrow stream', input, 'is truncated: it has no schema');
  const names = schema.fields.map((field) => field.name ?? '');
  return {
    ...{ input, columns: names, map },
    declarations: declarationsOf(schema, input),
    read: async function* (wanted) {
      const places = Object.entries(wanted).map(
        ([role, { column }]) => [role, names.indexOf(column)] as const,
      );
      const { reader, file } = await openReader(path, input);
      const dictionaries: DictionaryTexts = new WeakMap();
      let firstRecord = 0;
      try {
        for (;;) {
          const batch = await nextBatch(reader, input);
          if (batch === undefined) break;
          for (let from = 0; from < batch.numRows; from += SLICE_ROWS) {
            const slice = batch.slice(from, Math.min(batch.numRows, from + SLICE_ROWS));
            const columns: Record<string, SourceColumn> = {};
            for (const [role, index] of places)
              try {
                columns[role] = arrowColumn(input, slice, schema.fields[index]!, index, dictionaries);
              } catch (error) {
                throw damaged(error, input);
              }
            yield { rows: slice.numRows, columns, firstRecord };
            firstRecord += slice.numRows;
          }
        }
      } finally {
        await file.close();
      }
    },
  };
}

/** Trades in an Arrow file: see `arrowSource`. Missing columns are InputErrors. */
export const arrowTrades = async (path: string, options: ReadOptions): Promise<RawSource> =>
  tradesOf(await arrowSource(path, options.input, options.map), options);

async function openReader(
  path: string,
  input: string,
): Promise<{ reader: RecordBatchReader; file: FileHandle }> {
  const arrow = await import('apache-arrow');
  arrow.compressionRegistry.set(COMPRESSION_LZ4, { decode: decodeLz4 });
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(6);
    const tail = Buffer.alloc(6);
    await file.read(head, 0, 6, 0);
    await file.read(tail, 0, 6, Math.max(0, size - 6));
    // without its footer a file would be read as a stream, in part
    if (head.toString('latin1') === 'ARROW1' && (size < 24 || tail.toString('latin1') !== 'ARROW1'))
      throw new InputError('Arrow file', input, 'is truncated: its footer is missing');
    await checkArrow(file, size, head.toString('latin1') === 'ARROW1');
    const reader: RecordBatchReader = await arrow.RecordBatchReader.from(file as FromFile);
    return { reader: await reader.open(), file };
  } catch (error) {
    await file.close();
    throw damaged(error, input);
  }
}

async function nextBatch(reader: RecordBatchReader, input: string): Promise<RecordBatch | undefined> {
  try {
    const step = (await reader.next()) as IteratorResult<RecordBatch>;
    return step.done ? undefined : step.value;
  } catch (error) {
    throw damaged(error, input);
  }
}

function damaged(error: unknown, input: string): Error {
  if (error instanceof SteelyardError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (/codec not found/.test(text))
    return new InputError(
      'Arrow file',
      input,
      'is compressed with Zstandard: only LZ4 or no compression is read',
    );
  return new InputError('Arrow file', input, `is damaged or truncated (${text.slice(0, 120)})`);
}

function declarationsOf(schema: Schema, input: string): Map<string, InstrumentDeclaration> {
  const text = schema.metadata.get(DECLARATIONS_KEY);
  const out = new Map<string, InstrumentDeclaration>();
  if (text === undefined) return out;
  const wrong = new InputError(
    `${input} metadata`,
    DECLARATIONS_KEY,
    'must be JSON of {symbol: {tick, lot, contract, multiplier}}',
  );
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw wrong;
  }
  if (typeof parsed !== 'object' || parsed === null) throw wrong;
  for (const [symbol, entry] of Object.entries(parsed)) {
    if (typeof entry !== 'object' || entry === null) throw wrong;
    out.set(symbol, declarationOf(entry as Record<string, unknown>, `${input} ${symbol}`));
  }
  return out;
}

/** Checks `{tick, lot, contract, multiplier}` as texts or numbers; empty values are undeclared. */
export function declarationOf(
  entry: Readonly<Record<string, unknown>>,
  subject: string,
): InstrumentDeclaration {
  const out: Record<string, unknown> = {};
  for (const key of ['tick', 'lot', 'multiplier']) {
    const value = entry[key];
    if (value === undefined || value === null || value === '') continue;
    const parsed = decimal(value as string | number, `${subject} ${key}`);
    if (parsed.coef <= 0) throw new InputError(`${subject} ${key}`, value, 'must be above 0');
    out[key] = parsed;
  }
  const { contract } = entry;
  if (contract !== undefined && contract !== null && contract !== '') {
    if (contract !== 'linear' && contract !== 'inverse')
      throw new InputError(`${subject} contract`, contract, 'must be linear or inverse');
    out.contract = contract;
  }
  return out as InstrumentDeclaration;
}
