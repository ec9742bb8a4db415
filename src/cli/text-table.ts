import type { DaySpan } from '../engine/inspect-types.js';
import { exactCount } from './progress.js';

/** Spans shown one by one. */
const MOST_SPANS = 4;
/** Widest column that is padded; longer cells push the rest. */
const MOST_WIDTH = 48;

/** Rows of cells with columns aligned, two blanks apart; columns that are empty throughout are left out. */
export function aligned(rows: readonly (readonly string[])[], indent: string): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, c) =>
    rows.reduce((width, row) => Math.max(width, Math.min(MOST_WIDTH, row[c]?.length ?? 0)), 0),
  );
  return rows.map((row) => {
    const cells = row.flatMap((cell, c) => (widths[c] === 0 ? [] : cell.padEnd(widths[c]!)));
    return (indent + cells.join('  ')).trimEnd();
  });
}

/** `2024-08-08 00:00:01.5`: µs since the epoch as a reader takes them; a midnight is the day alone. */
export function instant(micros: number): string {
  const seconds = Math.floor(micros / 1e6);
  const text = new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
  const rest = micros - seconds * 1e6;
  if (rest > 0) return `${text}.${String(rest).padStart(6, '0').replace(/0+$/, '')}`;
  return text.endsWith(' 00:00:00') ? text.slice(0, 10) : text;
}

const SPANS: readonly (readonly [micros: number, unit: string])[] = [
  [86_400e6, 'd'],
  [3600e6, 'h'],
  [60e6, 'min'],
  [1e6, 's'],
  [1e3, 'ms'],
  [1, 'µs'],
];

/** `1.266 s`, `-391 ms`, `18 d`: µs to four digits, in the largest unit of which there is at least one. */
export function spanText(micros: number): string {
  const [size, unit] = SPANS.find(([of]) => Math.abs(micros) >= of) ?? [1, 'µs'];
  return `${Number((micros / size).toPrecision(4))} ${unit}`;
}

/** `1 gap`, `1,234 gaps`. */
export const counted = (n: number, what: string): string => `${exactCount(n)} ${what}${n === 1 ? '' : 's'}`;

/** `on 2024-01-02; 2024-02-01 to 2024-02-03 (3 days)`, the first few spans. */
export function spansText(spans: readonly DaySpan[]): string {
  const shown = spans
    .slice(0, MOST_SPANS)
    .map(({ from, to, days }) => (days === 1 ? `on ${from}` : `${from} to ${to} (${exactCount(days)} days)`));
  const more = spans.length - shown.length;
  return shown.join(', ') + (more > 0 ? `, … in ${exactCount(spans.length)} spans` : '');
}
