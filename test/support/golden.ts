import { readFileSync } from 'node:fs';
import { BOOK_STATES, type BookState } from '../../src/core/book-states.js';
import type { Frame } from '../../src/core/columns.js';
import { decimal, parseDecimalText } from '../../src/core/decimal.js';
import { parseDuration } from '../../src/core/duration.js';
import { bigAt, isExact } from '../../src/core/exact.js';
import type { Inputs } from '../../src/engine/inputs.js';
import type { Result, ResultTable } from '../../src/engine/result.js';
import { bookFrameOf } from './book-frames.js';
import { frameOf, type TradeRow } from './frames.js';
import { oiFrameOf } from './oi-frames.js';
import { type BarRow, panelFrameOf } from './panel-frames.js';

type Trade = readonly [time: string, price: string, size: string, side: 'B' | 'S' | 'U', received?: string];
type Bar = readonly [
  time: string,
  open: string,
  high: string,
  low: string,
  close: string,
  volume: string,
  buy?: string | null,
  trades?: number,
];
type Level = readonly [price: string, size: string];
type State = readonly [
  time: string,
  state: BookState,
  bids: readonly Level[],
  asks: readonly Level[],
  received?: string,
];
type Oi = readonly [time: string, oi: number | null, received?: string];
type Cell = string | number | null;

/** One hand-worked case of data/golden/<analytic>.json. */
export interface GoldenCase {
  readonly note: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly tick: string;
  readonly lot: string;
  readonly contract?: 'linear' | 'inverse';
  readonly multiplier?: string;
  /** Trades by instrument; or one of the following. */
  readonly instruments?: Readonly<Record<string, readonly Trade[]>>;
  /** Bars of width `every`: prices and volumes as decimals; without a buy volume the side is unknown. */
  readonly every?: string;
  readonly bars?: Readonly<Record<string, readonly Bar[]>>;
  /** States of a book, levels best first. */
  readonly book?: Readonly<Record<string, readonly State[]>>;
  readonly oi?: Readonly<Record<string, readonly Oi[]>>;
  readonly expect: Readonly<Record<string, Readonly<Record<string, readonly Cell[]>>>>;
}

export const goldenFile = (analytic: string): URL =>
  new URL(`../../data/golden/${analytic}.json`, import.meta.url);

export const goldenCases = (analytic: string): GoldenCase[] =>
  JSON.parse(readFileSync(goldenFile(analytic), 'utf8'));

/** The case's rows as frames; text prices and sizes become integers by decimal arithmetic. */
export function goldenInputs(golden: GoldenCase): Inputs {
  const { instruments, bars, book, oi } = golden;
  const named = (lists: object, frame: Frame): Frame => ({
    ...frame,
    instruments: frame.instruments.map((meta, s) => ({ ...meta, symbol: Object.keys(lists)[s]! })),
  });
  const tick = (text: string): number => Number(units(text, golden.tick));
  const lots = (text: string): number => Number(units(text, golden.lot));
  const received = (text: string | undefined) => (text === undefined ? {} : { a: micros(text) });
  return {
    ...(instruments && {
      trades: named(
        instruments,
        frameOf(
          Object.values(instruments).map((list) =>
            list.map(
              ([time, price, size, side, at]): TradeRow => ({
                ...{ t: micros(time), k: tick(price), lots: units(size, golden.lot), side },
                ...received(at),
              }),
            ),
          ),
          golden,
        ),
      ),
    }),
    ...(bars && {
      panel: named(
        bars,
        panelFrameOf(
          Object.values(bars).map((list) =>
            list.map(([time, o, h, l, c, volume, buy, trades]): BarRow => {
              const v = lots(volume);
              const b = buy === undefined || buy === null ? undefined : lots(buy);
              return {
                ...{ t: micros(time), o: tick(o), h: tick(h), l: tick(l), c: tick(c), trades: trades ?? 1 },
                ...(b === undefined ? { unknown: v } : { buy: b, sell: v - b }),
              };
            }),
          ),
          parseDuration(golden.every!)!,
          golden,
        ),
      ),
    }),
    ...(book && {
      book: named(
        book,
        bookFrameOf(
          Object.values(book).map((list) =>
            list.map(([time, state, bids, asks, at]) => {
              const side = (levels: readonly Level[]) =>
                levels.map(([price, size]) => [tick(price), lots(size)] as const);
              const code = BOOK_STATES.indexOf(state);
              return { t: micros(time), state: code, bids: side(bids), asks: side(asks), ...received(at) };
            }),
          ),
          golden,
        ),
      ),
    }),
    ...(oi && {
      oi: named(
        oi,
        oiFrameOf(
          Object.values(oi).map((list) =>
            list.map(([time, value, at]) => ({
              ...{ t: micros(time), oi: value ?? Number.NaN },
              ...received(at),
            })),
          ),
          golden,
        ),
      ),
    }),
  };
}

const micros = (text: string): number => Date.parse(text) * 1000;

function units(text: string, unit: string): bigint {
  const value = parseDecimalText(text)!;
  const { coef, scale } = decimal(unit);
  const num = value.unscaled * 10n ** BigInt(scale);
  const den = BigInt(coef) * 10n ** BigInt(value.scale);
  if (num % den !== 0n) throw new Error(`${text} is no multiple of ${unit}`);
  return num / den;
}

/** What a reader would see of one column: decimals as nearest f64, money as exact text, times as ISO. */
export function shownColumn({ spec, table, instruments }: ResultTable, name: string): Cell[] {
  const { dtype } = spec.columns[name]!;
  const codes = table.columns.instrument as Uint32Array;
  const column = table.columns[name]!;
  return Array.from({ length: table.rows }, (_, i): Cell => {
    const meta = instruments[codes[i]!]!;
    const exact = isExact(column) ? bigAt(column, i) : undefined;
    const value = isExact(column) ? column.values[i]! : column[i]!;
    if (Number.isNaN(value)) return null;
    switch (dtype) {
      case 'instrument':
        return instruments[value]!.symbol;
      case 'time':
        return Number.isNaN(value) ? null : new Date(value / 1000).toISOString().replace('.000Z', 'Z');
      case 'tick':
        return ((meta.base + value) * meta.tick.coef) / 10 ** meta.tick.scale;
      case 'lots':
        return (value * meta.lot.coef) / 10 ** meta.lot.scale;
      case 'money': {
        const price = meta.contract === 'inverse' ? { coef: 1, scale: 0 } : meta.tick;
        const coef = BigInt(price.coef) * BigInt(meta.lot.coef) * BigInt(meta.multiplier.coef);
        const digits = String(exact! * coef);
        const scale = price.scale + meta.lot.scale + meta.multiplier.scale;
        const padded = digits.padStart(scale + 1, '0');
        return scale === 0 ? digits : `${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
      }
      default:
        return value;
    }
  });
}

/** Every expected column beside what the result shows. */
export const goldenPairs = (
  golden: GoldenCase,
  result: Result,
): { what: string; got: Cell[]; want: readonly Cell[] }[] =>
  Object.entries(golden.expect).flatMap(([table, columns]) =>
    Object.entries(columns).map(([column, want]) => ({
      what: `${table}.${column}`,
      got: result.tables[table] ? shownColumn(result.tables[table], column) : [],
      want: want.map((cell) =>
        typeof cell === 'string' && cell.endsWith('Z') ? cell.replace('.000Z', 'Z') : cell,
      ),
    })),
  );
