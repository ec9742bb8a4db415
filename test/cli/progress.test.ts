import { afterEach, expect, it, vi } from 'vitest';
import { progressLine } from '../../src/cli/progress.js';

const wasTerminal = process.stderr.isTTY;
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  process.stderr.isTTY = wasTerminal;
});

/** What a terminal would be sent for updates at the given seconds. */
function shown(
  terminal: boolean,
  quiet: boolean,
  updates: readonly (readonly [
    second: number,
    stage: string,
    rows: number,
    total?: number | undefined,
    bytes?: readonly [read: number, all: number],
  ])[],
): string[] {
  const lines: string[] = [];
  process.stderr.isTTY = terminal;
  vi.spyOn(process.stderr, 'write').mockImplementation(
    (text) => lines.push(String(text).replaceAll('\r\u001b[K', '')) > 0,
  );
  vi.useFakeTimers({ toFake: ['performance'] });
  const { update, done } = progressLine(quiet);
  let now = 0;
  for (const [second, stage, rows, total, bytes] of updates) {
    vi.advanceTimersByTime((second - now) * 1000);
    now = second;
    update?.({
      ...{ stage, rows },
      ...(total !== undefined && { total }),
      ...(bytes && { bytes: bytes[0], totalBytes: bytes[1] }),
    });
  }
  done();
  return lines.filter((line) => line !== '');
}

it('shows rows, rows/s and the time left, each stage from its own start', () => {
  expect(
    shown(true, false, [
      [2, 'read', 4_000_000],
      [4, 'volume-imbalance', 1_000_000, 5_000_000],
      [5, 'volume-imbalance', 3_000_000, 5_000_000],
    ]),
  ).toEqual([
    'read: 4.0 M rows, 2.0 M rows/s',
    'volume-imbalance: 1.0 M of 5.0 M rows, 500,000 rows/s, 8 s left',
    'volume-imbalance: 3.0 M of 5.0 M rows, 1.0 M rows/s, 2 s left',
  ]);
});

it('shows bytes, and the time left by them where the rows to come are unknown', () => {
  expect(
    shown(true, false, [
      [2, 'read', 1000, undefined, [500, 4_000_000]],
      [4, 'read', 2_000_000, undefined, [1_000_000, 4_000_000]],
    ]),
  ).toEqual([
    'read: 1,000 rows, 500 B of 4.0 MB, 500 rows/s, 15998 s left',
    'read: 2.0 M rows, 1.0 MB of 4.0 MB, 500,000 rows/s, 12 s left',
  ]);
});

it('speaks at most ten times a second', () => {
  expect(
    shown(
      true,
      false,
      Array.from({ length: 100 }, (_, i) => [1 + i / 100, 'read', i + 1] as const),
    ),
  ).toHaveLength(10);
});

it('is silent where standard error is no terminal, and under --quiet', () => {
  expect(shown(false, false, [[1, 'read', 10]])).toEqual([]);
  expect(shown(true, true, [[1, 'read', 10]])).toEqual([]);
});
