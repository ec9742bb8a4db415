import type { AnyAnalytic, Carry, Tile, TileResult } from '../core/analytic.js';
import { PlanError } from '../core/errors.js';
import { analyticLocation, loadAnalytic } from './load-analytic.js';
import { runTileOnCpu } from './run-tile.js';
import { ThreadEnded, TileThread } from './tile-thread.js';

/** Threads are modules of the build: from TypeScript sources there are none. */
const BUILT = !import.meta.url.endsWith('.ts');

type Warn = ((line: string) => void) | undefined;

/** Threads that run tiles, one for each lane, started when it has its first. */
export class TilePool {
  readonly #threads = new Map<number, TileThread>();
  readonly #ids = new WeakMap<Tile, number>();
  readonly #found = new WeakMap<AnyAnalytic, Promise<boolean>>();
  #tiles = 0;
  #unloadable = false;

  /** Whether threads would run this very analytic: one changed or defined in a cell is not what its module exports. */
  async runs(analytic: AnyAnalytic): Promise<boolean> {
    if (!BUILT || this.#unloadable) return false;
    const known = this.#found.get(analytic) ?? isWhereItSays(analytic);
    this.#found.set(analytic, known);
    return known;
  }

  /**
   * A tile in the thread of its lane. A thread that ends, out of memory or by a crash, is reported, and the tile runs once
   * more in a new one; where threads cannot be loaded it runs here. Errors: those of the analytic, PlanError where the
   * second thread ends too, the reason given to `stop`.
   */
  async run(
    lane: number,
    analytic: AnyAnalytic,
    tile: Tile,
    params: unknown,
    carry: Carry,
    warn: Warn,
  ): Promise<TileResult> {
    const { name } = analytic;
    const job = { id: this.#idOf(tile), location: analyticLocation(analytic)!, tile, params, carry };
    for (let ended = 0; !this.#unloadable; ended++)
      try {
        return await this.#thread(lane).run(job);
      } catch (error) {
        if (!(error instanceof ThreadEnded)) throw error;
        this.#threads.delete(lane);
        if (!error.started) this.#giveUp(error.message, warn);
        else if (ended === 0) warn?.(`${name}: a thread ended (${error.message}); its tile runs again`);
        else throw twice(name, tile, error.message);
      }
    return runTileOnCpu(analytic, tile, params as never, carry);
  }

  /** Ends all threads, and with them the tiles that run, for this reason. */
  async stop(reason: unknown): Promise<void> {
    const threads = [...this.#threads.values()];
    this.#threads.clear();
    await Promise.all(threads.map((thread) => thread.stop(reason)));
  }

  #thread(lane: number): TileThread {
    const thread = this.#threads.get(lane) ?? new TileThread();
    this.#threads.set(lane, thread);
    return thread;
  }

  #idOf(tile: Tile): number {
    const id = this.#ids.get(tile) ?? this.#tiles++;
    this.#ids.set(tile, id);
    return id;
  }

  #giveUp(reason: string, warn: Warn): void {
    if (!this.#unloadable) warn?.(`threads cannot be started (${reason}): everything runs on one`);
    this.#unloadable = true;
  }
}

async function isWhereItSays(analytic: AnyAnalytic): Promise<boolean> {
  const location = analyticLocation(analytic);
  if (!location) return false;
  const found = await loadAnalytic(location).catch(() => undefined);
  return found?.reference === analytic.reference;
}

const twice = (name: string, tile: Tile, reason: string): PlanError =>
  new PlanError(
    `${name} tile of rows`,
    Object.values(tile.inputs)[0]!.rows,
    `must fit a thread: two ended (${reason}); take fewer rows a tile`,
  );
