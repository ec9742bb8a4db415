import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { registry as sources } from '../src/analytics/index.js';
import type { AnyAnalytic } from '../src/core/analytic.js';
import { compareColumns } from '../src/engine/compare.js';
import type { Inputs } from '../src/engine/inputs.js';
import type { Result } from '../src/engine/result.js';
import type { RunOptions } from '../src/engine/run-options.js';
import { builtCli } from './cli/support.js';
import { PARAMS } from './support/cases.js';
import { marketOf } from './support/market-rows.js';
import { scratch } from './support/scratch.js';

/** Threads run the build. */
const dist = new URL('../dist/', import.meta.url);
const built = <T>(file: string): Promise<T> => import(/* @vite-ignore */ new URL(file, dist).href);

let library: typeof import('../src/index.js');

/** The analytic as the build has it, and so costly that threads are started for any input. */
const costly = (name: string): AnyAnalytic => ({ ...library.registry.get(name)!, cost: () => 1e9 });

const run = (analytic: AnyAnalytic, inputs: Inputs, params: object, options: RunOptions) =>
  library.run(analytic, inputs, { ...params }, { backend: 'cpu', ...options });

/** Columns that are not the same to the bit. */
const differences = (got: Result, want: Result): string[] =>
  Object.entries(want.tables).flatMap(([output, { table }]) =>
    Object.entries(table.columns)
      .filter(
        ([name, column]) =>
          compareColumns(got.tables[output]!.table.columns[name], column, 'exact').count > 0,
      )
      .map(([name]) => `${output}.${name}`),
  );

beforeAll(async () => {
  builtCli();
  library = await built<typeof import('../src/index.js')>('index.js');
});

describe('threads of the CPU backend', () => {
  const market = { seed: 21, instruments: 9, rows: 3000 };

  it.each([...sources.keys()])('%s: any number of them gives the bytes of one', async (name) => {
    for (const params of PARAMS[name]!) {
      const inputs = marketOf(sources.get(name)!, params, market);
      const want = await run(costly(name), inputs, params, { threads: 1 });
      for (const options of [
        { threads: 2 },
        { threads: 3, tileRows: 170 },
        { threads: 5, tileRows: 1 << 20 },
      ]) {
        const got = await run(costly(name), inputs, params, options);
        expect(differences(got, want), JSON.stringify({ params, options })).toEqual([]);
        expect(got.carry).toEqual(want.carry);
      }
    }
  });

  it('are those of the machine by default, and as many as pay', async () => {
    const { openBackend } = await built<typeof import('../src/engine/backend.js')>('engine/backend.js');
    const analytic = library.registry.get('volume-imbalance')!;
    const lanes = async (threads: number | undefined, rows: number, of = analytic) =>
      (await openBackend({ backend: 'cpu', ...(threads ? { threads } : {}) })).lanes(of, {}, rows);
    expect(await lanes(undefined, 1e10)).toBe(availableParallelism());
    expect(await lanes(7, 1e8)).toBe(7);
    expect(await lanes(7, 5e6)).toBe(2);
    expect(await lanes(7, 1000)).toBe(1);
    // its module exports another
    expect(await lanes(7, 1e8, { ...analytic, reference: () => ({ outputs: {} }) })).toBe(1);
    for (const threads of [0, 1.5, 2000, Number.NaN])
      await expect(openBackend({ backend: 'cpu', threads })).rejects.toThrow(
        `threads ${threads} must be a whole number from 1 to 1024`,
      );
  });

  const trades = () => marketOf(sources.get('volume-imbalance')!, {}, market);
  const unruly = async (): Promise<Record<string, AnyAnalytic>> =>
    import(/* @vite-ignore */ new URL('support/unruly-analytics.mjs', import.meta.url).href);

  it('the error is that of one thread: of the earliest tile', async () => {
    const { failing } = await unruly();
    for (const threads of [1, 4])
      await expect(
        run(failing!, trades(), { every: '1m' }, { threads, tileRows: 100 }),
      ).rejects.toMatchObject({
        name: 'InputError',
        message: 'failing instrument S00001 must be the first',
      });
  });

  it('one nobody expected keeps its name and message', async () => {
    const { overflowing } = await unruly();
    for (const threads of [1, 4])
      await expect(run(overflowing!, trades(), { every: '1m' }, { threads })).rejects.toMatchObject({
        name: 'RangeError',
        message: 'Invalid typed array length: -1',
      });
  });

  it('an abort ends the tiles that run', async () => {
    const { endless } = await unruly();
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 300);
    const options = { threads: 3, tileRows: 50, signal: stop.signal };
    await expect(run(endless!, trades(), { every: '1m' }, options)).rejects.toThrow('enough');
  });

  it('parameters that cannot be sent are an error, and the process ends', async () => {
    const { openBackend } = await built<typeof import('../src/engine/backend.js')>('engine/backend.js');
    const backend = await openBackend({ backend: 'cpu', threads: 2 });
    const tile = { inputs: {}, firstInstrument: 0 };
    const params = { every: () => 1 };
    const analytic = library.registry.get('volume-imbalance')!;
    await expect(backend.runTile(analytic, tile, params, {}, { lane: 0 })).rejects.toThrow(
      'could not be cloned',
    );
    await backend.close();
  });

  it('read what a frame holds now', async () => {
    const frame = trades().trades!;
    const analytic = costly('volume-imbalance');
    const volumes = async (threads: number) =>
      (await run(analytic, { trades: frame }, { every: '1d' }, { threads })).tables.bars!.table.columns
        .buy_volume;
    await volumes(3);
    (frame.columns.size as Uint32Array).fill(5 << 2);
    expect(await volumes(3)).toEqual(await volumes(1));
  });
});

