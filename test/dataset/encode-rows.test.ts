import { describe, expect, it } from 'vitest';
import { NO_INSTRUMENT, type RawColumn, type RawRows } from '../../src/core/importer.js';
import type { KindName } from '../../src/core/kinds.js';
import { RowEncoder } from '../../src/dataset/encode-rows.js';
import { RunBuffer } from '../../src/dataset/run-buffer.js';
import { REASONS } from '../../src/table/ledger-book.js';

const text = (...values: (string | null)[]): RawColumn => ({ kind: 'text', values });
const f64 = (...values: number[]): RawColumn => ({ kind: 'f64', values: Float64Array.from(values) });
const codes = (...values: number[]): RawColumn => ({ kind: 'codes', values: Uint8Array.from(values) });

function encode(
  kind: KindName,
  rows: number,
  columns: Record<string, RawColumn>,
  more: Partial<RawRows> = {},
) {
  const buffer = new RunBuffer(kind);
  const encoder = new RowEncoder();
  encoder.price.add(0, undefined);
  encoder.size.add(0, undefined);
  const rejected: string[] = [];
  const ts = f64(...Array.from({ length: rows }, (_, i) => 1e15 + i));
  const raw: RawRows = {
    ...{ kind, rows, instrument: new Uint32Array(rows), firstRecord: 10 },
    columns: { ts, ...columns },
    ...more,
  };
  encoder.append(buffer, raw, [0], 3, (row, code) => rejected.push(`${row} ${REASONS[code - 1]}`));
  const scaled = (name: string): string[] => {
    const { values, scale, wide } = buffer.columns.get(name)!;
    return Array.from({ length: buffer.rows }, (_, i) => {
      const value = wide.get(i);
      return value ? `${value.unscaled}e-${value.scale}` : `${values[i]}e-${scale[i]}`;
    });
  };
  return { buffer, rejected, scaled };
}

