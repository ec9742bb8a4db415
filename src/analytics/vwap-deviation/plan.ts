import type { Kernel, PlanContext, TileResult } from '../../core/analytic.js';
import type { Frame } from '../../core/columns.js';
import { PlanError } from '../../core/errors.js';
import { bigAt, decodeWords, type ExactColumn, pairAt } from '../../core/exact.js';
import type { Plan } from '../../core/plan.js';
import { gridGroups, packUniform, storage, uniform } from '../../core/planners.js';
import { warmedUp } from '../../core/warmed-up.js';
import { type BarPrices, barPrices, type VwapParams } from './prices.js';
import { spanOf } from './span.js';
import { MomentRows, outputColumns, writeValues } from './values.js';

const layouts = {
  moments: { rows: 'u32' },
  accumulate: { rows: 'u32', instruments: 'u32', bars: 'u32', lag: 'u32' },
  pivot: { rows: 'u32' },
} as const;

const file = (name: string) => ({ file: new URL(`../../../shaders/${name}.wgsl`, import.meta.url) });

function plan({ tile, params, limits, workgroup }: PlanContext<VwapParams>): Plan {
  const frame = tile.inputs.panel!;
  const { rows } = frame;
  const bars = barPrices(frame, params.typicalPrice);
  const { rolling, bars: length, lag, session } = spanOf(frame, params);
  const { trades, price } = bars;
  const instruments = frame.instruments.length;
  const volume = frame.columns.volume as Float64Array;
  const constants = { WG: workgroup };
  const byRow = gridGroups(rows, workgroup, limits);
  return {
    buffers: {
      rowParams: uniform(layouts.moments),
      params: uniform(layouts.accumulate),
      offsets: storage(frame.offsets.length),
      mark: storage(rows),
      volume: storage(rows * 2),
      price: storage(rows * 2),
      first: storage(rows * 4),
      second: storage(rows * 4),
      out: storage(rows * 16),
    },
    uploads: [
      { buffer: 'rowParams', data: packUniform(layouts.moments, { rows }), encode: 'raw' },
      {
        buffer: 'params',
        data: packUniform(layouts.accumulate, { rows, instruments, bars: length, lag }),
        encode: 'raw',
      },
      { buffer: 'offsets', data: frame.offsets, encode: 'raw' },
      {
        buffer: 'mark',
        data: session.map((at, i) => 2 * at + (Number.isNaN(price[i]!) ? 0 : 1)),
        encode: 'raw',
      },
      { buffer: 'volume', data: volume.map((lots) => (Number.isNaN(lots) ? 0 : lots)), encode: 'u64' },
      { buffer: 'price', data: distances(frame, bars), encode: 'raw' },
      ...(trades
        ? [
            { buffer: 'first', data: trades[0], encode: 'i128' } as const,
            { buffer: 'second', data: trades[1], encode: 'i128' } as const,
          ]
        : []),
    ],
    dispatches: [
      // trades bring the moments of their bars along
      ...(trades
        ? []
        : [
            {
              ...{ shader: 'moments', entry: 'moments', constants, groups: byRow },
              bind: ['rowParams', 'volume', 'price', 'first', 'second'],
            },
          ]),
      {
        ...{ shader: 'accumulate', entry: 'accumulate' },
        constants: { ...constants, ROLLING: rolling ? 1 : 0 },
        bind: ['params', 'offsets', 'mark', 'volume', 'price', 'first', 'second', 'out'],
        groups: gridGroups(instruments, workgroup, limits),
      },
      {
        ...{ shader: 'pivot', entry: 'about_pivot', constants, groups: byRow },
        bind: ['rowParams', 'out'],
      },
    ],
    reads: [{ name: 'out', buffer: 'out', words: rows * 16 }],
  };
}

/** Prices less the base, as signed pairs of words. Errors: PlanError where sums could pass 127 bits. */
function distances(frame: Frame, { units, price }: BarPrices): Uint32Array {
  const { volume, high, low } = frame.columns as Record<string, Float64Array>;
  const out = new Uint32Array(frame.rows * 2);
  frame.instruments.forEach(({ symbol, base }, s) => {
    let widest = 0;
    let total = 0;
    for (let i = frame.offsets[s]!; i < frame.offsets[s + 1]!; i++) {
      if (Number.isNaN(price[i]!)) continue;
      const distance = price[i]! - base * units;
      out[2 * i] = distance;
      out[2 * i + 1] = Math.floor(distance / 4294967296);
      const reach = Math.max(Math.abs(high![i]! - base), Math.abs(low![i]! - base)) * units;
      widest = Math.max(widest, Math.abs(distance), reach);
      total += volume![i]!;
    }
    if (4 * total * widest ** 2 >= 2 ** 126)
      throw new PlanError(
        `second moment of ${symbol}, up to`,
        total * widest ** 2,
        'exceeds the 124 bits that sums hold; declare a coarser tick or lot',
      );
  });
  return out;
}

function decode(
  reads: Readonly<Record<string, Uint32Array>>,
  { tile, params }: PlanContext<VwapParams>,
): TileResult {
  const frame = tile.inputs.panel!;
  const { rows, offsets } = frame;
  const bars = barPrices(frame, params.typicalPrice);
  const { rolling, bars: length, lag } = spanOf(frame, params);
  const words = reads.out!;
  const first = decodeWords(words.subarray(4 * rows, 8 * rows), rows, 4, true);
  const second = decodeWords(words.subarray(8 * rows, 12 * rows), rows, 4, true);
  const out = outputColumns(frame);
  for (let s = 0; s < frame.instruments.length; s++) {
    const from = offsets[s]!;
    const origin = frame.instruments[s]!.base * bars.units;
    const sums = new MomentRows(offsets[s + 1]! - from);
    for (let i = from; i < offsets[s + 1]!; i++) {
      const at = i - from;
      const count = words[12 * rows + 4 * i]!;
      if (rolling && !warmedUp(i - lag - from + 1 >= length, count, params.minPeriods)) continue;
      sums.volume[at] = pairAt(words, 4 * i);
      sums.prices[at] = signed(words, 4 * i + 2);
      sums.count[at] = count;
      sums.pivot[at] = origin + signed(words, 12 * rows + 4 * i + 2);
      sums.first[at] = first.values[i]!;
      sums.firstRest[at] = restOf(first, i);
      sums.second[at] = second.values[i]!;
      sums.secondRest[at] = restOf(second, i);
    }
    writeValues(out, frame, s, bars, sums);
  }
  return { outputs: { bars: { rows, columns: out } } };
}

/** Two words, low first, as a signed integer. */
const signed = (words: Uint32Array, at: number): number => (words[at + 1]! | 0) * 4294967296 + words[at]!;

/** What the nearest f64 leaves. */
const restOf = (column: ExactColumn, row: number): number =>
  column.wide?.has(row) ? Number(bigAt(column, row) - BigInt(column.values[row]!)) : 0;

export const kernel: Kernel<VwapParams> = {
  shaders: {
    moments: file('vwap-deviation.moments'),
    accumulate: file('vwap-deviation'),
    pivot: file('vwap-deviation.pivot'),
  },
  layouts,
  plan,
  decode,
};
