import type { Result } from '../engine/result.js';
import { present } from '../table/present.js';
import type { PresentedTable } from '../table/presented.js';
import { count } from './progress.js';

const DAY = 86_400_000_000;
/** Fewer trades than this make an imbalance of one by chance. */
const ENOUGH = 1000;

/** The most imbalanced daily bars of at least a thousand trades (or of any, in a small market), as lines of text. */
export function mostImbalanced(result: Result, limit: number): string[] {
  const daily = Object.values(result.tables).find((table) => table.every === DAY);
  if (!daily) return [];
  const table = present(daily);
  const vi = numbers(table, 'vi');
  const trades = numbers(table, 'trades');
  const buy = numbers(table, 'buy_volume');
  const sell = numbers(table, 'sell_volume');
  const vwap = numbers(table, 'vwap');
  const symbol = table.columns.find((column) => column.name === 'instrument')!.data;
  if (symbol.type !== 'symbol') return [];
  const all = Array.from({ length: table.rows }, (_, row) => row);
  const active = all.filter((row) => trades[row]! >= ENOUGH);
  const rows = active.length >= limit ? active : all;
  const known = rows.filter((row) => Number.isFinite(vi[row]!));
  known.sort((a, b) => Math.abs(vi[b]!) - Math.abs(vi[a]!) || a - b);
  const lines = [
    `most imbalanced of the day (synthetic${rows === active ? `, at least ${count(ENOUGH)} trades` : ''}):`,
  ];
  lines.push(
    `  ${'instrument'.padEnd(14)}${head('vi')}${head('trades')}${head('buy volume')}${head('sell volume')}${head('vwap')}`,
  );
  for (const row of known.slice(0, limit)) {
    const cells = [
      vi[row]!.toFixed(4),
      count(trades[row]!),
      plain(buy[row]!),
      plain(sell[row]!),
      plain(vwap[row]!),
    ];
    lines.push(`  ${symbol.values[symbol.codes[row]!]!.padEnd(14)}${cells.map(head).join('')}`);
  }
  return lines;
}

const head = (text: string): string => text.padStart(16);
const plain = (value: number): string => String(Number(value.toPrecision(9)));

function numbers(table: PresentedTable, name: string): ArrayLike<number> {
  const column = table.columns.find((c) => c.name === name);
  if (!column || (column.data.type !== 'f64' && column.data.type !== 'u32'))
    throw new TypeError(`no column ${name}`);
  return column.data.values;
}
