import { writeFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { imbalanceRegression } from '../../src/analytics/imbalance-regression/index.js';
import { oiCorrelation } from '../../src/analytics/oi-correlation/index.js';
import { orderBookImbalance } from '../../src/analytics/order-book-imbalance/index.js';
import { strategySweep } from '../../src/analytics/strategy-sweep/index.js';
import { valueArea } from '../../src/analytics/value-area/index.js';
import { volumeImbalance } from '../../src/analytics/volume-imbalance/index.js';
import { volumeIndicators } from '../../src/analytics/volume-indicators/index.js';
import { openRunInputs } from '../../src/cli/run-inputs.js';
import type { AnyAnalytic } from '../../src/core/analytic.js';
import type { OpenInputsOptions } from '../../src/engine/open-inputs.js';
import { scratch } from '../ingest/support.js';

const { path } = scratch();
afterEach(() => {
  vi.restoreAllMocks();
});

function csv(name: string, lines: readonly (readonly (string | number)[])[]): string {
  const file = path(name);
  writeFileSync(file, `${lines.map((line) => line.join(',')).join('\n')}\n`);
  return file;
}

async function told(analytic: AnyAnalytic, trades: string, options: OpenInputsOptions): Promise<string[]> {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await openRunInputs(analytic, { every: '1m' }, [trades], options, false);
  return write.mock.calls.join('').split('\n');
}

const T0 = Date.UTC(2025, 0, 21) * 1000;
const trades = (): string =>
  csv('trades.csv', [
    ['ts', 'price', 'size', 'side', 'symbol'],
    [T0, 100, 1, 'buy', 'ABC'],
    [T0 + 60e6, 100, 0, 'buy', 'ABC'],
    [T0 + 61e6, 100, 2, 'sell', 'ABC'],
  ]);

it('what a book beside trades loses is told as what the trades lose', async () => {
  const book = csv('incremental.csv', [
    'exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount'.split(','),
    ['x', 'ABC', T0, T0, 'true', 'bid', 99, 1],
    ['x', 'ABC', T0, T0, 'true', 'ask', 101, 1],
    ['x', 'ABC', T0 + 59e6, T0 + 59e6, 'false', 'ask', 101, 5],
    ['x', 'ABC', T0 + 61e6, T0 + 61e6, 'false', 'neither', 101, 1],
    ['x', 'ABC', T0 + 61e6, T0 + 61e6, 'false', 'bid', 'nan', 1],
  ]);
  const lines = await told(imbalanceRegression, trades(), { book: [book], match: 'symbol' });
  expect(lines).toContain('ledger: 3 rows read, 2 kept, 1 bad_size');
  // states of whole minutes, the last of them stale
  expect(lines).toContain('ledger of book: 5 rows read, 3 kept, 1 bad_price, 1 bad_side');
});

it.each([
  ['book', volumeImbalance],
  ['oi', volumeImbalance],
  ['oi', strategySweep],
] as const)('%s that nothing reads is refused, not passed over', async (kind, analytic) => {
  await expect(openRunInputs(analytic, {}, [trades()], { [kind]: ['any.csv'] }, true)).rejects.toThrow(
    `${kind} any.csv must not be given: ${analytic.name} reads none`,
  );
});

it.each([
  ['strategy-sweep spreadLimit 0,5 needs a book', strategySweep, { spreadLimit: '0,5' }],
  ['volume-indicators pvoFast 40 must be below pvoSlow 26', volumeIndicators, { pvoFast: 40 }],
  ['rowTicks 1 must not be given together with row', valueArea, { rowTicks: 1, row: 2 }],
] as const)('%s: parameters are refused before anything is read', async (message, analytic, params) => {
  const missing = [path('no-such-file.csv')];
  await expect(openRunInputs(analytic, params, missing, {}, true)).rejects.toThrow(message);
});

it('a book beside an input that is not read is refused, not taken for it', async () => {
  const opened = openRunInputs(orderBookImbalance, {}, [trades()], { book: ['any.csv'] }, true);
  await expect(opened).rejects.toThrow(
    'book any.csv must be the input itself: order-book-imbalance reads nothing else',
  );
});

it.each([
  ['book', imbalanceRegression],
  ['oi', oiCorrelation],
] as const)('a table as %s must be imported first: --from is of the input', async (kind, analytic) => {
  const table = csv('table.csv', [['ts', 'x']]);
  const opened = openRunInputs(analytic, {}, [trades()], { [kind]: [table], from: 'csv' }, true);
  await expect(opened).rejects.toThrow(
    /^input table\.csv is of no format of [a-z ]+ known by its content: make it a dataset by `steelyard import`, as one of [a-z0-9, -]+$/,
  );
});

it('the input itself may be named', async () => {
  const table = csv('table.csv', [['ts', 'x']]);
  await expect(openRunInputs(orderBookImbalance, {}, [table], {}, true)).rejects.toThrow(
    'known by its content: pass --from, one of',
  );
});

it('and what open interest loses', async () => {
  const oi = csv('ABC-metrics-2025-01-21.csv', [
    [
      ...['create_time', 'symbol', 'sum_open_interest', 'sum_open_interest_value'],
      ...['count_toptrader_long_short_ratio', 'sum_toptrader_long_short_ratio'],
      ...['count_long_short_ratio', 'sum_taker_long_short_vol_ratio'],
    ],
    ['2025-01-21 00:00:00', 'ABC', 5, 500, '', '', '', ''],
    ['2025-01-21 00:05:00', 'ABC', -1, 500, '', '', '', ''],
  ]);
  const lines = await told(oiCorrelation, trades(), { oi: [oi], match: 'symbol' });
  expect(lines.filter((line) => line.startsWith('ledger of oi: 2 rows read, 1 kept, 1 '))).toHaveLength(1);
});
