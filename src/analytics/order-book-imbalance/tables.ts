import type { Column, Frame, Table } from '../../core/columns.js';
import { type ExactColumn, exactColumn, SAFE, setBig } from '../../core/exact.js';
import type { Pieces } from './pieces.js';
import type { Params } from './rules.js';
import { LIMB, type Measures, MID, NOT_COVERED, type Slots, SPREAD } from './slots.js';

/** Tables of bars, of numbers of levels and of bands: a row a piece and item, merged by the engine into bars. */
export function barTables(
  frame: Frame,
  { levels, bands }: Params,
  slots: Slots,
  pieces: Pieces,
  measures: Measures,
): Record<'bars' | 'levels' | 'bands', Table> {
  const { covered, extra, last } = measures;
  const table = (items: number, columns: Record<string, Column>): Table => ({
    rows: pieces.count * items,
    columns: { ...pieceColumns(frame, pieces, items), ...columns },
  });
  const cells = (first: number, items = 1, step = 1) => cellsOf(pieces, slots, first, items, step);
  const items = (list: readonly number[], out: Uint32Array | Float64Array) => {
    for (let at = 0; at < out.length; at++) out[at] = list[at % list.length]!;
    return out;
  };
  const ofLevels = cells(slots.ofLevels, slots.levels);
  const ofBands = cells(slots.ofBands, slots.bands);
  const bids = cells(slots.depth, slots.bands, 2);
  const asks = cells(slots.depth + 1, slots.bands, 2);
  return {
    bars: table(1, {
      spread_sum: totals(measures, cells(SPREAD)),
      mid_sum: totals(measures, cells(MID)),
      covered_time: pick(covered, cells(slots.ofLevels)),
      two_sided_time: pick(covered, cells(SPREAD)),
    }),
    levels: table(slots.levels, {
      levels: items(levels, new Uint32Array(ofLevels.length)),
      ...ratioSums(measures, ofLevels),
      covered_time: pick(covered, ofLevels),
      obi_last: pick(last, ofLevels),
      n_levels: pick(extra, ofLevels).map((n) => (n === NOT_COVERED ? Number.NaN : n)),
      ...starts(pieces, measures, ofLevels, slots.levels),
    }),
    bands: table(slots.bands, {
      band: items(bands, new Float64Array(ofBands.length)),
      ...ratioSums(measures, ofBands),
      obi_time: pick(covered, ofBands),
      two_sided_time: pick(covered, bids),
      cut_time: pick(extra, ofBands),
      bid_sum: totals(measures, bids),
      ask_sum: totals(measures, asks),
    }),
  };
}

/** What every table tells of a piece: its bar, and the row that ends its last state. */
function pieceColumns(frame: Frame, pieces: Pieces, items: number): Record<string, Column> {
  const time = frame.columns.time as Float64Array;
  const rows = pieces.count * items;
  const out = {
    instrument: new Uint32Array(rows),
    time: new Float64Array(rows),
    closed_time: new Float64Array(rows),
    closed_known: new Float64Array(rows),
  };
  for (let p = 0, at = 0; p < pieces.count; p++)
    for (let item = 0; item < items; item++, at++) {
      out.instrument[at] = pieces.instrument[p]!;
      out.time[at] = pieces.bar[p]!;
      out.closed_time[at] = time[pieces.closing[p]! + pieces.intervals[p]! - 1]!;
      out.closed_known[at] = pieces.known[p]!;
    }
  return out;
}

/** Places in the measures of some slots of each piece, `step` apart. */
function cellsOf(pieces: Pieces, slots: Slots, first: number, items: number, step: number): Uint32Array {
  const out = new Uint32Array(pieces.count * items);
  for (let p = 0, at = 0; p < pieces.count; p++)
    for (let item = 0; item < items; item++, at++) out[at] = p * slots.count + first + item * step;
  return out;
}

function pick(source: Uint32Array | Float64Array, cells: Uint32Array): Float64Array {
  const out = new Float64Array(cells.length);
  for (let i = 0; i < cells.length; i++) out[i] = source[cells[i]!]!;
  return out;
}

/** Σ value · µs of whole numbers. */
function totals({ top, middle, low }: Measures, cells: Uint32Array): ExactColumn {
  const out = exactColumn(cells.length);
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]!;
    const value = (top[cell]! * LIMB + middle[cell]!) * LIMB + low[cell]!;
    if (Math.abs(value) < SAFE) out.values[i] = value;
    else
      setBig(
        out,
        i,
        (BigInt(top[cell]!) * BigInt(LIMB) + BigInt(middle[cell]!)) * BigInt(LIMB) + BigInt(low[cell]!),
      );
  }
  return out;
}

/** Σ of each limb of ratios, a column each: as one they would be big integers in most rows. */
const ratioSums = ({ top, middle, low }: Measures, cells: Uint32Array): Record<string, ExactColumn> => ({
  obi_top: { values: pick(top, cells), wide: undefined },
  obi_middle: { values: pick(middle, cells), wide: undefined },
  obi_low: { values: pick(low, cells), wide: undefined },
});

/**
 * The imbalance at the start of a bar, if a state covers it: `started` is then the bar's own time. Not null where it is
 * not, since the first value of a bar that is not null would stand in for it.
 */
function starts(
  pieces: Pieces,
  { first }: Measures,
  cells: Uint32Array,
  items: number,
): Record<string, Column> {
  const started = new Float64Array(cells.length);
  const value = new Float64Array(cells.length);
  for (let i = 0; i < cells.length; i++) {
    const p = Math.floor(i / items);
    const found = first[cells[i]!]!;
    if (pieces.lead[p] !== 0 || pieces.window[p] !== pieces.bar[p] || Number.isNaN(found)) continue;
    started[i] = pieces.bar[p]!;
    value[i] = found;
  }
  return { started, start_value: value };
}
