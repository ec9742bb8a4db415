import type { Progress } from '../engine/run-options.js';

/** A progress line on standard error with rows/s and time left, ten times a second; nothing unless a terminal. */
export function progressLine(quiet: boolean): {
  update: ((p: Progress) => void) | undefined;
  done: () => void;
} {
  const { stderr } = process;
  if (quiet || !stderr.isTTY) return { update: undefined, done: () => {} };
  let stage = '';
  let started = performance.now();
  let last = started;
  let shown = 0;
  const update = (p: Progress): void => {
    const now = performance.now();
    if (p.stage !== stage) {
      stage = p.stage;
      // the stage began when the one before last spoke
      started = last;
      shown = 0;
    }
    last = now;
    if (now - shown < 100) return;
    shown = now;
    const seconds = (now - started) / 1000;
    const rate = seconds > 0 ? p.rows / seconds : 0;
    const of = p.total ? ` of ${count(p.total)}` : '';
    const bytes =
      p.bytes === undefined ? '' : `, ${size(p.bytes)}${p.totalBytes ? ` of ${size(p.totalBytes)}` : ''}`;
    stderr.write(
      `\r\u001b[K${stage}: ${count(p.rows)}${of} rows${bytes}, ${count(rate)} rows/s${left(p, seconds)}`,
    );
  };
  return { update, done: clearLine };
}

/** Time left by the share of rows, or of bytes where the rows to come are unknown. */
function left(p: Progress, seconds: number): string {
  const [done, all] = p.total ? [p.rows, p.total] : [p.bytes ?? 0, p.totalBytes ?? 0];
  if (!(done > 0 && all > 0 && seconds > 0)) return '';
  return `, ${Math.ceil((Math.max(0, all - done) / done) * seconds)} s left`;
}

/** 812 B, 3.4 MB. */
function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** Removes a progress line, if the terminal shows one. */
export function clearLine(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
}

/** What went wrong and was put right, on standard error, in place of a progress line. */
export function warn(line: string): void {
  clearLine();
  process.stderr.write(`steelyard: ${line}\n`);
}

/** 12,345 or 1.2 M. */
export function count(n: number): string {
  if (n >= 1e9) return `${(n / 1e9).toFixed(1)} G`;
  if (n >= 1e6) return `${(n / 1e6).toFixed(1)} M`;
  return exactCount(n);
}

/** `bars 1,440 rows, zones 12 rows`: of tables by name. */
export const rowCounts = (tables: Readonly<Record<string, { readonly rows: number }>>): string =>
  Object.entries(tables)
    .map(([name, { rows }]) => `${name} ${count(rows)} rows`)
    .join(', ');

/** 1,234,567: for counts that a reader adds up. */
export const exactCount = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',');
