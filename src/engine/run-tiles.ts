import type { AnyAnalytic, Carry, TileResult } from '../core/analytic.js';
import type { Frame } from '../core/columns.js';
import { PlanError } from '../core/errors.js';
import type { Backend } from './backend.js';
import { CarryStore } from './carry.js';
import { inLanes } from './in-lanes.js';
import type { Part } from './merge.js';
import type { Node } from './resolve.js';
import type { RunOptions } from './run-options.js';
import { independent, type Range, tileRanges } from './tile-ranges.js';
import { alignCut, type CutAt, cutAt, tileOf } from './tiles.js';

/** So many tiles a lane that all lanes end at about the same time. */
const TILES_A_LANE = 4;

/**
 * One analytic over its inputs, tile by tile: what each output's tiles gave, in row order, and the state left behind.
 * Tiles that carry no state to one another run side by side where the backend has lanes for it. A tile beyond the limits
 * is replaced by its halves. Errors: InputError for cuts, PlanError where no cut helps.
 */
export async function runTiles(
  backend: Backend,
  node: Node,
  given: Readonly<Record<string, Frame>>,
  options: RunOptions,
  start?: Carry,
): Promise<{ parts: Record<string, Part[]>; tiles: number; carry: Carry }> {
  const { analytic, params } = node;
  const { name } = analytic;
  const driver = Object.keys(given)[0]!;
  const frame = given[driver]!;
  const at = cutAt(analytic, frame);
  const { lanes, groups } = await sideBySide(backend, node, frame, at, options);
  const inputs = lanes > 1 ? backend.cache.shared(given) : given;
  const carry = new CarryStore(analytic, params, frame.instruments.length, start);
  if (frame.rows === 0) {
    // no tile would run: the reference of nothing gives every output its columns
    const { outputs } = analytic.reference(tileOf(inputs, driver, 0, 0), params, carry.read(0, 0));
    const parts = partsOf(analytic, [{ outputs, firstInstrument: 0 }]);
    return { parts, tiles: 0, carry: carry.read(0, frame.instruments.length) };
  }
  /** By the first row of the tile: lanes end in any order. */
  const found = new Map<number, Found>();
  let rows = 0;

  async function runRange([from, to]: Range, lane: number): Promise<void> {
    options.signal?.throwIfAborted();
    const tile = backend.cache.tile(inputs, driver, from, to);
    const { firstInstrument } = tile;
    const state = carry.read(firstInstrument, tile.inputs[driver]!.instruments.length);
    const where = lanes > 1 ? { ...options, lane } : options;
    const result = await backend.runTile(analytic, tile, params, state, where);
    if (!result) {
      const half = alignCut(frame, Math.floor((from + to) / 2), from, to, at);
      if (half <= from || half >= to)
        throw new PlanError(
          `${name} tile of rows`,
          to - from,
          'cannot be cut further, yet exceeds the limits of the adapter',
        );
      await runRange([from, half], lane);
      await runRange([half, to], lane);
      return;
    }
    if (result.carry) carry.write(firstInstrument, result.carry);
    found.set(from, { outputs: result.outputs, firstInstrument });
    rows += to - from;
    options.progress?.({ stage: name, rows, total: frame.rows });
    // let timers and abort signals in between tiles
    await new Promise((resume) => setImmediate(resume));
  }

  const { signal } = options;
  const stop = (): void => void backend.stop(signal!.reason);
  signal?.addEventListener('abort', stop);
  try {
    await inLanes(groups, lanes, async (group, lane) => {
      for (const range of group) await runRange(range, lane);
    });
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  const inOrder = [...found.keys()].sort((a, b) => a - b).map((from) => found.get(from)!);
  return {
    parts: partsOf(analytic, inOrder),
    tiles: inOrder.length,
    carry: carry.read(0, frame.instruments.length),
  };
}

/** Ranges in groups that may run side by side, and the lanes that take them: one where there is a single group. */
async function sideBySide(
  backend: Backend,
  { analytic, params }: Node,
  frame: Frame,
  at: CutAt,
  { tileRows, cuts }: RunOptions,
): Promise<{ readonly lanes: number; readonly groups: readonly Range[][] }> {
  const groupsOf = (rows: number): Range[][] => {
    const most = tileRows ?? Math.min(backend.tileRows, Math.max(1, rows));
    return independent(tileRanges(frame, at, most, cuts), frame, analytic);
  };
  const lanes = await backend.lanes(analytic, params, frame.rows);
  if (lanes > 1) {
    const groups = groupsOf(Math.ceil(frame.rows / (lanes * TILES_A_LANE)));
    if (groups.length > 1) return { lanes, groups };
  }
  return { lanes: 1, groups: groupsOf(frame.rows) };
}

interface Found {
  readonly outputs: TileResult['outputs'];
  readonly firstInstrument: number;
}

/** Tables of the tiles, by output. */
function partsOf({ name, outputs }: AnyAnalytic, tiles: readonly Found[]): Record<string, Part[]> {
  const parts: Record<string, Part[]> = Object.fromEntries(
    Object.keys(outputs).map((output) => [output, []]),
  );
  for (const { outputs: given, firstInstrument } of tiles)
    for (const [output, table] of Object.entries(given)) {
      const list = parts[output];
      if (!list) throw new TypeError(`${name} gave output ${output}, which it does not declare`);
      list.push({ table, firstInstrument });
    }
  return parts;
}
