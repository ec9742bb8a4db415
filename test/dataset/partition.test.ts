import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import type { Block, BlockColumn } from '../../src/dataset/block.js';
import { PartitionReader } from '../../src/dataset/partition-read.js';
import { PartitionWriter } from '../../src/dataset/partition-write.js';
import { storedColumns } from '../../src/dataset/stored-columns.js';
import { scratch } from '../support/scratch.js';

const files = scratch();
const day = 20_000 * 86_400e6;

const facts = ['a', 'b'].map((symbol) => ({ symbol, venue: '', price_unit: '1', size_unit: '1' }));
const metadata = {
  'steelyard.kind': 'trades',
  'steelyard.instruments': JSON.stringify(facts),
};

function trades(rows: number, from: number): Block {
  const of = (make: (i: number) => number): Float64Array =>
    Float64Array.from({ length: rows }, (_, i) => make(i + from));
  return {
    rows,
    ts: of((i) => day + i),
    seq: of((i) => (i % 7 === 0 ? Number.NaN : i)),
    source: undefined,
    record: undefined,
    columns: new Map<string, BlockColumn>([
      ['recv_ts', of((i) => (i % 3 === 0 ? Number.NaN : day + i + 5))],
      ['trade_id', Array.from({ length: rows }, (_, i) => ((i + from) % 4 === 0 ? null : `é${i + from}`))],
      ['price', of((i) => i + 1)],
      ['size', Array.from({ length: rows }, (_, i) => BigInt(i + from) * 2n ** 40n + 1n)],
      ['side', Uint16Array.from({ length: rows }, (_, i) => (i + from) % 3)],
      ['flags', Uint16Array.from({ length: rows }, (_, i) => (i + from) % 16)],
    ]),
  };
}

describe('partition files', () => {
  it.each([1, 7, 8, 63, 64, 65, 65_535, 65_536, 65_537, 131_072])(
    'give back %i rows of two instruments, cell by cell',
    async (rows) => {
      const path = files.path(`trades-${rows}.arrow`);
      const present = new Set(['recv_ts', 'seq', 'trade_id', 'flags', 'side']);
      const columns = storedColumns('trades', present, false);
      const writer = await PartitionWriter.open(path, columns, ['a', 'b'], metadata, rows + 3);
      const [first, second] = [trades(rows, 0), trades(3, rows)];
      writer.append(0, first);
      writer.append(1, second);
      writer.finish();
      expect(writer.rows).toBe(rows + 3);
      const reader = await PartitionReader.open(path, 'trades');
      expect(await reader.scan()).toMatchObject([{ rows, maxPrice: rows }, { rows: 3 }]);
      for (const [code, block] of [first, second].entries()) {
        let at = 0;
        for (const read of reader.blocks(code)) {
          const part = await read();
          for (let i = 0; i < part.rows; i++, at++) {
            expect(part.ts[i]).toBe(block.ts[at]);
            expect(part.seq![i]).toBe(block.seq![at]);
            for (const [name, column] of block.columns) {
              const got = part.columns.get(name)![i];
              const want = column[at]!;
              if (name === 'size' ? BigInt(got!) !== want : !Object.is(got, want))
                expect({ name, at, got }).toEqual({ name, at, got: want });
            }
          }
        }
        expect(at).toBe(block.rows);
      }
      await reader.close();
    },
  );

  it('are plain Arrow: types, zone, dictionary and nulls as any reader sees them', async () => {
    const path = files.path('plain.arrow');
    const columns = storedColumns('trades', new Set(['recv_ts', 'seq', 'trade_id', 'side']), false);
    const writer = await PartitionWriter.open(path, columns, ['a', 'b'], metadata, 4);
    writer.append(1, trades(4, 0));
    writer.finish();
    const table = tableFromIPC(readFileSync(path));
    expect(table.schema.fields.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'instrument Dictionary<Int32, Utf8>',
      'ts Timestamp<MICROSECOND, UTC>',
      'recv_ts Timestamp<MICROSECOND, UTC>',
      'seq Int64',
      'trade_id Utf8',
      'tick Int32',
      'lots Int64',
      'side Int8',
    ]);
    expect([...table.getChild('instrument')!]).toEqual(['b', 'b', 'b', 'b']);
    expect([...table.getChild('seq')!]).toEqual([null, 1n, 2n, 3n]);
    expect([...table.getChild('trade_id')!]).toEqual([null, 'é1', 'é2', 'é3']);
    expect([...table.getChild('side')!]).toEqual([0, 1, -1, 0]);
    expect([...table.getChild('lots')!]).toEqual([1n, 2n ** 40n + 1n, 2n ** 41n + 1n, 3n * 2n ** 40n + 1n]);
  });

  it('same rows, same bytes, however they are appended', async () => {
    const bytes: Buffer[] = [];
    for (const cut of [1, 7, 5000]) {
      const path = files.path(`cut-${cut}.arrow`);
      const columns = storedColumns('trades', new Set(['seq', 'side']), false);
      const writer = await PartitionWriter.open(path, columns, ['a', 'b'], metadata, 5000);
      for (let from = 0; from < 5000; from += cut) writer.append(0, trades(Math.min(cut, 5000 - from), from));
      writer.finish();
      bytes.push(readFileSync(path));
    }
    expect(bytes[1]!.equals(bytes[0]!)).toBe(true);
    expect(bytes[2]!.equals(bytes[0]!)).toBe(true);
  });

  it.skipIf(!existsSync('/dev/full') || !existsSync('/proc/self/fd'))(
    'that cannot be written are closed, and say why',
    async () => {
      const open = readdirSync('/proc/self/fd').length;
      const columns = storedColumns('trades', new Set(['seq', 'side', 'flags']), false);
      await expect(PartitionWriter.open('/dev/full', columns, ['a', 'b'], metadata, 7)).rejects.toThrow(
        /\/dev\/full.*no space left/,
      );
      expect(readdirSync('/proc/self/fd')).toHaveLength(open);
    },
  );
});
