import { readFileSync } from 'node:fs';
import type { Frame } from '../../src/core/columns.js';
import { decimal, parseDecimalText } from '../../src/core/decimal.js';
import { bigAt, isExact } from '../../src/core/exact.js';
import type { Result, ResultTable } from '../../src/engine/result.js';
import { frameOf, type TradeRow } from './frames.js';

type Trade = readonly [time: string, price: string, size: string, side: 'B' | 'S' | 'U', received?: string];
type Cell = string | number | null;

/** One hand-worked case of data/golden/<analytic>.json. */
export interface GoldenCase {
  readonly note: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly tick: string;
  readonly lot: string;
  readonly contract?: 'linear' | 'inverse';
  readonly multiplier?: string;
  readonly instruments: Readonly<Record<string, readonly Trade[]>>;
  readonly expect: Readonly<Record<string, Readonly<Record<string, readonly Cell[]>>>>;
}

export const goldenFile = (analytic: string): URL =>
  new URL(`../../data/golden/${analytic}.json`, import.meta.url);

export const goldenCases = (analytic: string): GoldenCase[] =>
  JSON.parse(readFileSync(goldenFile(analytic), 'utf8'));

/** The case's trades as a frame; text prices and sizes become integers by decimal arithmetic. */
export function goldenFrame(golden: GoldenCase): Frame {
  const symbols = Object.keys(golden.instruments);
  const units = (text: string, unit: string): bigint => {
    const value = parseDecimalText(text)!;
    const { coef, scale } = decimal(unit);
    const num = value.unscaled * 10n ** BigInt(scale);
    const den = BigInt(coef) * 10n ** BigInt(value.scale);
    if (num % den !== 0n) throw new Error(`${text} is no multiple of ${unit}`);
    return num / den;
  };
  const micros = (text: string): number => Date.parse(text) * 1000;
  const lists = symbols.map((symbol) =>
    golden.instruments[symbol]!.map(
      ([time, price, size, side, received]): TradeRow => ({
        t: micros(time),
        k: Number(units(price, golden.tick)),
        lots: units(size, golden.lot),
        side,
        ...(received !== undefined && { a: micros(received) }),
      }),
    ),
  );
  const frame = frameOf(lists, golden);
  return { ...frame, instruments: frame.instruments.map((meta, s) => ({ ...meta, symbol: symbols[s]! })) };
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
    switch (dtype) {
      case 'instrument':
        return instruments[value]!.symbol;
      case 'time':
        return new Date(value / 1000).toISOString().replace('.000Z', 'Z');
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
        return Number.isNaN(value) ? null : value;
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
