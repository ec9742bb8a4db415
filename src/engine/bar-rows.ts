import type { Instrument } from '../core/columns.js';
import type { Decimal } from '../core/decimal.js';
import { bigAt, divideBig, type ExactColumn, exactColumn, setBig } from '../core/exact.js';
import type { LedgerReason } from '../core/raw.js';
import type { BlockColumn } from '../dataset/block.js';
import { infoOf, type PartitionInstrument, unitsOf } from '../dataset/instrument-facts.js';
import type { Bars } from './panel.js';
import { commonUnit } from './replay-deltas.js';

/** Rows `[from, to)` of a block of kind bars, of one instrument and unit. */
export interface BarPart {
  readonly facts: PartitionInstrument;
  readonly ts: Float64Array;
  readonly columns: ReadonlyMap<string, BlockColumn>;
  readonly from: number;
  readonly to: number;
}

/** What becomes of a row that is no bar of the width asked for, or contradicts itself. */
export interface BarTally {
  filtered: number;
  readonly counts: Partial<Record<LedgerReason, number>>;
}

const PRICES = ['open', 'high', 'low', 'close'] as const;
const MONEY = 10n ** 18n;

/**
 * One instrument's bars of width `every`, in the largest unit that divides those of all parts; or of the widest width that
 * divides `every`, where none is that wide. Volume without a taker side is of unknown side, and volumes have at most 15
 * digits. A row is rejected whose high is below or low above another of its prices, whose taker volume is above its
 * volume, or whose notional is negative. A bar without prices and with volume 0 is a quiet one: nothing was traded in it.
 */
export function barRows(name: string, parts: readonly BarPart[], every: number, tally: BarTally): Bars {
  const units = parts.map(({ facts }) => unitsOf(facts));
  const price = commonUnit(
    units.map((unit) => unit.price),
    `${name} price unit`,
  );
  const size = commonUnit(
    units.map((unit) => unit.size),
    `${name} size unit`,
  );
  const width = widthOf(parts, every);
  const rows = parts.reduce((sum, { from, to }) => sum + to - from, 0);
  const column = (): Float64Array => new Float64Array(rows);
  const [time, available, trades, notional] = [column(), column(), column(), column()];
  const prices = { open: column(), high: column(), low: column(), close: column() };
  const volumes = [exactColumn(rows), exactColumn(rows), exactColumn(rows)] as const;
  let n = 0;
  parts.forEach(({ ts, columns, from, to }, p) => {
    const cell = (what: string, i: number): number => Number(columns.get(what)?.[i] ?? Number.NaN);
    const factor = BigInt(size.factors[p]!);
    const sizeAt = (what: string, i: number): bigint | undefined => {
      const value = columns.get(what)?.[i] as number | bigint | null | undefined;
      if (value === null || value === undefined || Number.isNaN(value)) return undefined;
      return fifteenDigits(BigInt(value)) * factor;
    };
    for (let i = from; i < to; i++) {
      if (cell('interval', i) !== width) {
        tally.filtered++;
        continue;
      }
      for (const what of PRICES) prices[what][n] = cell(what, i) * price.factors[p]!;
      const { open, high, low, close } = prices;
      const volume = sizeAt('volume', i);
      let quiet = volume === 0n;
      if (quiet) for (const what of PRICES) quiet &&= Number.isNaN(prices[what][n]!);
      const bad =
        !quiet && !(high[n]! >= Math.max(open[n]!, close[n]!) && low[n]! <= Math.min(open[n]!, close[n]!))
          ? 'bad_price'
          : takeVolumes(volumes, n, volume, sizeAt('buy_volume', i), sizeAt('sell_volume', i))
            ? (columns.get('notional')?.[i] as string | null | undefined)?.startsWith('-')
              ? 'bad_value'
              : undefined
            : 'bad_size';
      if (bad) {
        tally.counts[bad] = (tally.counts[bad] ?? 0) + 1;
        continue;
      }
      time[n] = ts[i]!;
      const known = cell('available_at', i);
      available[n] = Math.max(ts[i]! + width, Number.isNaN(known) ? 0 : known);
      trades[n] = quiet ? 0 : cell('trades', i);
      const none = quiet ? 0 : Number.NaN;
      const money = columns.get('notional')?.[i] as string | null | undefined;
      notional[n] = money === null || money === undefined ? none : divideBig(BigInt(money), MONEY);
      n++;
    }
  });
  const lot = coarsest(volumes, n, size.unit);
  const cut = (values: Float64Array): Float64Array => values.subarray(0, n);
  const exact = ({ values, wide }: ExactColumn): ExactColumn => ({ values: cut(values), wide });
  return {
    instruments: [instrumentOf(name, parts[0]!.facts, price.unit, lot)],
    ...{ offsets: Uint32Array.of(0, n), every: width, absent: 'unknown' },
    ...{ time: cut(time), available: cut(available), trades: cut(trades), notional: cut(notional) },
    prices: {
      ...{ open: cut(prices.open), high: cut(prices.high) },
      ...{ low: cut(prices.low), close: cut(prices.close) },
    },
    volumes: [exact(volumes[0]), exact(volumes[1]), exact(volumes[2])],
  };
}

