import type { Carry } from '../core/analytic.js';
import type { Frame } from '../core/columns.js';
import { InputError, PlanError } from '../core/errors.js';
import type { Backend } from './backend.js';
import { CarryStore } from './carry.js';
import type { Part } from './merge.js';
import type { Node } from './resolve.js';
import type { RunOptions } from './run-options.js';
import { alignCut, cutAt, cutPositions, tileOf } from './tiles.js';

/**
 * One analytic over its inputs, tile by tile, in row order: what each output's tiles gave, and the state left behind.
 * A tile beyond the limits is replaced by its halves. Errors: InputError for cuts, PlanError where no cut helps.
 */
export async function runTiles(
  backend: Backend,
  { analytic, params }: Node,
  inputs: Readonly<Record<string, Frame>>,
  options: RunOptions,
  start?: Carry,
): Promise<{ parts: Record<string, Part[]>; tiles: number; carry: Carry }> {
  const driver = Object.keys(inputs)[0]!;
  const frame = inputs[driver]!;
  const at = cutAt(analytic, frame);
  const maxRows = options.tileRows ?? backend.tileRows;
  if (!Number.isInteger(maxRows) || maxRows < 1)
    throw new InputError('tileRows', maxRows, 'must be a whole number, at least 1');
  const odd = options.cuts?.find((row) => !Number.isInteger(row));
  if (odd !== undefined) throw new InputError('cuts', odd, 'must be whole numbers of rows');
  const forced = (options.cuts ?? []).map((row) => alignCut(frame, row, 0, frame.rows, at));
  const cuts = [...new Set([...cutPositions(frame, maxRows, at), ...forced])].filter(
    (r) => r > 0 && r < frame.rows,
  );
  cuts.sort((a, b) => a - b);
  const parts: Record<string, Part[]> = Object.fromEntries(
    Object.keys(analytic.outputs).map((name) => [name, []]),
  );
  const carry = new CarryStore(analytic, params, frame.instruments.length, start);
  let tiles = 0;
  if (frame.rows === 0) {
    // no tile would run: the reference of nothing gives every output its columns
    const { outputs } = analytic.reference(tileOf(inputs, driver, 0, 0), params, carry.read(0, 0));
    for (const [output, table] of Object.entries(outputs)) parts[output]!.push({ table, firstInstrument: 0 });
  }
  // ranges still to run, last first; a tile beyond the limits is replaced by its halves
  const ranges: [number, number][] = [...cuts, frame.rows].map((end, i) => [i === 0 ? 0 : cuts[i - 1]!, end]);
  ranges.reverse();
  for (let range = ranges.pop(); range; range = ranges.pop()) {
    options.signal?.throwIfAborted();
    const [from, to] = range;
    if (from === to) continue;
    const tile = tileOf(inputs, driver, from, to);
    const count = tile.inputs[driver]!.instruments.length;
    const result = await backend.runTile(analytic, tile, params, carry.read(tile.firstInstrument, count));
    if (!result) {
      const half = alignCut(frame, Math.floor((from + to) / 2), from, to, at);
      if (half <= from || half >= to)
        throw new PlanError(
          `${analytic.name} tile of rows`,
          to - from,
          'cannot be cut further, yet exceeds the limits of the adapter',
        );
      ranges.push([half, to], [from, half]);
      continue;
    }
    if (result.carry) carry.write(tile.firstInstrument, result.carry);
    for (const [output, table] of Object.entries(result.outputs)) {
      const list = parts[output];
      if (!list) throw new TypeError(`${analytic.name} gave output ${output}, which it does not declare`);
      list.push({ table, firstInstrument: tile.firstInstrument });
    }
    tiles++;
    options.progress?.({ stage: analytic.name, rows: to, total: frame.rows });
    // let timers and abort signals in between tiles
    await new Promise((resume) => setImmediate(resume));
  }
  return { parts, tiles, carry: carry.read(0, frame.instruments.length) };
}
