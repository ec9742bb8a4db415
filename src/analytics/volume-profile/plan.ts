import type { Kernel, PlanContext, TileResult } from '../../core/analytic.js';
import type { Frame } from '../../core/columns.js';
import { exactColumn, setBig } from '../../core/exact.js';
import { sessionGrid } from '../../core/grid.js';
import type { Plan } from '../../core/plan.js';
import { gridGroups, packUniform, storage, uniform } from '../../core/planners.js';
import { type RowParams, rowScales } from '../../core/price-rows.js';
import { GRID_WORDS, type RowGrid, rowGrids } from './row-grids.js';

interface Params extends RowParams {
  readonly session: string;
}

/** Trades one thread walks. */
const CHUNK = 64;

const layouts = {
  locate: { rows: 'u32', instruments: 'u32' },
  histogram: { rows: 'u32' },
  available: { rows: 'u32' },
} as const;

const file = (pass: string) => ({
  file: new URL(`../../../shaders/volume-profile.${pass}.wgsl`, import.meta.url),
});

/** Words of one sum, from the bound on one instrument's lots. */
const sumWords = (frame: Frame): 1 | 2 | 3 =>
  frame.stats.maxTotalLots < 2 ** 32 ? 1 : frame.stats.maxTotalLots < 2 ** 63 ? 2 : 3;

function bins({ tile, params }: PlanContext<Params>) {
  const frame = tile.inputs.trades!;
  const sessions = sessionGrid(frame, params.session, 'volume-profile session');
  return { sessions, ...rowGrids(frame, rowScales(frame, params), sessions, params.rounding) };
}

function plan(context: PlanContext<Params>): Plan {
  const { tile, params, limits, workgroup } = context;
  const frame = tile.inputs.trades!;
  const { time, tick, size, sizeHi, available } = frame.columns as Record<string, Uint32Array>;
  const { sessions, grids, bins: total } = bins(context);
  const { words: gridWords, edges, starts } = packGrids(grids, frame.rows, sessions.units);
  const stride = 3 * (sumWords(frame) + 1);
  const chunked = gridGroups(Math.ceil(frame.rows / CHUNK), workgroup, limits);
  const byRow = gridGroups(frame.rows, workgroup, limits);
  const constants = { WG: workgroup, CHUNK };
  const latest = (word: number) => ({
    shader: 'available',
    entry: 'available_word',
    constants: { WG: workgroup, WORD: word },
    bind: ['rowParams', 'bin', 'available', 'latest'],
    groups: byRow,
  });
  return {
    buffers: {
      locateParams: uniform(layouts.locate),
      rowParams: uniform(layouts.histogram),
      grids: storage(gridWords.length),
      sessions: storage(starts.length),
      edges: storage(edges.length),
      time: storage(frame.rows),
      tick: storage(frame.rows),
      size: storage(frame.rows),
      sizeHi: storage(sizeHi ? frame.rows : 4),
      bin: storage(frame.rows),
      bins: storage(total * stride, true),
      ...(available && { available: storage(frame.rows * 2), latest: storage(total * 2, true) }),
    },
    uploads: [
      {
        buffer: 'locateParams',
        data: packUniform(layouts.locate, { rows: frame.rows, instruments: grids.length }),
        encode: 'raw',
      },
      { buffer: 'rowParams', data: packUniform(layouts.histogram, { rows: frame.rows }), encode: 'raw' },
      { buffer: 'grids', data: gridWords, encode: 'raw' },
      { buffer: 'sessions', data: starts, encode: 'raw' },
      { buffer: 'edges', data: edges, encode: 'raw' },
      { buffer: 'time', data: time!, encode: 'raw' },
      { buffer: 'tick', data: tick!, encode: 'raw' },
      { buffer: 'size', data: size!, encode: 'raw' },
      ...(sizeHi ? [{ buffer: 'sizeHi', data: sizeHi, encode: 'raw' } as const] : []),
      ...(available
        ? [{ buffer: 'available', data: available, encode: 'u64', origin: frame.time.base } as const]
        : []),
    ],
    dispatches: [
      {
        shader: 'locate',
        entry: 'locate',
        constants: { ...constants, HALF_EVEN: params.rounding === 'half_even' ? 1 : 0 },
        bind: ['locateParams', 'grids', 'sessions', 'edges', 'time', 'tick', 'bin'],
        groups: chunked,
      },
      {
        shader: 'histogram',
        entry: 'histogram',
        constants: { ...constants, LOT_WORDS: sizeHi ? 2 : 1, SUM_WORDS: sumWords(frame) },
        bind: ['rowParams', 'bin', 'size', 'sizeHi', 'bins'],
        groups: chunked,
      },
      ...(available ? [latest(1), latest(0)] : []),
    ],
    reads: [
      { name: 'bins', buffer: 'bins', words: total * stride },
      ...(available ? [{ name: 'latest', buffer: 'latest', words: total * 2 }] : []),
    ],
  };
}

