import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registry } from '../../src/analytics/index.js';
import { inputsOf } from '../../src/engine/inputs.js';
import { mergeShards } from '../../src/engine/merge-shards.js';
import { presentResult } from '../../src/engine/present-result.js';
import { run, runPart } from '../../src/engine/run.js';
import { parseShard, shardRange } from '../../src/engine/shard.js';
import { readShards, writeShard } from '../../src/engine/shard-files.js';
import type { ShardPart } from '../../src/engine/shard-part.js';
import { arrowBytes } from '../../src/table/arrow-write.js';
import { PARAMS } from '../support/cases.js';
import { frameOf, type TradeRow } from '../support/frames.js';
import { marketOf } from '../support/market-rows.js';
import { scratch } from '../support/scratch.js';

const cpu = { backend: 'cpu' } as const;
const files = scratch();

/** An instrument of so many trades. */
const trades = (n: number): TradeRow[] =>
  Array.from({ length: n }, (_, i) => ({ t: 1_700_000_000_000_000 + i * 1e6, k: 100 + (i % 7), lots: 1 + i, side: i % 3 ? 'B' : 'S' })); // biome-ignore format: one row
const frame = (...counts: number[]) => frameOf(counts.map(trades));

const parts = async (name: string, inputs: Parameters<typeof inputsOf>[0], params: object, count: number) => {
  const analytic = registry.get(name)!;
  const made: ShardPart[] = [];
  for (let index = 1; index <= count; index++) {
    const part = await runPart(analytic, inputsOf(inputs), params, cpu, { index, count });
    made.push({ ...part, ledger: { rowsRead: 5 } });
  }
  return made;
};

describe('shardRange', () => {
  const ranges = (counts: number[], count: number) =>
    Array.from({ length: count }, (_, k) =>
      shardRange({ trades: frame(...counts) }, { index: k + 1, count }),
    );

  it('cuts where the rows before are nearest to the share', () => {
    expect(ranges([10, 10, 10, 10], 2)).toEqual([[0, 2], [2, 4]]); // biome-ignore format: ranges
    expect(ranges([1, 1, 1, 97], 2)).toEqual([[0, 3], [3, 4]]); // biome-ignore format: ranges
    expect(ranges([97, 1, 1, 1], 2)).toEqual([[0, 1], [1, 4]]); // biome-ignore format: ranges
    expect(ranges([30, 30, 40], 3)).toEqual([[0, 1], [1, 2], [2, 3]]); // biome-ignore format: ranges
  });

  it('gives every instrument once, also where there are more shards than instruments or no rows', () => {
    for (const counts of [[5], [3, 0, 0, 9, 1], [0, 0], [1, 2, 3, 4, 5, 6, 7]])
      for (const count of [1, 2, 3, 9]) {
        const all = ranges(counts, count);
        expect(all[0]![0]).toBe(0);
        for (let k = 1; k < count; k++) expect(all[k]![0]).toBe(all[k - 1]![1]);
        expect(all.at(-1)![1]).toBe(counts.length);
        for (const [first, last] of all) expect(last).toBeGreaterThanOrEqual(first);
      }
  });

  it('reads i/n and nothing else', () => {
    expect(parseShard('3/8')).toEqual({ index: 3, count: 8 });
    for (const text of ['0/3', '4/3', '1', '1/0', 'a/b', '-1/3', '1/2/3', '1.5/3', ''])
      expect(() => parseShard(text)).toThrow('must be i/n, i from 1 to n');
  });
});

