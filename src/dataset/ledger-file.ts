import { open } from 'node:fs/promises';
import type { AsyncRecordBatchFileReader, Data, DataType } from 'apache-arrow';
import { InputError } from '../core/errors.js';
import type { Block } from './block.js';
import { BATCH_ROWS, PartitionWriter } from './partition-write.js';
import type { StoredColumn } from './stored-columns.js';

/** Rejected rows of one source, in order of their record. */
export interface LedgerRows {
  readonly source: string;
  /** 0-based records of the source. */
  readonly row: Float64Array;
  readonly reason: readonly string[];
  /** The records' texts, cut to 200 characters. */
  readonly text: readonly string[];
}

const COLUMNS: readonly StoredColumn[] = (
  [
    ['instrument', 'source', 'symbol', 'input file, or member of an archive'],
    ['row', 'row', 'i64', '0-based record of the source'],
    ['reason', 'reason', 'utf8', 'why the row was left out'],
    ['text', 'text', 'utf8', 'the record, cut to 200 characters'],
  ] as const
).map(([name, stored, type, doc]) => ({ ...{ name, stored, type, doc }, nullable: false }));

/**
 * Writes ledger.arrow (source, row, reason, text) from rows that come source by source; `sources` names all of them.
 * The same rows give the same bytes, however they are cut.
 */
export async function writeLedger(
  path: string,
  sources: readonly string[],
  rows: AsyncIterable<LedgerRows>,
): Promise<void> {
  const codes = new Map(sources.map((source, code) => [source, code]));
  const writer = await PartitionWriter.open(
    path,
    COLUMNS,
    [...codes.keys()],
    { 'steelyard.kind': 'ledger' },
    BATCH_ROWS,
  );
  try {
    for await (const { source, row, reason, text } of rows)
      writer.append(codes.get(source)!, {
        ...{ rows: row.length, ts: row, seq: undefined, source: undefined, record: undefined },
        columns: new Map<string, Float64Array | string[]>([
          ['row', row],
          ['reason', [...reason]],
          ['text', [...text]],
        ]),
      } satisfies Block);
  } catch (error) {
    writer.abort();
    throw error;
  }
  writer.finish();
}

/** Rows of a ledger.arrow, at most a record batch at a time. */
export async function* readLedger(path: string): AsyncGenerator<LedgerRows> {
  const { RecordBatchReader } = await import('apache-arrow');
  const damaged = (): InputError => new InputError('dataset ledger', path, 'is missing or damaged');
  const file = await open(path).catch(() => {
    throw damaged();
  });
  try {
    const reader = (await RecordBatchReader.from(file as never)) as unknown as AsyncRecordBatchFileReader;
    await reader.open();
    for (let index = 0; index < reader.numRecordBatches; index++) {
      const batch = (await reader.readRecordBatch(index))!;
      const codes = (batch.data.children[0] as Data<DataType>).values as Int32Array;
      const cells = (name: string): unknown[] => [...batch.getChild(name)!];
      const [source, row, reason, text] = ['source', 'row', 'reason', 'text'].map(cells);
      for (let from = 0; from < batch.numRows; ) {
        let to = from + 1;
        while (to < batch.numRows && codes[to] === codes[from]) to++;
        yield {
          source: String(source![from]),
          row: Float64Array.from(row!.slice(from, to), Number),
          reason: reason!.slice(from, to) as string[],
          text: text!.slice(from, to) as string[],
        };
        from = to;
      }
    }
  } catch (error) {
    throw error instanceof InputError ? error : damaged();
  } finally {
    await file.close();
  }
}
