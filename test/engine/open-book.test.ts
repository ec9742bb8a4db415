import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { orderBookImbalance } from '../../src/analytics/order-book-imbalance/index.js';
import { orderFlowImbalance } from '../../src/analytics/order-flow-imbalance/index.js';
import { openBook } from '../../src/engine/open-book.js';
import { run } from '../../src/engine/run.js';
import { importFiles } from '../dataset/support.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'steelyard-book-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('snapshots of two levels say nothing of what lies deeper: a band beyond them is not complete', async () => {
  const cells = [1, 2].flatMap((l) =>
    ['bid_price', 'bid_size', 'ask_price', 'ask_size'].map((c) => `${c}_${l}`),
  );
  const lines = [0, 1, 2].map((second) => [
    1_704_067_200_000_000 + second * 1e6,
    100,
    1,
    101,
    1,
    99,
    2,
    102,
    2,
  ]);
  const path = join(folder, 'ABC.csv');
  writeFileSync(path, `${[['ts', ...cells], ...lines].map((line) => line.join(',')).join('\n')}\n`);
  const to = join(folder, 'snapshots');
  await importFiles(to, 'csv', [path], { kind: 'book_snapshot' });
  const { frame } = await openBook([to], { levels: 20 });
  expect(frame.strides!.bid_tick).toBe(2);
  const { tables } = await run(orderBookImbalance, frame, { bands: '60,500' }, { backend: 'cpu' });
  const { band, complete, bid_depth } = tables.bands!.table.columns as Record<string, Float64Array>;
  expect([...band!]).toEqual([60, 500]);
  expect([...complete!]).toEqual([1, 0]);
  expect([...bid_depth!]).toEqual([1, 3]);
});

it('snapshots are samples, and cannot be repaired', async () => {
  const to = join(folder, 'snapshots');
  const { frame } = await openBook([to], { levels: 2 });
  const { tables } = await run(orderFlowImbalance, frame, { levels: 2 }, { backend: 'cpu' });
  expect([...new Set(tables.bars!.table.columns.sampled as Uint32Array)]).toEqual([1]);
  await expect(openBook([to], { levels: 2, repair: true })).rejects.toThrow(
    'crossed repair needs book changes',
  );
});