describe('shards of a run', () => {
  const sharded = [...registry.values()].filter(({ cut }) => cut !== 'never').map(({ name }) => name);

  it.each(sharded)('%s: written, read and merged they are the bytes of one run', async (name) => {
    for (const [at, params] of PARAMS[name]!.entries()) {
      const inputs = marketOf(registry.get(name)!, params, {
        seed: 31,
        instruments: 7,
        rows: 1500,
        maxLots: 2n ** 58n,
      });
      const whole = await run(registry.get(name)!, inputs, { ...params }, cpu);
      const want = presentResult(whole, { exact: true, ledgerCounts: { rowsRead: 5 } });
      for (const count of at === 0 ? [1, 2, 5, 9] : [3]) {
        const folder = files.path(`${name}-${at}-${count}`);
        for (const part of await parts(name, inputs, params, count)) await writeShard(folder, part);
        const shards = await readShards([folder]);
        const got = presentResult(mergeShards(shards), { exact: true, ledgerCounts: shards[0]!.ledger });
        expect(Object.keys(got)).toEqual(Object.keys(want));
        for (const [table, wanted] of Object.entries(want))
          expect(
            Buffer.compare(await arrowBytes(got[table]!), await arrowBytes(wanted)),
            `${table} of ${count}`,
          ).toBe(0);
        rmSync(folder, { recursive: true });
      }
    }
  });

  it('an analytic that compares instruments is refused', async () => {
    await expect(parts('imbalance-correlation', frame(9, 9), { every: '1m' }, 2)).rejects.toThrow(
      '--shard imbalance-correlation compares 2 instruments with one another, which cannot be cut apart',
    );
  });

  it('of different runs, missing, doubled or of another version are refused', async () => {
    const [one, two] = (await parts('volume-imbalance', frame(5, 6), { every: '1m' }, 2)) as [
      ShardPart,
      ShardPart,
    ];
    expect(() => mergeShards([])).toThrow('shards 0 must be all of a run');
    expect(() => mergeShards([two])).toThrow('shards 1 of 2 are missing');
    expect(() => mergeShards([one, two, two])).toThrow('shards 3 must be 2, each of them once');
    expect(() => mergeShards([one, { ...two, inputHash: 'x' }])).toThrow(
      'shard 2 inputHash x must be that of shard 1',
    );
    expect(() => mergeShards([one, { ...two, params: { every: '5m' } }])).toThrow('must be that of shard 1');
    const old = { version: '0.9.0' };
    expect(() =>
      mergeShards([
        { ...one, ...old },
        { ...two, ...old },
      ]),
    ).toThrow('shards of volume-imbalance 0.9.0 must be of the version that merges them');
  });

  it('files that are no shards, or not of one another, are refused in one line', async () => {
    const folder = files.path('hostile');
    const [one, two] = (await parts('volume-imbalance', frame(5, 6), { every: '1m' }, 2)) as [
      ShardPart,
      ShardPart,
    ];
    await writeShard(folder, one);
    await writeShard(folder, two);
    expect(readdirSync(folder).sort()).toEqual([
      ...['shard-1-of-2.bars.arrow', 'shard-1-of-2.json', 'shard-2-of-2.bars.arrow', 'shard-2-of-2.json'],
    ]);
    const refused = (paths: string[], why: RegExp) => expect(readShards(paths)).rejects.toThrow(why);
    await refused([join(folder, 'none')], /^shard .*none does not exist$/);
    await refused(
      [files.write('x.json', '{"analytic":"volume-imbalance"}')],
      /^shard x.json must be the JSON file of a shard$/,
    );
    await refused([files.write('y.json', '\0\0{')], /^shard y.json must be/);
    writeFileSync(
      join(folder, 'shard-1-of-2.bars.arrow'),
      readFileSync(join(folder, 'shard-2-of-2.bars.arrow')),
    );
    await refused(
      [folder],
      /^shard shard-1-of-2.bars.arrow does not belong to shard-1-of-2.json: run that shard again$/,
    );
    writeFileSync(join(folder, 'shard-1-of-2.bars.arrow'), 'ARROW1');
    await refused([folder], /^shard shard-1-of-2.bars.arrow cannot be read: /);
    rmSync(join(folder, 'shard-1-of-2.bars.arrow'));
    await refused([folder], /^shard shard-1-of-2.bars.arrow cannot be read: /);
  });
});
