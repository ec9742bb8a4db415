import { availableParallelism } from 'node:os';
import type { AnyAnalytic, Carry, Tile, TileResult } from '../core/analytic.js';
import { DeviceError, InputError, PlanError } from '../core/errors.js';
import { exceeds, type Limits } from '../core/plan.js';
import { analyticLocation } from '../cpu/load-analytic.js';
import { runTileOnCpu } from '../cpu/run-tile.js';
import { forgetTiles, haveWorkers, runTileInWorker } from '../cpu/worker-tiles.js';
import type { TileProfile } from '../gpu/profile.js';

export type BackendChoice = 'auto' | 'cpu' | 'webgpu';
export type AdapterChoice = 'hardware' | 'software' | 'any';

/** Where a tile runs, and how it is watched. */
export interface TileOptions {
  /** Names the tile. */
  readonly id: number;
  /** Lane 0 is the calling thread. */
  readonly lane: number;
  readonly signal?: AbortSignal | undefined;
  readonly warn?: ((line: string) => void) | undefined;
}

/** What runs tiles. `runTile` gives undefined for a tile beyond the limits: the engine then cuts it. */
export interface Backend {
  readonly kind: 'cpu' | 'webgpu';
  readonly adapter: 'none' | 'hardware' | 'software';
  readonly description: string;
  /** Rows of a tile unless the caller says otherwise. */
  readonly tileRows: number;
  /** Tiles that may run at the same time, of an analytic over so many rows. */
  // biome-ignore lint/suspicious/noExplicitAny: parameters of any analytic
  lanes(analytic: AnyAnalytic, params: any, rows: number): number;
  runTile(
    analytic: AnyAnalytic,
    tile: Tile,
    // biome-ignore lint/suspicious/noExplicitAny: parameters of any analytic
    params: any,
    carry: Carry,
    options: TileOptions,
  ): Promise<TileResult | undefined>;
  readonly profiles: TileProfile[];
  close(): Promise<void>;
}

/** Where to run, and how the WebGPU backend plans. */
export interface BackendOptions {
  /** auto: a hardware adapter if there is one, else the CPU. Default auto. */
  readonly backend?: BackendChoice;
  /** For webgpu. Software adapters only when asked for. Default hardware. */
  readonly adapter?: AdapterChoice;
  /** Threads of the CPU backend, the calling one among them; default as many as the machine runs at once. */
  readonly threads?: number;
  /** Threads of a workgroup. Default 64. */
  readonly workgroup?: number;
  /** Plan within smaller limits than the adapter's. */
  readonly limits?: Partial<Limits>;
  readonly profile?: boolean;
  /** Fills buffers with a pattern first, to prove that outputs do not depend on what they held. */
  readonly poison?: boolean;
}

/** What `auto` found: adapters do not come and go within a process, and each look takes the driver's time. */
let hardware: Promise<boolean> | undefined;

/**
 * Opens the backend asked for; never switches silently after a choice was made. An adapter asked for means webgpu.
 * A hardware adapter that is there but fails to open is an error under `auto` too. Errors: InputError for an
 * adapter with another backend, DeviceError.
 */
export async function openBackend(options: BackendOptions): Promise<Backend> {
  const choice = options.backend ?? (options.adapter ? 'webgpu' : 'auto');
  if (choice !== 'webgpu' && options.adapter)
    throw new InputError('adapter', options.adapter, `goes with backend webgpu, not ${choice}`);
  if (choice === 'cpu') return cpuBackend('chosen', options);
  if (choice === 'webgpu') return gpuBackend(options);
  hardware ??= hasHardware();
  return (await hardware)
    ? gpuBackend({ ...options, adapter: 'hardware' })
    : cpuBackend('no hardware adapter', options);
}

async function hasHardware(): Promise<boolean> {
  const { listAdapters } = await import('../gpu/adapters.js');
  try {
    return (await listAdapters()).some(({ kind }) => kind === 'hardware');
  } catch (error) {
    // the optional package webgpu is missing, or finds no driver
    if (error instanceof DeviceError) return false;
    throw error;
  }
}

/** Below so many rows of plain sums a thread costs more to start than it saves. */
const LEAST_ROWS = 1_048_576;
const MOST_THREADS = 1024;

function cpuBackend(why: string, { threads = availableParallelism() }: BackendOptions): Backend {
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS)
    throw new InputError('threads', threads, `must be a whole number from 1 to ${MOST_THREADS}`);
  return {
    kind: 'cpu',
    adapter: 'none',
    description: `CPU (${why})`,
    // a tile's columns are the result's where there is one tile: joining several copies them
    tileRows: 33_554_432,
    profiles: [],
    lanes(analytic, params, rows) {
      const work = rows * (analytic.cost?.(params) ?? 1);
      return haveWorkers && analyticLocation(analytic) && work >= LEAST_ROWS ? threads : 1;
    },
    async runTile(analytic, tile, params, carry, { id, lane, signal, warn }) {
      if (lane === 0) return runTileOnCpu(analytic, tile, params as never, carry);
      const location = analyticLocation(analytic)!;
      return runTileInWorker({ id, location, tile, params, carry }, { signal, warn });
    },
    close: async () => forgetTiles(),
  };
}

async function gpuBackend(options: BackendOptions): Promise<Backend> {
  const { openGpu } = await import('../gpu/device.js');
  const { createExecutor } = await import('../gpu/execute.js');
  const profile = options.profile ?? false;
  const gpu = await openGpu({ adapter: options.adapter ?? 'hardware', timestamps: profile });
  const limits: Limits = { ...gpu.limits, ...options.limits };
  const workgroup = Math.min(options.workgroup ?? 64, limits.maxComputeInvocationsPerWorkgroup);
  const executor = createExecutor(gpu, { profile, poison: options.poison ?? false });
  const profiles: TileProfile[] = [];
  return {
    kind: 'webgpu',
    adapter: gpu.adapter.kind === 'hardware' ? 'hardware' : 'software',
    description: gpu.adapter.description,
    tileRows: 1_048_576,
    lanes: () => 1,
    profiles,
    async runTile(analytic, tile, params, carry) {
      const { kernel } = analytic;
      if (!kernel) throw new PlanError('analytic', analytic.name, 'has no shader and runs on the CPU only');
      const context = { tile, params, limits, carry, workgroup };
      const plan = kernel.plan(context);
      if (exceeds(plan, limits)) return undefined;
      const { reads, profile: tileProfile } = await executor.execute(plan, kernel.shaders);
      if (tileProfile) profiles.push(tileProfile);
      return kernel.decode(reads, context);
    },
    async close() {
      await executor.close();
      await gpu.close();
    },
  };
}
