import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registry as sources } from '../src/analytics/index.js';
import type { AnyAnalytic, Carry, Tile, TileResult } from '../src/core/analytic.js';
import type { Frame } from '../src/core/columns.js';
import { compareColumns } from '../src/engine/compare.js';
import { builtCli } from './cli/support.js';
import { PARAMS } from './support/cases.js';
import { rowKinds } from './support/market-rows.js';

const dist = new URL('../dist/', import.meta.url);
const built = <T>(file: string): Promise<T> => import(/* @vite-ignore */ new URL(file, dist).href);

interface Request {
  readonly location: { readonly module: string; readonly exportName: string } | undefined;
  readonly tile: Tile;
  readonly params: unknown;
  readonly carry: Carry;
}
type Answer = TileResult & { readonly shared: boolean; readonly error?: string };

let worker: Worker;
let folder = '';
let frame: Frame;
let registry: ReadonlyMap<string, AnyAnalytic>;

async function ask(request: Request): Promise<Answer> {
  worker.postMessage(request);
  // an uncaught error of the worker rejects
  const [answer] = await once(worker, 'message');
  return answer;
}

/** The inputs of an analytic over the whole frame, its needs run first. */
async function inputsOf(analytic: AnyAnalytic, params: unknown): Promise<Record<string, Frame>> {
  const { framesOfNode } = await built<typeof import('../src/engine/run.js')>('engine/run.js');
  const { resolve } = await built<typeof import('../src/engine/resolve.js')>('engine/resolve.js');
  const { openBackend } = await built<typeof import('../src/engine/backend.js')>('engine/backend.js');
  const backend = await openBackend({ backend: 'cpu' });
  return framesOfNode(backend, resolve(analytic, params as Record<string, unknown>, registry), {
    trades: frame,
  });
}

/** Analytics that run on trades alone; panels are made of them. */
const ofTrades = (name: string): boolean =>
  [...rowKinds(sources.get(name)!, PARAMS[name]![0]!)].join() === 'trades';

describe('an analytic in a worker, from the build', () => {
  beforeAll(async () => {
    builtCli();
    folder = mkdtempSync(join(tmpdir(), 'steelyard-workers-'));
    const library = await built<typeof import('../src/index.js')>('index.js');
    registry = library.registry;
    const { path } = await library.writeMarket(folder, { instruments: 12, trades: 20_000, seed: 5 });
    frame = (await library.openTrades([path])).frame;
    worker = new Worker(new URL('support/tile-worker.mjs', import.meta.url), {
      workerData: { dist: dist.href },
    });
  });

  afterAll(async () => {
    await worker?.terminate();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  it('gets a frame whose columns are shared, not copied', () => {
    for (const [name, column] of Object.entries(frame.columns))
      expect((column as Uint32Array).buffer, name).toBeInstanceOf(SharedArrayBuffer);
  });

  it.each([...sources.keys()].filter(ofTrades))(
    '%s gives what it gives inline, for every parameter set and tile',
    async (name) => {
      const { analyticLocation } =
        await built<typeof import('../src/cpu/load-analytic.js')>('cpu/load-analytic.js');
      const { cutAt, tileOf } = await built<typeof import('../src/engine/tiles.js')>('engine/tiles.js');
      const { CarryStore } = await built<typeof import('../src/engine/carry.js')>('engine/carry.js');
      const { checkParams } = await built<typeof import('../src/core/schema.js')>('core/schema.js');
      const analytic = registry.get(name)!;
      const location = analyticLocation(analytic);
      expect(location?.module).toBe(new URL(`analytics/${name}/index.js`, dist).href);
      for (const given of PARAMS[name]!) {
        const params = checkParams(name, analytic.params, given);
        const inputs = await inputsOf(analytic, given);
        const driver = Object.keys(inputs)[0]!;
        const { rows, offsets } = inputs[driver]!;
        // all of it, whole instruments from the middle, and for trades a cut inside one
        const ranges: [number, number][] = [
          [0, rows],
          [offsets[3]!, offsets[9]!],
        ];
        if (driver === 'trades' && cutAt(analytic, inputs[driver]!) === 'row')
          ranges.push([offsets[2]! + 5, offsets[7]! + 1]);
        for (const [from, to] of ranges) {
          const tile = tileOf(inputs, driver, from, to);
          const count = tile.inputs[driver]!.instruments.length;
          const carry = new CarryStore(analytic, params, frame.instruments.length).read(
            tile.firstInstrument,
            count,
          );
          const want = analytic.reference(tile, params, carry);
          const got = await ask({ location, tile, params, carry });
          expect(got.error).toBeUndefined();
          expect(Object.keys(got.outputs)).toEqual(Object.keys(want.outputs));
          expect(got.shared).toBe(driver === 'trades');
          // tables that nobody asked for are empty
          expect(Math.max(...Object.values(want.outputs).map(({ rows }) => rows))).toBeGreaterThan(0);
          for (const [output, table] of Object.entries(want.outputs)) {
            expect(got.outputs[output]!.rows).toBe(table.rows);
            expect(Object.keys(got.outputs[output]!.columns)).toEqual(Object.keys(table.columns));
            for (const [column, values] of Object.entries(table.columns))
              expect(
                compareColumns(got.outputs[output]!.columns[column], values, 'exact').count,
                column,
              ).toBe(0);
          }
          expect(got.carry).toEqual(want.carry);
        }
      }
    },
  );

  it('one without a module has no location and stays inline', async () => {
    const { analyticLocation } =
      await built<typeof import('../src/cpu/load-analytic.js')>('cpu/load-analytic.js');
    const analytic = registry.get('volume-imbalance')!;
    const { module: _, ...inline } = analytic;
    expect(analyticLocation(inline)).toBeUndefined();
    expect(analyticLocation(analytic)).toEqual({ module: analytic.module, exportName: analytic.exportName });
  });

  it('an export that is no analytic is an InputError in one line', async () => {
    const module = new URL('core/exact.js', dist).href;
    const request = { tile: { inputs: {}, firstInstrument: 0 }, params: {}, carry: {} };
    for (const exportName of ['SAFE', 'noSuchExport'])
      expect((await ask({ ...request, location: { module, exportName } })).error).toBe(
        `InputError: export ${exportName} of ${module} must be an analytic`,
      );
  });
});
