import { describe, expect, it } from 'vitest';
import { GAP, OK, ONE_SIDED } from '../../src/core/book-states.js';
import { decimal } from '../../src/core/decimal.js';
import { type Books, bookFrame } from '../../src/engine/book-frame.js';

type Row = readonly [ts: number, known: number, state: number, ...cells: number[]];
const X = Number.NaN;
const units = { price: decimal('0.01'), size: decimal('0.001') };

/** Rows of two levels: bid tick, bid lots, ask tick, ask lots of each. */
const book = (instrument: string, rows: readonly Row[]): Books['instruments'][number] => {
  const column = (c: number): Float64Array => Float64Array.from(rows, (row) => row[c] ?? X);
  const columns: Record<string, Float64Array> = { ts: column(0), recv_ts: column(1), seq: column(99) };
  ['bid_tick', 'bid_lots', 'ask_tick', 'ask_lots'].forEach((name, c) => {
    for (const l of [0, 1]) columns[`${name}_${l + 1}`] = column(3 + 4 * l + c);
  });
  return {
    instrument,
    units,
    states: { rows: rows.length, columns, state: Uint8Array.from(rows, (r) => r[2]) },
  };
};

describe('a frame of rebuilt books', () => {
  it('holds levels a row, offsets from the first best price, no lots where there is no level', () => {
    const frame = bookFrame({
      levels: 2,
      instruments: [
        book('a:X', [
          [10, 12, GAP],
          [20, 21, OK, 500, 7, 502, 8, 499, 1, X, X],
          [30, 30, ONE_SIDED, X, X, 503, 9],
        ]),
        book('a:Y', []),
        book('a:Z', [[15, 15, ONE_SIDED, X, X, 70, 2]]),
      ],
    });
    expect(frame).toMatchObject({ kind: 'book', rows: 4, time: { base: 0, unit: 1 } });
    expect(frame.step).toBeUndefined();
    expect([...frame.offsets]).toEqual([0, 3, 3, 4]);
    expect(frame.instruments.map(({ symbol, base, tick }) => [symbol, base, tick])).toEqual([
      ['a:X', 500, units.price],
      ['a:Y', 0, units.price],
      ['a:Z', 70, units.price],
    ]);
    const { columns } = frame;
    expect([...(columns.time as Float64Array)]).toEqual([10, 20, 30, 15]);
    expect([...(columns.available as Float64Array)]).toEqual([12, 21, 30, 15]);
    expect([...(columns.state as Uint32Array)]).toEqual([GAP, OK, ONE_SIDED, ONE_SIDED]);
    expect(columns.bid_tick).toEqual(Int32Array.of(0, 0, 0, -1, 0, 0, 0, 0));
    expect(columns.bid_lots).toEqual(Uint32Array.of(0, 0, 7, 1, 0, 0, 0, 0));
    expect(columns.ask_tick).toEqual(Int32Array.of(0, 0, 2, 0, 3, 0, 0, 0));
    expect(columns.ask_lots).toEqual(Uint32Array.of(0, 0, 8, 0, 9, 0, 2, 0));
    expect(frame.strides).toEqual({ bid_tick: 2, bid_lots: 2, ask_tick: 2, ask_lots: 2 });
  });

  it('takes f64 where lots pass 32 bits, and the width of a grid as its step', () => {
    const rows: Row[] = [[10, 10, OK, 500, 2 ** 32, 502, 2 ** 53 - 1]];
    const frame = bookFrame({ levels: 2, instruments: [book('a:X', rows)], params: { at: '100ms' } });
    expect(frame.step).toBe(100_000);
    expect(frame.columns.bid_lots).toEqual(Float64Array.of(2 ** 32, 0));
    expect(frame.columns.ask_lots).toEqual(Float64Array.of(2 ** 53 - 1, 0));
    const events = bookFrame({ levels: 2, instruments: [book('a:X', rows)], params: { at: 'event' } });
    expect(events.step).toBeUndefined();
  });

  it('rejects a price 2^31 ticks away', () => {
    const far = (ask: number) => () =>
      bookFrame({ levels: 2, instruments: [book('a:X', [[10, 10, OK, 5, 1, ask, 1]])] });
    expect(far(5 + 2 ** 31 - 1)).not.toThrow();
    expect(far(5 + 2 ** 31)).toThrow(
      'a:X book price of tick 2147483653 must lie within 2^31 ticks of the first, 5',
    );
  });
});
