import type { Tile, TileResult } from '../../core/analytic.js';
import type { Frame } from '../../core/columns.js';
import { SIDE_BUY, SIDE_SELL } from '../../core/columns.js';
import { type ExactColumn, exactColumn, setBig } from '../../core/exact.js';
import { type BarGrid, barGrid, finestLevel } from '../../core/grid.js';
import { exactMoments } from '../../core/moments.js';

/** Bars of the finest width: the plain loop over each instrument's trades. */
export function reference(tile: Tile, params: { readonly every: readonly number[] }): TileResult {
  const frame = tile.inputs.trades!;
  const grid = barGrid(frame, finestLevel(params.every));
  const bars = countBars(frame, grid);
  const time = frame.columns.time as Uint32Array;
  const tick = frame.columns.tick as Int32Array;
  const size = frame.columns.size as Uint32Array;
  const sizeHi = frame.columns.sizeHi as Uint32Array | undefined;
  const available = frame.columns.available as Float64Array | undefined;

  const instrument = new Uint32Array(bars);
  const start = new Float64Array(bars);
  const open = new Int32Array(bars);
  const high = new Int32Array(bars);
  const low = new Int32Array(bars);
  const close = new Int32Array(bars);
  const buy = exactColumn(bars);
  const sell = exactColumn(bars);
  const unknown = exactColumn(bars);
  const trades = new Uint32Array(bars);
  const buyTrades = new Uint32Array(bars);
  const sellTrades = new Uint32Array(bars);
  const first = exactColumn(bars);
  const signed = exactColumn(bars);
  const second = exactColumn(bars);
  const latest = new Float64Array(bars);

  let bar = 0;
  for (let s = 0; s + 1 < frame.offsets.length; s++) {
    const end = frame.offsets[s + 1]!;
    const safeRows = exactRows(frame, s);
    let i = frame.offsets[s]!;
    while (i < end) {
      const cell = Math.floor((time[i]! + grid.phase) / grid.units);
      const limit = (cell + 1) * grid.units - grid.phase;
      const from = i;
      const k0 = tick[i]!;
      let k = k0;
      let hi = k0;
      let lo = k0;
      let lots = 0;
      let buyLots = 0;
      let sellLots = 0;
      let buys = 0;
      let sells = 0;
      let m1 = 0;
      let signed1 = 0;
      let m2 = 0;
      do {
        const word = size[i]!;
        const q = word >>> 2;
        // the side is its own bit of the word: masks, since a branch on it would be mispredicted half the time
        const buyer = word & SIDE_BUY;
        const seller = (word & SIDE_SELL) >>> 1;
        lots += q;
        const bought = q & -buyer;
        const sold = q & -seller;
        buyLots += bought;
        sellLots += sold;
        buys += buyer;
        sells += seller;
        k = tick[i]!;
        if (k > hi) hi = k;
        if (k < lo) lo = k;
        const weighted = q * k;
        m1 += weighted;
        signed1 += (bought - sold) * k;
        m2 += weighted * k;
        i++;
      } while (i < end && time[i]! < limit);
      instrument[bar] = s;
      start[bar] = grid.start + cell * grid.every;
      open[bar] = k0;
      high[bar] = hi;
      low[bar] = lo;
      close[bar] = k;
      trades[bar] = i - from;
      buyTrades[bar] = buys;
      sellTrades[bar] = sells;
      if (i - from <= safeRows) {
        buy.values[bar] = buyLots;
        sell.values[bar] = sellLots;
        unknown.values[bar] = lots - buyLots - sellLots;
        first.values[bar] = m1;
        signed.values[bar] = signed1;
        second.values[bar] = m2;
      } else {
        const m = exactMoments(tick, size, sizeHi, from, i);
        setBig(buy, bar, m.buy);
        setBig(sell, bar, m.sell);
        setBig(unknown, bar, m.unknown);
        setBig(first, bar, m.first);
        setBig(signed, bar, m.signed);
        setBig(second, bar, m.second);
      }
      if (available) {
        let last = 0;
        for (let j = from; j < i; j++) if (available[j]! > last) last = available[j]!;
        latest[bar] = last;
      }
      bar++;
    }
  }
  const columns: Record<string, Float64Array | Int32Array | Uint32Array | ExactColumn> = {
    instrument,
    time: start,
    open,
    high,
    low,
    close,
    buy_volume: buy,
    sell_volume: sell,
    unknown_volume: unknown,
    trades,
    buy_trades: buyTrades,
    sell_trades: sellTrades,
    tick_lots: first,
    signed_tick_lots: signed,
    tick2_lots: second,
    last_available: latest,
  };
  return { outputs: { bars: { rows: bars, columns } } };
}

/** Most rows of an instrument whose f64 sums provably stay below 2^53: each adds at most lots · max(1, k²). */
function exactRows({ columns, stats }: Frame, s: number): number {
  if (columns.sizeHi) return 0;
  const widest = Math.max(1, -stats.tickMin[s]!, stats.tickMax[s]!);
  return Math.floor((2 ** 53 - 1) / Math.max(1, stats.maxLots * widest ** 2));
}

/** Bars of the tile, so that columns are allocated once at their size. */
function countBars(frame: Frame, grid: BarGrid): number {
  const time = frame.columns.time as Uint32Array;
  let bars = 0;
  for (let s = 0; s + 1 < frame.offsets.length; s++) {
    const end = frame.offsets[s + 1]!;
    let limit = -1;
    for (let i = frame.offsets[s]!; i < end; i++) {
      if (time[i]! < limit) continue;
      bars++;
      limit = (Math.floor((time[i]! + grid.phase) / grid.units) + 1) * grid.units - grid.phase;
    }
  }
  return bars;
}
