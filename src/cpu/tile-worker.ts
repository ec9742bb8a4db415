import { parentPort } from 'node:worker_threads';
import type { AnyAnalytic, Tile, TileResult } from '../core/analytic.js';
import { isExact } from '../core/exact.js';
import { errorAnswer } from '../core/worker-answer.js';
import { loadAnalytic } from './load-analytic.js';
import { runTileOnCpu } from './run-tile.js';
import type { FromThread, TileJob } from './tile-job.js';

/** Tiles by id, latest last: a sweep comes back to them block by block. */
const tiles = new Map<number, Tile>();
const MOST_TILES = 64;

function tileOf({ id, tile }: TileJob): Tile {
  const known = tiles.get(id) ?? tile;
  tiles.delete(id);
  tiles.set(id, known);
  if (tiles.size > MOST_TILES) tiles.delete(tiles.keys().next().value!);
  return known;
}

const say = (message: FromThread, buffers: ArrayBuffer[] = []): void =>
  parentPort?.postMessage(message, buffers);

parentPort?.on('message', async (job: TileJob) => {
  const { location, params, carry } = job;
  let analytic: AnyAnalytic;
  try {
    analytic = await loadAnalytic(location);
  } catch (error) {
    return say({ unloaded: String(error) });
  }
  try {
    const result = runTileOnCpu(analytic, tileOf(job), params as never, carry);
    say({ result }, buffersOf(result));
  } catch (error) {
    say(errorAnswer(error));
  }
});

/** Memory of the result that can be handed over; shared memory, such as a column of the input passed on, stays where it is. */
function buffersOf({ outputs, carry = {} }: TileResult): ArrayBuffer[] {
  const columns = Object.values(outputs).flatMap((table) => Object.values(table.columns));
  const buffers = [...columns, ...Object.values(carry)].map(
    (column) => (isExact(column) ? column.values : column).buffer,
  );
  return [...new Set(buffers)].filter((buffer) => buffer instanceof ArrayBuffer);
}

say({ ready: true });
