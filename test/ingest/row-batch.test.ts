import { describe, expect, it } from 'vitest';
import type { ImportContext, SourceFile } from '../../src/core/importer.js';
import { krakenTrades } from '../../src/ingest/kraken-trades.js';
import { type Fill, RowBatch } from '../../src/ingest/row-batch.js';

/** Rows a batch of these columns takes until it is full. */
function rowsUntilFull(columns: Record<string, Fill>, source: string, rowsOfRecord: number): number {
  const batch = new RowBatch('book_snapshot', columns);
  for (let record = 0; !batch.full; record++)
    for (let k = 0; k < rowsOfRecord; k++) batch.add(0, record, source);
  const { rows } = batch;
  batch.take();
  expect(batch.full).toBe(false);
  return rows;
}

describe('a batch is full', () => {
  it('after 8192 rows', () => expect(rowsUntilFull({ ts: 'f64' }, 'x', 1)).toBe(8192));

  it('after 2^18 cells', () => {
    const columns = Object.fromEntries(Array.from({ length: 1024 }, (_, i) => [`c${i}`, 'text' as const]));
    expect(rowsUntilFull(columns, 'x', 1)).toBe(256);
  });

  it('after 16 Mi characters of source, those of a message counted once', () => {
    const line = 'x'.repeat(1 << 20);
    expect(rowsUntilFull({ ts: 'f64' }, line, 1)).toBe(16);
    expect(rowsUntilFull({ ts: 'f64' }, line, 100)).toBe(1600);
  });
});

it('a file of long bad lines is handed on piece by piece', async () => {
  const bad = `1700000000,1,${'x'.repeat(4 << 20)}`;
  const file: SourceFile = {
    name: 'XBTUSD.csv',
    bytes: async function* () {},
    lines: async function* () {
      for (let first = 0; first < 20; first++) yield { first, lines: [bad] };
    },
    sibling: () => undefined,
  };
  const context: ImportContext = { params: {}, skip: () => {}, instrument: () => 0 };
  const rows: number[] = [];
  for await (const batch of krakenTrades.read(file, context)) rows.push(batch.rows);
  expect(rows).toEqual([4, 4, 4, 4, 4]);
});
