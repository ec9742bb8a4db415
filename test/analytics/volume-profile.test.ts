import { describe, expect, it } from 'vitest';
import { volumeProfile } from '../../src/analytics/volume-profile/index.js';
import { RowBuilder } from '../../src/analytics/volume-profile/row-builder.js';
import { parseDecimalText } from '../../src/core/decimal.js';
import { bigAt, type ExactColumn } from '../../src/core/exact.js';
import { compareResults } from '../../src/engine/compare.js';
import { run } from '../../src/engine/run.js';
import { caseName, MARKETS } from '../support/cases.js';
import { frameOf, type TradeRow } from '../support/frames.js';
import { marketRows } from '../support/markets.js';
import { random } from '../support/random.js';

const HOUR = 3_600_000_000;

/** floor(k · tick / height) with both as decimal texts, in BigInt. */
function bruteRow(k: number, tick: string, height: string): number {
  const t = parseDecimalText(tick)!;
  const h = parseDecimalText(height)!;
  const num = BigInt(k) * t.unscaled * 10n ** BigInt(h.scale);
  const den = h.unscaled * 10n ** BigInt(t.scale);
  return Number(num >= 0n || num % den === 0n ? num / den : num / den - 1n);
}

describe('rows against the definition in BigInt', () => {
  it.each(MARKETS.map((m) => [caseName({ params: {}, market: m }), m] as const))('%s', async (_, market) => {
    const lists = marketRows(market);
    const frame = frameOf(lists, market);
    const { tables } = await run(volumeProfile, frame, { row: 0.07, session: '1h' }, { backend: 'cpu' });
    const { columns: c, rows } = tables.rows!.table;
    const got = new Map<string, string>();
    const cell = (name: string, i: number): bigint => bigAt(c[name] as ExactColumn, i);
    for (let i = 0; i < rows; i++)
      got.set(
        [c.instrument, c.time, c.row].map((column) => (column as Float64Array)[i]).join(),
        [
          cell('buy_volume', i),
          cell('sell_volume', i),
          cell('unknown_volume', i),
          (c.trades as Uint32Array)[i],
        ].join(),
      );
    const want = new Map<string, [bigint, bigint, bigint, number]>();
    lists.forEach((list, s) => {
      for (const row of list) {
        const key = [s, Math.floor(row.t / HOUR) * HOUR, bruteRow(row.k, '0.01', '0.07')].join();
        const sums = want.get(key) ?? [0n, 0n, 0n, 0];
        const side = row.side === 'B' ? 0 : row.side === 'S' ? 1 : 2;
        sums[side] += BigInt(row.lots);
        sums[3]++;
        want.set(key, sums);
      }
    });
    expect(got.size).toBe(want.size);
    for (const [key, sums] of want) expect(got.get(key), key).toBe(sums.join());
  });

  it('M07: shuffling trades of one time leaves the profile unchanged', async () => {
    const next = random(5);
    const list = Array.from(
      { length: 500 },
      (_, i): TradeRow => ({ t: HOUR, k: 50 + (i % 13), lots: 1 + (i % 5), side: i % 3 ? 'B' : 'S' }),
    );
    const shuffled = list
      .map((row) => [next(), row] as const)
      .sort((a, b) => a[0] - b[0])
      .map(([, row]) => row);
    const params = { rowTicks: 2 };
    const plain = await run(volumeProfile, frameOf([[...list]]), params, { backend: 'cpu' });
    const other = await run(volumeProfile, frameOf([shuffled]), params, { backend: 'cpu' });
    expect(compareResults(other, plain).worst).toBeUndefined();
  });
});

describe('sums of millions of large trades in one row', () => {
  it('lose no lot between carries', () => {
    // lots 2^31 - 1 bought, packed as lots · 4 + 1 in two words; the first trade is one lot smaller
    const trades = 2 ** 23;
    const size = new Uint32Array(trades).fill(0xfffffffd);
    const sizeHi = new Uint32Array(trades).fill(1);
    size[0]! -= 4;
    const builder = new RowBuilder({ columns: { size, sizeHi } } as never);
    builder.dense(1, 1, trades);
    builder.add(0, trades);
    builder.emit(0, 0);
    const { buy_volume, trades: counted } = builder.table().columns;
    expect(bigAt(buy_volume as ExactColumn, 0)).toBe((2n ** 31n - 1n) * BigInt(trades) - 1n);
    expect((counted as Uint32Array)[0]).toBe(trades);
  });
});

describe('row parameters', () => {
  const frame = (tickDeclared: boolean) =>
    frameOf(
      [
        [
          { t: HOUR, k: 1, lots: 1, side: 'B' },
          { t: HOUR, k: 1_500_000_000, lots: 1, side: 'B' },
        ],
      ],
      { tickDeclared },
    );
  it.each([
    [false, { rowTicks: 5 }, 'rowTicks 5 needs a declared tick for S00000'],
    [false, {}, 'rowTicks 1 needs a declared tick for S00000'],
    [true, { rowTicks: 2, row: 0.1 }, 'rowTicks 2 must not be given together with row'],
    [true, { rowTicks: 0 }, 'volume-profile rowTicks 0 must be at least 1'],
    [true, { row: -1 }, 'volume-profile row -1 must be at least'],
    [true, { row: 'wide' }, 'volume-profile row wide must be a decimal number'],
    [
      true,
      { rowTicks: 1 },
      'row of 1 ticks cuts the price range of S00000 into 1499999999 rows, at most 1073741824',
    ],
    [true, { rowTicks: 2, session: '1500ms' }, 'volume-profile session 1500ms must be whole seconds'],
    [
      true,
      { rowTicks: 2, session: 'day@Mars/Olympus' },
      'volume-profile session Mars/Olympus must be an IANA time zone',
    ],
  ])('declared %s, %j', async (declared, params, message) => {
    await expect(run(volumeProfile, frame(declared), params, { backend: 'cpu' })).rejects.toThrow(message);
  });
});