describe('a thread that ends', () => {
  const files = scratch();
  const script = fileURLToPath(new URL('support/run-ending.mjs', import.meta.url));

  /** What a process with such threads prints. */
  function outcome(ends: string, ...flags: string[]) {
    const env = { ...process.env, ENDS: ends, MARKER: files.path(ends) };
    const child = spawnSync(process.execPath, [...flags, script], { encoding: 'utf8', env });
    expect(child.status, child.stderr).toBe(0);
    return JSON.parse(child.stdout.trim().split('\n').at(-1)!);
  }

  it.each([
    ['exit', 'exit code 7'],
    ['memory', 'Worker terminated due to reaching memory limit: JS heap out of memory'],
  ])('%s: is reported, and its tile runs again', (ends, reason) => {
    expect(outcome(ends, '--max-old-space-size=96')).toEqual({
      worst: 'none',
      warnings: [`ending: a thread ended (${reason}); its tile runs again`],
    });
  });

  it('twice is an error in one line', () => {
    expect(outcome('always')).toMatchObject({
      name: 'PlanError',
      message: expect.stringMatching(
        /^ending tile of rows \d+ must fit a thread: two ended \(exit code 7\); take fewer rows a tile$/,
      ),
      warnings: expect.arrayContaining(['ending: a thread ended (exit code 7); its tile runs again']),
    });
  });

  it('is started from a script without a file, too', () => {
    const script = `
      import { registry, openTrades, run, writeMarket } from '${new URL('index.js', dist).href}';
      const { path } = await writeMarket('${files.path('market')}', { instruments: 8, trades: 4000, seed: 3 });
      const { frame } = await openTrades([path]);
      const analytic = { ...registry.get('volume-imbalance'), cost: () => 1e9 };
      const { timing } = await run(analytic, frame, {}, { backend: 'cpu', threads: 2, warn: console.log });
      console.log(timing.tiles);`;
    const flags = ['--input-type=module', '-e', script];
    const child = spawnSync(process.execPath, flags, { encoding: 'utf8' });
    expect(child.stderr).toBe('');
    expect(Number(child.stdout)).toBeGreaterThan(2);
  });
});