/**
 * The struct array with an entry behind the last that starts at the row count, all edges, and each session's start
 * and first bin minus its first slot.
 */
function packGrids(grids: readonly RowGrid[], rows: number, units: Uint32Array) {
  const words = new Uint32Array((grids.length + 1) * GRID_WORDS);
  const edges = new Int32Array(grids.reduce((n, g) => n + (g.edges?.length ?? 0), 0));
  const starts = new Uint32Array(grids.reduce((n, g) => n + 2 * g.sessions.length, 0));
  let edge = 0;
  let start = 0;
  grids.forEach((g, s) => {
    const odd = Math.abs(g.row0 % 2);
    const count = g.edges?.length ?? 0;
    words.set(
      [g.firstRow, start / 2, g.sessions.length, g.low, g.mul, g.add, g.den, odd, edge, count],
      s * GRID_WORDS,
    );
    if (g.edges) edges.set(g.edges, edge);
    for (const { session, firstBin, firstSlot } of g.sessions) {
      starts[start++] = units[session]!;
      starts[start++] = firstBin - firstSlot;
    }
    edge += count;
  });
  words[grids.length * GRID_WORDS] = rows;
  return { words, edges, starts };
}

function decode(reads: Readonly<Record<string, Uint32Array>>, context: PlanContext<Params>): TileResult {
  const frame = context.tile.inputs.trades!;
  const { sessions, grids, bins: total } = bins(context);
  const sums = sumWords(frame);
  const stride = 3 * (sums + 1);
  const source = reads.bins!;
  const tradesIn = (bin: number): number => {
    const at = bin * stride + 3 * sums;
    return source[at]! + source[at + 1]! + source[at + 2]!;
  };
  let rows = 0;
  for (let bin = 0; bin < total; bin++) if (tradesIn(bin) !== 0) rows++;
  const instrument = new Uint32Array(rows);
  const time = new Float64Array(rows);
  const row = new Float64Array(rows);
  const trades = new Uint32Array(rows);
  const buy_trades = new Uint32Array(rows);
  const sell_trades = new Uint32Array(rows);
  const latest = new Float64Array(rows);
  const sides = [exactColumn(rows), exactColumn(rows), exactColumn(rows)] as const;
  let n = 0;
  grids.forEach((g, s) => {
    for (const { session, firstBin, firstSlot, bins: count } of g.sessions)
      for (let bin = firstBin; bin < firstBin + count; bin++) {
        const slot = firstSlot + bin - firstBin;
        const at = bin * stride;
        const traded = tradesIn(bin);
        if (traded === 0) continue;
        trades[n] = traded;
        instrument[n] = s;
        time[n] = sessions.starts[session]!;
        row[n] = g.rows ? g.rows[slot]! : g.row0 + slot;
        buy_trades[n] = source[at + 3 * sums]!;
        sell_trades[n] = source[at + 3 * sums + 1]!;
        for (let side = 0; side < 3; side++) {
          const word = at + side * sums;
          const high = sums > 1 ? source[word + 1]! : 0;
          const top = sums > 2 ? source[word + 2]! : 0;
          if (top === 0 && high < 2097152) sides[side]!.values[n] = high * 4294967296 + source[word]!;
          else setBig(sides[side]!, n, (BigInt(top) << 64n) | (BigInt(high) << 32n) | BigInt(source[word]!));
        }
        if (reads.latest)
          latest[n] = frame.time.base + reads.latest[2 * bin + 1]! * 4294967296 + reads.latest[2 * bin]!;
        n++;
      }
  });
  const [buy_volume, sell_volume, unknown_volume] = sides;
  const columns = {
    instrument,
    time,
    row,
    buy_volume,
    sell_volume,
    unknown_volume,
    trades,
    buy_trades,
    sell_trades,
    last_available: latest,
  };
  return { outputs: { rows: { rows, columns } } };
}

export const kernel: Kernel<Params> = {
  shaders: { locate: file('locate'), histogram: file('histogram'), available: file('available') },
  layouts,
  plan,
  decode,
};