/** The nearest number of at most 15 digits, half up: f64 arithmetic of a source leaves noise behind them. */
export function fifteenDigits(n: bigint): bigint {
  if (n < 1_000_000_000_000_000n) return n;
  const unit = 10n ** BigInt(String(n).length - 15);
  return ((n + unit / 2n) / unit) * unit;
}

/**
 * Buy, sell and unknown volume of row n; false where they contradict each other. Sides that miss the whole by 1e-12 of it
 * do so by rounding: the difference goes to the sell side, which most sources derive.
 */
function takeVolumes(
  [buys, sells, others]: readonly [ExactColumn, ExactColumn, ExactColumn],
  n: number,
  whole: bigint | undefined,
  buy: bigint | undefined,
  sell: bigint | undefined,
): boolean {
  if (whole === undefined) return false;
  let b = buy ?? (sell === undefined ? 0n : whole - sell);
  let s = sell ?? (buy === undefined ? 0n : whole - buy);
  const missing = whole - b - s;
  const noise = whole / 1_000_000_000_000n;
  if (missing !== 0n && missing <= noise && -missing <= noise) {
    s = b < whole ? whole - b : 0n;
    b = whole - s;
  }
  setBig(buys, n, b);
  setBig(sells, n, s);
  setBig(others, n, whole - b - s);
  return b >= 0n && s >= 0n && b + s <= whole;
}

/** Volumes of rows below n in the coarsest power of ten times their unit that they are whole numbers of. */
function coarsest(volumes: readonly ExactColumn[], n: number, unit: Decimal): Decimal {
  let shared = unit.scale;
  for (const column of volumes)
    for (let i = 0; i < n && shared > 0; i++) {
      const value = bigAt(column, i);
      while (shared > 0 && value % 10n ** BigInt(shared) !== 0n) shared--;
    }
  if (shared === 0) return unit;
  const divisor = 10n ** BigInt(shared);
  for (const column of volumes) for (let i = 0; i < n; i++) setBig(column, i, bigAt(column, i) / divisor);
  return { coef: unit.coef, scale: unit.scale - shared };
}

/** `every` if a row is that wide, else the widest width that divides it; else `every`, of which there are none. */
function widthOf(parts: readonly BarPart[], every: number): number {
  const widths = new Set<number>();
  for (const { columns, from, to } of parts) {
    const interval = columns.get('interval') as Float64Array | undefined;
    for (let i = from; interval && i < to; i++) widths.add(interval[i]!);
  }
  return [...widths].filter((width) => every % width === 0).sort((a, b) => b - a)[0] ?? every;
}

function instrumentOf(name: string, facts: PartitionInstrument, tick: Decimal, lot: Decimal): Instrument {
  const info = infoOf(facts);
  return {
    ...{ symbol: name, tick, lot, tickDeclared: info.tick !== undefined, base: 0 },
    contract: info.contract === 'inverse' ? 'inverse' : 'linear',
    multiplier: info.multiplier ?? { coef: 1, scale: 0 },
  };
}
