import type { Kernel, PlanContext, TileResult } from '../../core/analytic.js';
import type { Frame } from '../../core/columns.js';
import { PlanError } from '../../core/errors.js';
import { decodeWords } from '../../core/exact.js';
import { barGrid, finestLevel } from '../../core/grid.js';
import type { Plan } from '../../core/plan.js';
import { gridGroups, packUniform, storage, uniform } from '../../core/planners.js';

interface Params {
  readonly every: readonly number[];
}

/** Rows one thread walks: long enough to amortise finding its instrument, short enough to share a hot bar. */
const CHUNK = 256;
/** Blocks of one word a piece, and the sums behind them. */
const WORDS = 9;
const SUMS = 6;

const shape = { rows: 'u32', instruments: 'u32', units: 'u32', phase: 'u32' } as const;
const layouts = { count: shape, scan: { chunks: 'u32' }, bars: { ...shape, chunks: 'u32' } } as const;

const file = (pass: string) => ({
  file: new URL(`../../../shaders/volume-imbalance.${pass}.wgsl`, import.meta.url),
});

/** Two words while every sum of one instrument provably stays below 2^63, else four. */
function sumWords(frame: Frame): 2 | 4 {
  const bound = frame.stats.maxSecondMoment;
  if (bound >= 2 ** 126)
    throw new PlanError(
      'second moment of up to',
      bound,
      'exceeds the 126 bits that sums hold; narrow the price range or declare a coarser tick or lot',
    );
  return bound < 2 ** 62 ? 2 : 4;
}

function plan({ tile, params, limits, workgroup }: PlanContext<Params>): Plan {
  const frame = tile.inputs.trades!;
  const { time, tick, size, sizeHi, available } = frame.columns as Record<string, Uint32Array>;
  const grid = barGrid(frame, finestLevel(params.every));
  const chunks = Math.ceil(frame.rows / CHUNK);
  const sums = sumWords(frame);
  // a piece starts at a chunk or at a row of a new bar, so there are never more than rows
  const words = frame.rows * (WORDS + SUMS * sums + (available ? 2 : 0));
  const scalars = {
    rows: frame.rows,
    instruments: frame.instruments.length,
    units: grid.units,
    phase: grid.phase,
  };
  const groups = gridGroups(chunks, workgroup, limits);
  const constants = { WG: workgroup, CHUNK };
  return {
    buffers: {
      countParams: uniform(layouts.count),
      scanParams: uniform(layouts.scan),
      barsParams: uniform(layouts.bars),
      offsets: storage(frame.offsets.length),
      time: storage(frame.rows),
      tick: storage(frame.rows),
      size: storage(frame.rows),
      ...(sizeHi && { sizeHi: storage(frame.rows) }),
      ...(available && { available: storage(frame.rows * 2) }),
      // read-only stand-ins share one buffer: WebGPU asks for a binding even where the constant switches it off
      none: storage(4),
      pieces: storage(chunks + 1),
      out: storage(words),
    },
    uploads: [
      { buffer: 'countParams', data: packUniform(layouts.count, scalars), encode: 'raw' },
      { buffer: 'scanParams', data: packUniform(layouts.scan, { chunks }), encode: 'raw' },
      { buffer: 'barsParams', data: packUniform(layouts.bars, { ...scalars, chunks }), encode: 'raw' },
      { buffer: 'offsets', data: frame.offsets, encode: 'raw' },
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
        shader: 'count',
        entry: 'count',
        constants,
        bind: ['countParams', 'offsets', 'time', 'pieces'],
        groups,
      },
      {
        shader: 'scan',
        entry: 'scan',
        constants: { WG: workgroup },
        bind: ['scanParams', 'pieces'],
        groups: [1, 1, 1],
      },
      {
        shader: 'bars',
        entry: 'bars',
        constants: { ...constants, LOT_WORDS: sizeHi ? 2 : 1, SUM_WORDS: sums, AVAILABLE: available ? 1 : 0 },
        bind: [
          'barsParams',
          'offsets',
          'time',
          'tick',
          'size',
          sizeHi ? 'sizeHi' : 'none',
          available ? 'available' : 'none',
          'pieces',
          'out',
        ],
        groups,
      },
    ],
    reads: [
      { name: 'out', buffer: 'out', words: words / frame.rows, count: { buffer: 'pieces', word: chunks } },
    ],
  };
}

function decode(
  reads: Readonly<Record<string, Uint32Array>>,
  { tile, params }: PlanContext<Params>,
): TileResult {
  const frame = tile.inputs.trades!;
  const grid = barGrid(frame, finestLevel(params.every));
  const sums = sumWords(frame);
  const out = reads.out!;
  const rows = out.length / (WORDS + SUMS * sums + (frame.columns.available ? 2 : 0));
  const block = (i: number): Uint32Array => out.subarray(i * rows, (i + 1) * rows);
  const signed = (i: number): Int32Array => new Int32Array(out.buffer, out.byteOffset + i * rows * 4, rows);
  const sum = (i: number, sign = false) =>
    decodeWords(out.subarray((WORDS + i * sums) * rows, (WORDS + (i + 1) * sums) * rows), rows, sums, sign);
  const time = new Float64Array(rows);
  const cells = block(1);
  for (let i = 0; i < rows; i++) time[i] = grid.start + cells[i]! * grid.every;
  const latest = new Float64Array(rows);
  if (frame.columns.available) {
    const pairs = out.subarray((WORDS + SUMS * sums) * rows);
    for (let i = 0; i < rows; i++)
      latest[i] = frame.time.base + pairs[2 * i + 1]! * 4294967296 + pairs[2 * i]!;
  }
  const columns = {
    instrument: block(0),
    time,
    open: signed(2),
    high: signed(3),
    low: signed(4),
    close: signed(5),
    buy_volume: sum(0),
    sell_volume: sum(1),
    unknown_volume: sum(2),
    trades: block(6),
    buy_trades: block(7),
    sell_trades: block(8),
    tick_lots: sum(3, true),
    tick2_lots: sum(4),
    signed_tick_lots: sum(5, true),
    last_available: latest,
  };
  return { outputs: { bars: { rows, columns } } };
}

export const kernel: Kernel<Params> = {
  shaders: { count: file('count'), scan: file('scan'), bars: file('bars') },
  layouts,
  plan,
  decode,
};
