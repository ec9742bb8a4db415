import { parentPort } from 'node:worker_threads';
import type { Tile, TileResult } from '../core/analytic.js';
import type { Column } from '../core/columns.js';
import { isExact } from '../core/exact.js';
import { errorAnswer } from '../core/worker-answer.js';
import { loadAnalytic } from './load-analytic.js';
import { runTileOnCpu } from './run-tile.js';
import { FORGET, type TileJob } from './tile-job.js';

/** Tiles of the run, latest last. A sweep comes back to them block by block. */
const tiles = new Map<number, Tile>();
const MOST_TILES = 16;

function tileOf({ id, tile }: TileJob): Tile {
  const known = tiles.get(id) ?? tile;
  tiles.delete(id);
  tiles.set(id, known);
  if (tiles.size > MOST_TILES) tiles.delete(tiles.keys().next().value!);
  return known;
}

parentPort?.on('message', async (job: TileJob | typeof FORGET) => {
  if (job === FORGET) return tiles.clear();
  try {
    const { location, params, carry } = job;
    const result = runTileOnCpu(await loadAnalytic(location), tileOf(job), params as never, carry);
    parentPort!.postMessage({ result }, buffersOf(result));
  } catch (error) {
    parentPort!.postMessage(errorAnswer(error));
  }
});

/** Memory of the result that can be handed over; shared memory, such as a column of the input passed on, stays where it is. */
function buffersOf({ outputs, carry = {} }: TileResult): ArrayBuffer[] {
  const columns: Column[] = [...Object.values(outputs).flatMap((table) => Object.values(table.columns))];
  columns.push(...Object.values(carry));
  const buffers = columns.map((column) => (isExact(column) ? column.values : column).buffer);
  return [...new Set(buffers)].filter((buffer) => buffer instanceof ArrayBuffer);
}
