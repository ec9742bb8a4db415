import { describe, expect, it } from 'vitest';
import { SIDE_BUY, SIDE_SELL, SIDE_UNKNOWN } from '../../src/core/columns.js';
import { microsOfIso } from '../../src/core/parse-iso.js';
import { coinMarginedFace } from '../../src/ingest/coin-margined.js';
import { guessColumns, meaningOf } from '../../src/table/column-guess.js';
import { decodeLz4 } from '../../src/table/lz4.js';
import { orderRows } from '../../src/table/order.js';
import { SIDE_BAD, SIDE_BARE, sideCode } from '../../src/table/side-codes.js';
import { microsOfText, microsOfWords, TimeUnit } from '../../src/table/time-unit.js';

const seeded = (seed: number) => (): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 4294967296;
};

describe('LZ4 frames', () => {
  // magic, flags (version 1, independent), 64 KiB blocks, checksum byte
  const frame = (...blocks: number[][]): Uint8Array =>
    Uint8Array.from([
      ...[0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82],
      ...blocks.flatMap((b) => [b.length & 255, b.length >> 8, 0, 0, ...b]),
      ...[0, 0, 0, 0],
    ]);
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

  it('copies literals and overlapping matches', () => {
    // "ab", then 10 bytes from 2 back, then the last literals "z"
    expect(text(decodeLz4(frame([0x26, 97, 98, 2, 0, 0x10, 122])))).toBe('ababababababz');
  });
  it('takes stored blocks and long lengths', () => {
    const stored = Uint8Array.from([
      0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82, 3, 0, 0, 0x80, 120, 121, 122, 0, 0, 0, 0,
    ]);
    expect(text(decodeLz4(stored))).toBe('xyz');
    // 15 + 255 + 10 literals
    const block = [0xf0, 255, 10, ...new Array<number>(280).fill(65)];
    expect(text(decodeLz4(frame(block)))).toBe('A'.repeat(280));
  });
  it('refuses what reaches outside', () => {
    expect(() => decodeLz4(frame([0x26, 97, 98, 3, 0, 0x10, 122]))).toThrow(/match before its start/);
    expect(() => decodeLz4(frame([0xf0, 255, 255, 65]))).toThrow(/literals past its end/);
    expect(() =>
      decodeLz4(frame([0x2f, 97, 98, 2, 0, ...new Array<number>(300).fill(255), 0, 0x10, 122])),
    ).toThrow(/match past its end/);
    expect(() => decodeLz4(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))).toThrow(/magic/);
  });
  it('every cut and every flipped byte ends in bytes or a one-line error', () => {
    const good = frame([0x26, 97, 98, 2, 0, 0x10, 122], [0xf0, 255, 10, ...new Array<number>(280).fill(65)]);
    for (let cut = 1; cut < good.length; cut++)
      expect(() => decodeLz4(good.subarray(0, cut))).toThrow(/LZ4 frame/);
    for (let at = 0; at < good.length; at++)
      for (const flip of [1, 16, 128, 255]) {
        const bad = good.slice();
        bad[at]! ^= flip;
        try {
          expect(decodeLz4(bad).length).toBeLessThan(1 << 20);
        } catch (error) {
          expect((error as Error).name).toBe('InputError');
        }
      }
  });
});

describe('row order', () => {
  it('equals a stable comparator sort at every size across the insertion bound', () => {
    const random = seeded(3);
    for (const n of [0, 1, 2, 3, 46, 47, 48, 49, 1000, 5000]) {
      const time = Float64Array.from({ length: n }, () => 1.7e15 + Math.floor(random() * 40) * 1e6);
      const seq = Float64Array.from({ length: n }, () =>
        random() < 0.2 ? Number.NaN : Math.floor(random() * 2 ** 53),
      );
      const want = Array.from({ length: n }, (_, i) => i).sort(
        (a, b) =>
          time[a]! - time[b]! || (seq[a]! >= 0 ? seq[a]! : -1) - (seq[b]! >= 0 ? seq[b]! : -1) || a - b,
      );
      expect([...orderRows(time, seq)]).toEqual(want);
    }
  });
});

