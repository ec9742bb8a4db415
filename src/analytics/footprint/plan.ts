import type { Kernel, PlanContext, TileResult } from '../../core/analytic.js';
import type { Column, Frame } from '../../core/columns.js';
import type { ExactColumn } from '../../core/exact.js';
import type { Plan, Upload } from '../../core/plan.js';
import { gridGroups, packUniform, storage, uniform } from '../../core/planners.js';
import { timeGroups } from '../../core/time-groups.js';
import { cellColumns, positions } from './cells.js';
import { factorOf, type Rules } from './rules.js';
import { type ZoneRuns, zoneTable } from './zones.js';

/** Cells a thread takes, a stride apart. */
const CELLS = 16;

const layouts = {
  flags: { cells: 'u32', ratio_num: 'u32', ratio_den: 'u32', least_low: 'u32', least_high: 'u32' },
  zones: { cells: 'u32', stack: 'u32' },
} as const;

const file = (name: string) => ({ file: new URL(`../../../shaders/${name}.wgsl`, import.meta.url) });

/** What is compared, and the words of one value: counts take one, sums two while they stay below 2^53. */
function measured(frame: Frame, measure: Rules['measure']) {
  const [buy, sell] = ['buy', 'sell'].map((side) =>
    measure === 'count' ? frame.columns[`${side}_trades`]! : frame.columns[`${side}_volume`]!,
  ) as [Column, Column];
  if (measure === 'count') return { buy, sell, words: 1, encode: 'raw' as const };
  const [b, s] = [buy as ExactColumn, sell as ExactColumn];
  if (b.wide || s.wide) return { buy, sell, words: 4, encode: 'i128' as const };
  return { buy: b.values, sell: s.values, words: 2, encode: 'u64' as const };
}

function plan({ tile, params, limits, workgroup }: PlanContext<Rules>): Plan {
  const frame = tile.inputs.rows!;
  const cells = frame.rows;
  const { buy, sell, words, encode } = measured(frame, params.measure);
  const { num, den } = factorOf(params);
  const groups = gridGroups(Math.ceil(cells / CELLS), workgroup, limits);
  const least = params.minVolume;
  const scalars = packUniform(layouts.flags, {
    cells,
    ratio_num: num,
    ratio_den: den,
    least_low: least % 2 ** 32,
    least_high: Math.floor(least / 2 ** 32),
  });
  const stacking = packUniform(layouts.zones, { cells, stack: params.stack });
  const upload = (buffer: string, data: Column, as: Upload['encode'] = 'raw'): Upload => ({
    buffer,
    data,
    encode: as,
  });
  return {
    buffers: {
      flagsParams: uniform(layouts.flags),
      zonesParams: uniform(layouts.zones),
      position: storage(cells),
      buy: storage(cells * words),
      sell: storage(cells * words),
      flags: storage(cells),
      runs: storage(cells * 2),
    },
    uploads: [
      upload('flagsParams', scalars),
      upload('zonesParams', stacking),
      upload('position', positions(frame, timeGroups(frame))),
      upload('buy', buy, encode),
      upload('sell', sell, encode),
    ],
    dispatches: [
      {
        shader: 'flags',
        entry: 'flag_cells',
        constants: {
          WG: workgroup,
          WORDS: words,
          PARTNER: ['adjacent_price', 'adjacent_traded', 'same_price'].indexOf(params.partner),
          ZERO: ['ignore', 'treat_as_inf', 'min_one_lot'].indexOf(params.zero),
          EDGE_ZERO: params.edge === 'zero' ? 1 : 0,
        },
        bind: ['flagsParams', 'position', 'buy', 'sell', 'flags'],
        groups,
      },
      {
        shader: 'zones',
        entry: 'stack_zones',
        constants: { WG: workgroup },
        bind: ['zonesParams', 'position', 'flags', 'runs'],
        groups,
      },
    ],
    reads: [
      { name: 'flags', buffer: 'flags', words: cells },
      { name: 'runs', buffer: 'runs', words: cells * 2 },
    ],
  };
}

function decode(reads: Readonly<Record<string, Uint32Array>>, { tile }: PlanContext<Rules>): TileResult {
  const frame = tile.inputs.rows!;
  const flags = reads.flags!;
  const bit = (n: number): Uint32Array => flags.map((word) => (word >>> n) & 1);
  const runs: ZoneRuns = { first: [], cells: [], side: [] };
  const lengths = reads.runs!;
  for (let at = 0; at < lengths.length; at++) {
    if (lengths[at] === 0) continue;
    runs.first.push(at >> 1);
    runs.cells.push(lengths[at]!);
    runs.side.push(at & 1 ? 1 : -1);
  }
  const cells = cellColumns(frame, timeGroups(frame));
  const columns = {
    ...cells,
    buy_flag: bit(0),
    sell_flag: bit(1),
    same_buy_flag: bit(2),
    same_sell_flag: bit(3),
  };
  return {
    outputs: {
      cells: { rows: frame.rows, columns },
      zones: zoneTable(frame, cells.available_at!, runs),
    },
  };
}

export const kernel: Kernel<Rules> = {
  shaders: { flags: file('footprint'), zones: file('footprint.zones') },
  layouts,
  plan,
  decode,
};
