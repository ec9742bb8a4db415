import { availableParallelism } from 'node:os';
import type { AnyAnalytic, Carry, Tile, TileResult } from '../core/analytic.js';
import { DeviceError, InputError, PlanError } from '../core/errors.js';
import { exceeds, type Limits } from '../core/plan.js';
import { runTileOnCpu } from '../cpu/run-tile.js';
import { TilePool } from '../cpu/tile-pool.js';
import type { TileProfile } from '../gpu/profile.js';
import { MOST_THREADS } from './threads.js';
import { TileCache } from './tile-cache.js';

export type BackendChoice = 'auto' | 'cpu' | 'webgpu';
export type AdapterChoice = 'hardware' | 'software' | 'any';

/** Where a tile runs, and who is told. */
export interface TileOptions {
  /** Thread of the tile; the calling one unless given. */
  readonly lane?: number;
  readonly warn?: (line: string) => void;
}

/** What runs tiles. `runTile` gives undefined for a tile beyond the limits: the engine then cuts it. */
export interface Backend {
  readonly kind: 'cpu' | 'webgpu';
  readonly adapter: 'none' | 'hardware' | 'software';
  readonly description: string;
  /** Rows of a tile unless the caller says otherwise. */
  readonly tileRows: number;
  readonly cache: TileCache;
  /** Tiles that may run at the same time, of an analytic over so many rows. */
  // biome-ignore lint/suspicious/noExplicitAny: parameters of any analytic
  lanes(analytic: AnyAnalytic, params: any, rows: number): Promise<number>;
  runTile(
    analytic: AnyAnalytic,
    tile: Tile,
    // biome-ignore lint/suspicious/noExplicitAny: parameters of any analytic
    params: any,
    carry: Carry,
    options: TileOptions,
  ): Promise<TileResult | undefined>;
  readonly profiles: TileProfile[];
  /** Ends the tiles that run side by side, for this reason. */
  stop(reason: unknown): Promise<void>;
  close(): Promise<void>;
}

/** Where to run, and how the WebGPU backend plans. */
export interface BackendOptions {
  /** auto: a hardware adapter if there is one, else the CPU. Default auto. */
  readonly backend?: BackendChoice;
  /** For webgpu. Software adapters only when asked for. Default hardware. */
  readonly adapter?: AdapterChoice;
  /** Threads of the CPU backend; 1 is the calling one. Default as many as the machine runs at once. */
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

/** Rows of plain sums for which one more thread saves more than its start costs. */
const ROWS_A_THREAD = 2_097_152;

function cpuBackend(why: string, { threads = availableParallelism() }: BackendOptions): Backend {
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS)
    throw new InputError('threads', threads, `must be a whole number from 1 to ${MOST_THREADS}`);
  const pool = new TilePool();
  return {
    kind: 'cpu',
    adapter: 'none',
    description: `CPU (${why})`,
    // a tile's columns are the result's where there is one tile: joining several copies them
    tileRows: 33_554_432,
    profiles: [],
    cache: new TileCache(),
    async lanes(analytic, params, rows) {
      const worth = Math.min(threads, Math.floor((rows * (analytic.cost?.(params) ?? 1)) / ROWS_A_THREAD));
      return worth > 1 && (await pool.runs(analytic)) ? worth : 1;
    },
    runTile: async (analytic, tile, params, carry, { lane, warn }) =>
      lane === undefined
        ? runTileOnCpu(analytic, tile, params as never, carry)
        : pool.run(lane, analytic, tile, params, carry, warn),
    stop: (reason) => pool.stop(reason),
    close: () => pool.stop(new Error('the backend was closed')),
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
    cache: new TileCache(),
    lanes: async () => 1,
    stop: async () => {},
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