describe('timestamps', () => {
  it('tells the unit from the magnitude, and floors nanoseconds beyond 2^53', () => {
    const want = 1723161256560123;
    for (const [text, micros] of [
      ['1723161256', 1723161256000000],
      ['1723161256.560123', want],
      ['1723161256560', 1723161256560000],
      ['1723161256560123', want],
      ['1723161256560123999', want],
      ['2024-08-08T23:54:16.560123Z', want],
      ['2024-08-08 23:54:16.560123999', want],
      ['2024-08-09T01:54:16.560123+02:00', want],
      ['2024-08-08', 1723075200000000],
      // the day is known by now, the zone must still count
      ['2024-08-08T23:54:16.560123-01:30', want + 5_400_000_000],
      ['2024-08-08T23:54:16', 1723161256000000],
    ] as const)
      expect(microsOfText(text, new TimeUnit('f', 'ts', undefined))).toBe(micros);
    expect(microsOfWords(4294967295, 401204331, 1e9)).toBe(
      Number((401204331n * 4294967296n + 4294967295n) / 1000n),
    );
  });
  it('keeps one unit per file and asks where none is plausible', () => {
    const unit = new TimeUnit('f', 'ts', undefined);
    expect(unit.micros(1723161256)).toBe(1723161256000000);
    expect(unit.micros(1723161256560)).toBe(1723161256560 * 1e6);
    const odd = new TimeUnit('f.csv', 'ts', undefined);
    expect(odd.micros(17)).toBeNaN();
    expect(() => odd.close()).toThrow(
      'f.csv column ts 17 is no timestamp of 1980 to 2106 in s, ms, us or ns; pass --time-unit',
    );
  });
  it('rejects texts that are no dates', () => {
    for (const text of ['', 'noon', '2024-13-01', '2024-02-30', '2024-01-01T25:00', '1e9'])
      expect(microsOfIso(text)).toBeNaN();
    // Date would read the years 0 to 99 as 1900 to 1999
    for (const text of [
      '0099-12-31',
      '0070-01-02 00:00:00',
      '2024-01-05T00:00+24:00',
      '2024-01-05T00:00-01:60',
    ])
      expect(microsOfIso(text)).toBeNaN();
    expect(microsOfIso('2024-01-05T00:00+23:59')).toBe(Date.UTC(2024, 0, 4, 0, 1) * 1000);
  });
});

describe('sides', () => {
  it('knows the words, and which unknown words are bad', () => {
    for (const word of ['buy', 'BUY', ' b ', 'bid', '1', '1.0'])
      expect(sideCode(word, 'side')).toBe(SIDE_BUY);
    for (const word of ['sell', 'S', 'ask', '-1', '2']) expect(sideCode(word, 'side')).toBe(SIDE_SELL);
    for (const word of [null, '', 'unknown', 'NaN', '0']) expect(sideCode(word, 'side')).toBe(SIDE_UNKNOWN);
    for (const word of ['maybe', '7', 'buysell']) expect(sideCode(word, 'side')).toBe(SIDE_BAD);
    for (const word of ['True', 'f', 'no']) expect(sideCode(word, 'side')).toBe(SIDE_BARE);
  });
  it('a column of the taker or of the maker says what true and 0 mean', () => {
    for (const word of ['True', '1', 'yes', 'buy']) {
      expect(sideCode(word, 'buy')).toBe(SIDE_BUY);
      expect(sideCode(word, 'maker')).toBe(SIDE_SELL);
    }
    for (const word of ['false', '0', '2', 'sell']) {
      expect(sideCode(word, 'buy')).toBe(SIDE_SELL);
      expect(sideCode(word, 'maker')).toBe(SIDE_BUY);
    }
    for (const name of ['is_buy', 'buy', 'buyer', 'takerIsBuyer', 'buyer_is_taker', 'isBuyerTaker'])
      expect(meaningOf(name)).toBe('buy');
    for (const name of ['m', 'isBuyerMaker', 'maker_side']) expect(meaningOf(name)).toBe('maker');
    for (const name of ['side', 'taker_side', '5', 'maker', 'buyer_id']) expect(meaningOf(name)).toBe('side');
  });
});

describe('column names', () => {
  it('takes the sensible ones in any case', () => {
    expect(
      guessColumns('f', ['Symbol', 'Exchange_TS', 'PX', 'Qty', 'cost', 'is_buyer_maker', 'trade_id']),
    ).toEqual({
      ...{
        time: 'Exchange_TS',
        price: 'PX',
        size: 'Qty',
        side: 'is_buyer_maker',
        instrument: 'Symbol',
        id: 'trade_id',
      },
    });
    expect(guessColumns('f', ['e', 'E', 'T', 's', 't', 'p', 'q', 'm'])).toEqual({
      ...{ time: 'T', price: 'p', size: 'q', side: 'm', instrument: 's', id: 't' },
    });
  });
  it('prefers the map, and names what is missing', () => {
    expect(guessColumns('f', ['a', 'price', 'x', 'size', 'ts'], { price: 'x' }).price).toBe('x');
    expect(() => guessColumns('f.csv', ['ts', 'price', 'cost'])).toThrow(
      'f.csv column size is missing; pass --map size=<column>, or import other kinds than trades by `steelyard import --kind`; columns: ts, price, cost',
    );
    expect(() => guessColumns('f.csv', ['ts'], { price: 'px' })).toThrow(
      'f.csv column px is missing; columns: ts',
    );
    expect(() => guessColumns('f.csv', ['ts'], { prize: 'ts' })).toThrow(
      /^map column prize must be one of time, /,
    );
  });
});

it('COIN-M face values', () => {
  expect(coinMarginedFace('BTCUSD_PERP')).toBe(100);
  expect(coinMarginedFace('ETHUSD_240927')).toBe(10);
  expect(coinMarginedFace('ETHUSDT')).toBeUndefined();
  expect(coinMarginedFace('ETHUSDT_240927')).toBeUndefined();
});