describe('RowEncoder', () => {
  it('keeps exact decimals, also beyond 2^53, and sends what is no price or size to the ledger', () => {
    const prices = [
      '0.5',
      '-1',
      '0',
      '',
      null,
      'NaN',
      '1e3',
      '123456789.12345678',
      '1.123456789012345678901234567890',
    ];
    const { scaled, rejected } = encode('trades', prices.length, {
      price: text(...prices),
      size: text(...prices.map(() => '2')),
      side: codes(...prices.map(() => 1)),
    });
    expect(scaled('price')).toEqual(['5e-1', '1000e-0', '12345678912345678e-8']);
    expect(rejected).toEqual([
      ...['1 bad_price', '2 bad_price', '3 bad_price', '4 bad_price', '5 bad_price', '8 inexact'],
    ]);
  });

  it('a size of 0 deletes a level and is a value there; in a trade it is none', () => {
    const sizes = ['0', '0.000', '.0', '00', '-0', '0e5', '.', '+', '-1', '1'];
    const { scaled, rejected } = encode('book_delta', sizes.length, {
      price: text(...sizes.map(() => '5')),
      size: text(...sizes),
      side: codes(...sizes.map(() => 1)),
    });
    expect(scaled('size')).toEqual(['0e-0', '0e-0', '0e-0', '0e-0', '0e-0', '0e-0', '1e-0']);
    expect(rejected).toEqual(['6 bad_size', '7 bad_size', '8 bad_size']);
    const trade = encode('trades', 1, { price: text('5'), size: text('0'), side: codes(1) });
    expect(trade.rejected).toEqual(['0 bad_size']);
  });

  it('a null of an optional cell stays null', () => {
    const { buffer, rejected } = encode('bars', 2, {
      ...{ open: text('1', '1'), high: text('1', '1'), low: text('1', '1'), close: text('1', '1') },
      ...{ volume: text('3', '0'), buy_volume: text(null, ''), interval: f64(60e6, Number.NaN) },
      notional: text('1582526989.1618724', null),
    });
    expect(rejected).toEqual([]);
    expect([...buffer.columns.get('buy_volume')!.values.subarray(0, 2)]).toEqual([Number.NaN, Number.NaN]);
    expect(buffer.columns.get('interval')!.values[1]).toBeNaN();
    // Decimal128(38, 18): 1582526989.1618724 · 10^18
    expect(buffer.columns.get('notional')!.texts).toEqual(['1582526989161872400000000000', null]);
  });

  it('rejects rows without instrument, time, known side or required value, each once, and counts on', () => {
    const rows = 6;
    const { buffer, rejected } = encode(
      'trades',
      rows,
      {
        ts: f64(1, Number.NaN, -1, 5e15, 5, 6),
        price: text('1', '1', '1', '1', '1', '1'),
        size: text('1', '1', '1', '1', '1', '1'),
        side: codes(0, 1, 1, 1, 3, 2),
      },
      {
        instrument: Uint32Array.of(NO_INSTRUMENT, 0, 0, 0, 0, 0),
        record: Float64Array.of(7, 8, 9, 10, 11, 12),
      },
    );
    expect(rejected).toEqual(['0 bad_instrument', '1 bad_time', '2 bad_time', '3 bad_time', '4 bad_side']);
    expect([...buffer.record.subarray(0, 1)]).toEqual([12]);
    expect(buffer.source[0]).toBe(3);
  });

  it('whole numbers of any size keep every digit; others are bad values', () => {
    const big = '-57896044618658097711785492504343953926634992332820282019728792003956564819968';
    const { buffer, rejected } = encode('dex_swaps', 4, {
      ...{ block: f64(1, 1, 1, 1), log_index: f64(1, 2, 3, 4) },
      amount0: text(big, '007', '1.5', 'x'),
      amount1: text('-0', '1', '1', '1'),
    });
    expect(buffer.columns.get('amount0')!.texts).toEqual([big, '7']);
    expect(buffer.columns.get('amount1')!.texts).toEqual(['0', '1']);
    expect(rejected).toEqual(['2 bad_value', '3 bad_value']);
  });

  it('in files with a record a level, changes of one sequence number are a message; a snapshot is not lost', () => {
    const sizes = ['1', '-1', '2', '3', 'x', '4'];
    const columns = {
      price: text(...sizes.map(() => '5')),
      size: text(...sizes),
      side: codes(...sizes.map(() => 1)),
      seq: f64(7, 7, 7, 8, 8, Number.NaN),
      // BOOK_SNAPSHOT on the rows of 8
      flags: codes(0, 0, 0, 1, 1, 0),
    };
    const { rejected } = encode('book_delta', sizes.length, columns);
    expect(rejected).toEqual(['0 bad_message', '1 bad_size', '2 bad_message', '4 bad_size']);
  });

  it('texts of millions of zeros cost no more than their length', () => {
    // a pattern that backtracks takes hours, past the limit of any test
    const long = '0'.repeat(2_000_000);
    const { rejected } = encode('book_delta', 2, {
      price: text('5', '5'),
      size: text(long, `${long}x`),
      side: codes(1, 1),
    });
    expect(rejected).toEqual(['0 bad_size', '1 bad_size']);
  });

  it('a bad level rejects the other levels of its message, and of no other', () => {
    const record = Float64Array.of(4, 4, 4, 5, 6, 6, 7, 7, 8);
    const sizes = ['1', '-1', '2', '3', '1', '0', '4', 'x', '5'];
    const columns = {
      price: text(...sizes.map(() => '5')),
      size: text(...sizes),
      side: codes(...sizes.map(() => 1)),
    };
    const { buffer, rejected } = encode('book_delta', sizes.length, columns, { record });
    expect(rejected).toEqual(['0 bad_message', '1 bad_size', '2 bad_message', '6 bad_message', '7 bad_size']);
    expect([...buffer.record.subarray(0, buffer.rows)]).toEqual([5, 6, 6, 8]);
    // the importer's own reason counts too; every bad level keeps its own
    const own = encode('book_delta', sizes.length, columns, {
      record,
      reject: Array.from({ length: sizes.length }, (_, i) => (i === 5 ? 'bad_row' : undefined)),
    });
    expect(own.rejected).toEqual([
      ...['0 bad_message', '1 bad_size', '2 bad_message', '4 bad_message', '5 bad_row'],
      ...['6 bad_message', '7 bad_size'],
    ]);
    // records of one row each, and rows that are no book changes, stand alone
    expect(encode('book_delta', sizes.length, columns).rejected).toEqual(['1 bad_size', '7 bad_size']);
    expect(encode('trades', sizes.length, columns, { record }).rejected).toEqual([
      ...['1 bad_size', '5 bad_size', '7 bad_size'],
    ]);
  });
});
