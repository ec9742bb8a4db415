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
    const left = p.total && rate > 0 ? `, ${Math.ceil(Math.max(0, p.total - p.rows) / rate)} s left` : '';
    stderr.write(`\r\u001b[K${stage}: ${count(p.rows)}${of} rows, ${count(rate)} rows/s${left}`);
  };
  return { update, done: clearLine };
}

/** Removes a progress line, if the terminal shows one. */
export function clearLine(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
}

/** 12,345 or 1.2 M. */
export function count(n: number): string {
  if (n >= 1e9) return `${(n / 1e9).toFixed(1)} G`;
  if (n >= 1e6) return `${(n / 1e6).toFixed(1)} M`;
  return exactCount(n);
}

/** 1,234,567: for counts that a reader adds up. */
export const exactCount = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',');
