import { describe, expect, it } from 'vitest';
import { SIDE_BUY, SIDE_SELL, SIDE_UNKNOWN } from '../../src/core/columns.js';
import { exactMoments, type Moments } from '../../src/core/moments.js';
import { random } from '../support/random.js';

interface Row {
  readonly lots: bigint;
  readonly tick: number;
  readonly side: number;
}

const MOST_LOTS = 2n ** 62n - 1n;
const MAX_TICK = 2 ** 31 - 1;
const MIN_TICK = -(2 ** 31);

const pack = (rows: readonly Row[]) => ({
  tick: Int32Array.from(rows, (row) => row.tick),
  size: Uint32Array.from(rows, (row) => Number((row.lots * 4n + BigInt(row.side)) & 0xffffffffn)),
  sizeHi: Uint32Array.from(rows, (row) => Number((row.lots * 4n) >> 32n)),
});

/** The definition, a BigInt at a time. */
function plain(rows: readonly Row[]): Moments {
  const out: Moments = { buy: 0n, sell: 0n, unknown: 0n, first: 0n, signed: 0n, second: 0n };
  for (const { lots, tick, side } of rows) {
    if (side === SIDE_BUY) out.buy += lots;
    else if (side === SIDE_SELL) out.sell += lots;
    else out.unknown += lots;
    out.first += lots * BigInt(tick);
    if (side === SIDE_BUY) out.signed += lots * BigInt(tick);
    if (side === SIDE_SELL) out.signed -= lots * BigInt(tick);
    out.second += lots * BigInt(tick) * BigInt(tick);
  }
  return out;
}

const moments = (rows: readonly Row[]): Moments => {
  const { tick, size, sizeHi } = pack(rows);
  return exactMoments(tick, size, sizeHi, 0, rows.length);
};

describe('exactMoments', () => {
  const lots = [
    1n,
    2n ** 21n - 1n,
    2n ** 21n,
    2n ** 30n - 1n,
    2n ** 30n,
    2n ** 42n - 1n,
    2n ** 42n,
    2n ** 53n + 1n,
  ];
  const ticks = [
    0,
    1,
    -1,
    65_535,
    65_536,
    -65_535,
    -65_536,
    -65_537,
    2 ** 21,
    MAX_TICK,
    MIN_TICK,
    MIN_TICK + 1,
  ];

  it.each([...lots, MOST_LOTS - 1n, MOST_LOTS])('one row of %s lots at every boundary tick', (amount) => {
    for (const tick of ticks)
      for (const side of [SIDE_BUY, SIDE_SELL, SIDE_UNKNOWN]) {
        const rows = [{ lots: amount, tick, side }];
        expect(moments(rows)).toEqual(plain(rows));
      }
  });

  it.each([1, 511, 512, 513, 1024, 1500])('the largest lots at the farthest ticks, %i rows', (count) => {
    for (const tick of [MAX_TICK, MIN_TICK]) {
      const rows = Array.from({ length: count }, (_, i) => ({ lots: MOST_LOTS, tick, side: i % 3 }));
      expect(moments(rows)).toEqual(plain(rows));
    }
    // limbs of all ones: every product and every place at its largest
    const rows = Array.from({ length: count }, () => ({ lots: MOST_LOTS, tick: MAX_TICK, side: SIDE_BUY }));
    expect(moments(rows).second).toBe(BigInt(count) * MOST_LOTS * BigInt(MAX_TICK) ** 2n);
  });

  it('random rows of every width, over random ranges', () => {
    const next = random(5);
    const rows: Row[] = Array.from({ length: 3000 }, () => {
      const bits = BigInt(1 + Math.floor(next() * 62));
      const raw = (BigInt(Math.floor(next() * 2 ** 31)) << 31n) | BigInt(Math.floor(next() * 2 ** 31));
      const span = 2 ** (1 + Math.floor(next() * 31));
      return {
        lots: BigInt.asUintN(Number(bits), raw) || 1n,
        tick: Math.max(MIN_TICK, Math.floor((next() * 2 - 1) * span)),
        side: Math.floor(next() * 3),
      };
    });
    const { tick, size, sizeHi } = pack(rows);
    expect(exactMoments(tick, size, sizeHi, 0, rows.length)).toEqual(plain(rows));
    for (let i = 0; i < 40; i++) {
      const from = Math.floor(next() * rows.length);
      const to = from + Math.floor(next() * (rows.length - from + 1));
      expect(exactMoments(tick, size, sizeHi, from, to)).toEqual(plain(rows.slice(from, to)));
    }
  });

  it('one-word sizes need no upper words', () => {
    const rows = Array.from({ length: 700 }, (_, i) => ({
      lots: 2n ** 30n - 1n - BigInt(i),
      tick: i - 350,
      side: i % 3,
    }));
    const { tick, size } = pack(rows);
    expect(exactMoments(tick, size, undefined, 0, rows.length)).toEqual(plain(rows));
  });

  it('nothing sums to nothing', () => {
    expect(exactMoments(new Int32Array(3), new Uint32Array(3), undefined, 2, 2)).toEqual(plain([]));
  });

  it('positive and negative ticks cancel in the first moment only', () => {
    const rows = [MAX_TICK, -MAX_TICK].map((tick) => ({ lots: MOST_LOTS, tick, side: SIDE_SELL }));
    expect(moments(rows)).toMatchObject({ first: 0n, second: 2n * MOST_LOTS * BigInt(MAX_TICK) ** 2n });
  });
});
