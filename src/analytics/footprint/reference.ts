import type { Tile, TileResult } from '../../core/analytic.js';
import type { Frame } from '../../core/columns.js';
import { bigAt, type ExactColumn, SAFE } from '../../core/exact.js';
import { timeGroups } from '../../core/time-groups.js';
import { cellColumns } from './cells.js';
import { factorOf, type Rules } from './rules.js';
import { type ZoneRuns, zoneTable } from './zones.js';

/** In place of a cell: a price row inside the bar's range that did not trade, and one outside the range. */
const EMPTY = -1;
const OUTSIDE = -2;

interface Comparison {
  readonly num: number;
  readonly den: number;
  readonly least: number;
  readonly zero: Rules['zero'];
  readonly edge: Rules['edge'];
}

/** Flags cell by cell, then runs of flagged neighbours. */
export function reference(tile: Tile, params: Rules): TileResult {
  const frame = tile.inputs.rows!;
  const bars = timeGroups(frame);
  const row = frame.columns.row as Float64Array;
  const buy = measured(frame, 'buy', params.measure);
  const sell = measured(frame, 'sell', params.measure);
  const { partner, zero, edge, minVolume: least } = params;
  const rule: Comparison = { ...factorOf(params), least, zero, edge };
  const flags = {
    buy_flag: new Uint32Array(frame.rows),
    sell_flag: new Uint32Array(frame.rows),
    same_buy_flag: new Uint32Array(frame.rows),
    same_sell_flag: new Uint32Array(frame.rows),
  };
  const runs: ZoneRuns = { first: [], cells: [], side: [] };
  for (let bar = 0; bar + 1 < bars.length; bar++) {
    const from = bars[bar]!;
    const to = bars[bar + 1]!;
    for (let i = from; i < to; i++) {
      let below = i;
      let above = i;
      if (partner !== 'same_price') {
        below = i === from ? OUTSIDE : i - 1;
        above = i === to - 1 ? OUTSIDE : i + 1;
        if (partner === 'adjacent_price') {
          if (below >= 0 && row[below] !== row[i]! - 1) below = EMPTY;
          if (above >= 0 && row[above] !== row[i]! + 1) above = EMPTY;
        }
      }
      flags.buy_flag[i] = dominates(buy, i, sell, below, rule);
      flags.sell_flag[i] = dominates(sell, i, buy, above, rule);
      flags.same_buy_flag[i] = dominates(buy, i, sell, i, rule);
      flags.same_sell_flag[i] = dominates(sell, i, buy, i, rule);
    }
    stackZones(runs, flags, row, from, to, params.stack);
  }
  const cells = cellColumns(frame, bars);
  return {
    outputs: {
      cells: { rows: frame.rows, columns: { ...cells, ...flags } },
      zones: zoneTable(frame, cells.available_at!, runs),
    },
  };
}

function measured(frame: Frame, side: 'buy' | 'sell', measure: Rules['measure']): ExactColumn {
  return measure === 'volume'
    ? (frame.columns[`${side}_volume`] as ExactColumn)
    : { values: Float64Array.from(frame.columns[`${side}_trades`] as Uint32Array), wide: undefined };
}

/** 1 if cell i of `own` is at least num / den times cell j of `other`, and large enough. */
function dominates(own: ExactColumn, i: number, other: ExactColumn, j: number, rule: Comparison): 0 | 1 {
  const mine = own.values[i]!;
  if (mine < rule.least || (j === OUTSIDE && rule.edge === 'exclude')) return 0;
  let theirs = j < 0 ? 0 : other.values[j]!;
  const none = theirs === 0;
  if (none) {
    if (rule.zero === 'ignore') return 0;
    if (rule.zero === 'treat_as_inf') return 1;
    theirs = 1;
  }
  const left = mine * rule.den;
  const right = theirs * rule.num;
  if (left < SAFE && right < SAFE) return left >= right ? 1 : 0;
  const opposite = none ? 1n : bigAt(other, j);
  return bigAt(own, i) * BigInt(rule.den) >= opposite * BigInt(rule.num) ? 1 : 0;
}

/** Appends the zones of one bar: longest runs of adjacent prices flagged on one side. */
function stackZones(
  runs: ZoneRuns,
  { buy_flag, sell_flag }: { readonly buy_flag: Uint32Array; readonly sell_flag: Uint32Array },
  row: Float64Array,
  from: number,
  to: number,
  stack: number,
): void {
  for (let i = from; i < to; i++)
    for (let side = -1; side <= 1; side += 2) {
      const flag = side === 1 ? buy_flag : sell_flag;
      if (flag[i] === 0 || (i > from && row[i - 1] === row[i]! - 1 && flag[i - 1] === 1)) continue;
      let end = i + 1;
      while (end < to && row[end] === row[end - 1]! + 1 && flag[end] === 1) end++;
      if (end - i < stack) continue;
      runs.first.push(i);
      runs.cells.push(end - i);
      runs.side.push(side);
    }
}
