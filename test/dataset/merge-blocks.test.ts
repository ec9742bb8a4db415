import { describe, expect, it } from 'vitest';
import type { Block, BlockColumn } from '../../src/dataset/block.js';
import { type BlockQueue, mergeBlocks } from '../../src/dataset/merge-blocks.js';
import { integerIn, random } from '../support/random.js';

interface Row {
  ts: number;
  seq: number;
  price: number;
  size: number;
  side: number;
  source: number;
  record: number;
}

const block = (rows: readonly Row[], withSeq = true): Block => ({
  rows: rows.length,
  ts: Float64Array.from(rows, (row) => row.ts),
  seq: withSeq ? Float64Array.from(rows, (row) => row.seq) : undefined,
  source: Uint32Array.from(rows, (row) => row.source),
  record: Float64Array.from(rows, (row) => row.record),
  columns: new Map<string, BlockColumn>([
    ['price', Float64Array.from(rows, (row) => row.price)],
    ['size', Float64Array.from(rows, (row) => row.size)],
    ['side', Uint16Array.from(rows, (row) => row.side)],
  ]),
});

const rowsOf = (of: Block): Row[] =>
  Array.from({ length: of.rows }, (_, i) => ({
    ts: of.ts[i]!,
    seq: of.seq?.[i] ?? Number.NaN,
    price: of.columns.get('price')![i] as number,
    size: of.columns.get('size')![i] as number,
    side: of.columns.get('side')![i] as number,
    source: of.source![i]!,
    record: of.record![i]!,
  }));

async function merged(kind: 'trades' | 'book_delta' | 'bars', queues: readonly BlockQueue[]) {
  const rows: Row[] = [];
  const dropped: { source: number; record: number; reason: string }[] = [];
  for await (const part of mergeBlocks(kind, queues, (of, row, reason) =>
    dropped.push({ source: of.source![row]!, record: of.record![row]!, reason }),
  ))
    rows.push(...rowsOf(part));
  return { rows, dropped };
}

const rank = (seq: number): number => (Number.isNaN(seq) ? -1 : seq);

describe('mergeBlocks', () => {
  it('equals a plain stable sort less repeated trades, however the rows are cut', async () => {
    const uniform = random(11);
    const next = (): number => integerIn(uniform, 0, 1_000_000);
    for (let round = 0; round < 60; round++) {
      const sources = 1 + (next() % 4);
      const all: Row[] = [];
      for (let source = 0; source < sources; source++)
        for (let record = 0, n = next() % 120; record < n; record++)
          all.push({
            ...{ source, record, ts: 1000 + (next() % 40), seq: next() % 5 === 0 ? Number.NaN : next() % 30 },
            ...{ price: 1 + (next() % 2), size: 1 + (next() % 2), side: next() % 3 },
          });
      // the oracle: sort by (ts, seq), then order of arrival; the first of equal trades with an id stays
      const sorted = all
        .map((row, i) => ({ row, i }))
        .sort((a, b) => a.row.ts - b.row.ts || rank(a.row.seq) - rank(b.row.seq) || a.i - b.i)
        .map(({ row }) => row);
      const seen = new Set<string>();
      const expected: Row[] = [];
      const repeated: string[] = [];
      for (const row of sorted) {
        const key = [row.ts, row.seq, row.price, row.size, row.side].join();
        if (!Number.isNaN(row.seq) && seen.has(key)) repeated.push(`${row.source}/${row.record}`);
        else expected.push(row);
        seen.add(key);
      }
      const queues = Array.from({ length: sources }, (_, source): BlockQueue => {
        const own = sorted.filter((row) => row.source === source);
        const blocks: Block[] = [];
        for (let from = 0; from < own.length; ) {
          const to = from + 1 + (next() % 20);
          blocks.push(block(own.slice(from, to)));
          from = to;
        }
        return blocks.map((of) => () => of);
      });
      const { rows, dropped } = await merged('trades', queues);
      expect(rows).toEqual(expected);
      expect(dropped.map(({ source, record }) => `${source}/${record}`).sort()).toEqual(repeated.sort());
      expect(dropped.every(({ reason }) => reason === 'duplicate')).toBe(true);
    }
  });

  it('takes rows of one time that spans many blocks, and empty blocks', async () => {
    const row = (record: number): Row => ({
      ...{ ts: 5, seq: Number.NaN, price: record, size: 1, side: 1, source: 0, record },
    });
    const one = [block([row(0), row(1)]), block([]), block([row(2), row(3)]), block([row(4)])];
    const two = [block([{ ...row(9), source: 1 }])];
    const { rows } = await merged('trades', [one.map((b) => () => b), two.map((b) => () => b)]);
    expect(rows.map(({ price }) => price)).toEqual([0, 1, 2, 3, 4, 9]);
  });

  it('keeps trades that share an id but not their content, and rows without any id', async () => {
    const base: Row = { ts: 1, seq: 7, price: 10, size: 1, side: 1, source: 0, record: 0 };
    const rows = [base, { ...base, size: 2, record: 1 }, { ...base, record: 2 }];
    const result = await merged('trades', [[() => block(rows)]]);
    expect(result.rows.map(({ record }) => record)).toEqual([0, 1]);
    expect(result.dropped).toEqual([{ source: 0, record: 2, reason: 'duplicate' }]);
    const nameless = rows.map((row) => ({ ...row, seq: Number.NaN }));
    expect((await merged('trades', [[() => block(nameless, false)]])).rows).toHaveLength(3);
  });

  it('bars of one name and time: equal ones are duplicates, others conflicts; the first stays', async () => {
    const bar = (record: number, close: number): Block => ({
      ...{ rows: 1, ts: Float64Array.of(60e6), seq: undefined },
      ...{ source: Uint32Array.of(0), record: Float64Array.of(record) },
      columns: new Map<string, BlockColumn>([
        ['interval', Float64Array.of(60e6)],
        ['close', Float64Array.of(close)],
        ['notional', ['5']],
      ]),
    });
    const queues = [[() => bar(0, 10)], [() => bar(1, 10)], [() => bar(2, 11)]];
    const dropped: string[] = [];
    const kept: number[] = [];
    for await (const part of mergeBlocks('bars', queues, (of, row, reason) =>
      dropped.push(`${of.record![row]} ${reason}`),
    ))
      kept.push(...part.record!);
    expect(kept).toEqual([0]);
    expect(dropped).toEqual(['1 duplicate', '2 conflict']);
  });
});
