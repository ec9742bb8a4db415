import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDeribitName } from '../../src/ingest/deribit-instrument.js';
import { deribitSummary } from '../../src/ingest/deribit-summary.js';
import { type ReadRow, readWith } from './import-support.js';
import { dataLine, haveData, realData, scratch } from './support.js';

const files = scratch();
const CSV = realData('deribit/deribit_options.csv');
const T = 1704712781414;
const openInterest = (rows: readonly ReadRow[], cp?: string): number =>
  rows.reduce(
    (sum, { cells }) => sum + (cp === undefined || cells.cp === cp ? Number(cells.open_interest) : 0),
    0,
  );

describe('deribit-summary', () => {
  it.skipIf(!haveData)(`${dataLine}: the ETH chain of 2024-01-08`, async () => {
    const { rows, skipped, instruments } = await readWith(deribitSummary, [CSV]);
    expect([rows.length, skipped]).toEqual([684, 1]);
    expect(rows.filter(({ reject, kind }) => reject !== undefined || kind !== 'options')).toEqual([]);
    expect([openInterest(rows), openInterest(rows, 'C'), openInterest(rows, 'P')]).toEqual([
      2337624, 1764517, 573107,
    ]);
    const expiries = new Set(rows.map(({ cells }) => cells.expiry));
    expect(expiries.size).toBe(11);
    // 2024-01-09 08:00 UTC
    expect(Math.min(...[...expiries].map(Number))).toBe(1704787200e6);
    expect(rows[0]).toMatchObject({ symbol: 'ETH-26JAN24-1200-P', record: 1 });
    expect(rows[0]!.cells).toEqual({
      ts: T * 1000,
      expiry: 1706256000e6,
      strike: 1200,
      cp: 'P',
      mult: 1,
      open_interest: 965,
      volume: 1,
      bid: 0.0004,
      ask: 0.001,
      last: 0.0011,
      mark: 0.000853,
      mark_iv: null,
      underlying: 2241.65,
      underlying_index: 'ETH-26JAN24',
    });
    expect(rows[1]!.cells).toMatchObject({ bid: null, ask: null, last: 0.0755 });
    // cells that are there, counted in the CSV by Python
    const given = (name: string): number => rows.filter(({ cells }) => cells[name] !== null).length;
    expect(['volume', 'bid', 'ask', 'last', 'mark'].map(given)).toEqual([684, 454, 431, 509, 684]);
    expect(instruments).toHaveLength(684);
    expect(instruments[0]).toEqual({
      ...{ venue: 'deribit', symbol: 'ETH-26JAN24-1200-P', expiry: 1706256000e6 },
      option: { expiry: 1706256000e6, strike: 1200, cp: 'P' },
    });
  });

  it.skipIf(!haveData)(`${dataLine}: the API's JSON gives the rows of the CSV`, async () => {
    const [head, ...lines] = readFileSync(CSV, 'utf8').trim().split('\n');
    const names = head!.split(',');
    const texts = new Set(['instrument_name', 'underlying_index']);
    const items = lines.map((line) =>
      Object.fromEntries(
        line.split(',').map((field, j) => {
          const name = names[j]!;
          return [name, texts.has(name) ? field : field === '' ? null : Number(field)];
        }),
      ),
    );
    const want = (await readWith(deribitSummary, [CSV])).rows.map(({ cells }) => cells);
    for (const [name, json] of [
      ['answer.json', JSON.stringify({ jsonrpc: '2.0', id: 1, result: items })],
      ['pretty.json', JSON.stringify({ jsonrpc: '2.0', result: items }, undefined, 2)],
      ['array.json', `  \n${JSON.stringify(items, undefined, 1)}\n\n`],
      ['lines.jsonl', items.map((item) => JSON.stringify(item)).join('\r\n')],
    ] as const) {
      const read = await readWith(deribitSummary, [files.write(name, json)]);
      expect(read.rows.map(({ cells }) => cells)).toEqual(want);
      expect(read.rows.map(({ record }) => record)).toEqual(want.map((_, i) => i));
      expect(read.skipped).toBe(0);
    }
  });

  it('futures and perpetuals become oi rows, in USD where inverse', async () => {
    const base = {
      creation_timestamp: T,
      open_interest: 10.5,
      mark_price: 43000.25,
      last: null,
      current_funding: -1e-5,
    };
    const items = [
      'BTC-PERPETUAL',
      'ETH_USDC-PERPETUAL',
      'BTC-29MAR24',
      'BTC_USDC',
      'BTC-FS-26JAN24_PERP',
    ].map((instrument_name) => ({ ...base, instrument_name }));
    const option = {
      ...base,
      instrument_name: 'XRP_USDC-26JAN24-0d5-C',
      mark_iv: 72.35,
      underlying_index: 'index_price',
    };
    const path = files.write('all.json', JSON.stringify({ result: [...items, option] }));
    const { rows, skipped, instruments } = await readWith(deribitSummary, [path]);
    // a spot pair and a combination have no open interest of their own
    expect(skipped).toBe(2);
    expect(rows.map(({ kind, symbol, record, reject }) => [kind, symbol, record, reject])).toEqual([
      ['options', 'XRP_USDC-26JAN24-0d5-C', 5, undefined],
      ['oi', 'BTC-PERPETUAL', 0, undefined],
      ['oi', 'ETH_USDC-PERPETUAL', 1, undefined],
      ['oi', 'BTC-29MAR24', 2, undefined],
    ]);
    // 0.7235 is 72.35 with its point moved; 72.35 / 100 is another number
    expect(rows[0]!.cells).toMatchObject({
      strike: 0.5,
      cp: 'C',
      mult: null,
      mark_iv: 0.7235,
      open_interest: 10.5,
    });
    expect(rows[1]!.cells).toEqual({
      ...{
        ts: T * 1000,
        interval: 0,
        oi_contracts: null,
        oi_usd: 10.5,
        funding: -1e-5,
        mark: 43000.25,
        last: null,
      },
    });
    expect(rows[2]!.cells).toMatchObject({ oi_contracts: 10.5, oi_usd: null });
    expect(instruments.map(({ symbol, expiry }) => [symbol, expiry])).toEqual([
      ['BTC-PERPETUAL', undefined],
      ['ETH_USDC-PERPETUAL', undefined],
      ['BTC-29MAR24', Date.UTC(2024, 2, 29, 8) * 1000],
      ['XRP_USDC-26JAN24-0d5-C', Date.UTC(2024, 0, 26, 8) * 1000],
    ]);
  });

  it('a CSV holds them too, and each kind in its place', async () => {
    const path = files.write(
      'mixed.csv',
      `instrument_name,creation_timestamp,open_interest\nBTC-PERPETUAL,${T},5\nBTC-29MAR24-50000-C,${T},7\n`,
    );
    const { rows } = await readWith(deribitSummary, [path]);
    expect(rows.map(({ kind, record }) => [kind, record])).toEqual([
      ['options', 2],
      ['oi', 1],
    ]);
    expect(rows[0]!.cells).toMatchObject({ open_interest: 7, bid: null, underlying_index: null });
  });

  it('names', () => {
    const day = Date.UTC(2024, 1, 29, 8) * 1000;
    expect(parseDeribitName('ETH-29FEB24-1200-P')).toEqual({
      ...{ type: 'option', expiry: day, strike: 1200, cp: 'P', linear: false },
    });
    expect(parseDeribitName('XRP_USDC-29FEB24-0d625-C')).toMatchObject({ strike: 0.625, linear: true });
    expect(parseDeribitName('BTC-9JAN24')).toEqual({
      ...{ type: 'future', expiry: Date.UTC(2024, 0, 9, 8) * 1000, linear: false },
    });
    for (const other of ['ETH_BTC', 'BTC-CS-29DEC23-40000_45000', 'BTC-CCAL-12JAN24_26JAN24-45000'])
      expect([other, parseDeribitName(other)]).toEqual([other, { type: 'other' }]);
    for (const bad of [
      ...['', 'ETH', 'ETH-30FEB24-1200-P', 'ETH-29FEB24-0-P', 'ETH-29FEB24-1200-X', 'ETH-29FOO24-1200-P'],
      ...['ETH-29FEB24-1e3-P', 'ETH-29FEB24--5-P', 'eth-29FEB24-1200-P', 'ETH-0JAN24', '../ETH-PERPETUAL'],
      ...['ETH-29FEB24-1d-P', 'ETH-29FEB24-1200-P\n', '__proto__', 'ETH-29FEB24-1200'],
    ])
      expect([bad, parseDeribitName(bad)]).toEqual([bad, undefined]);
  });

  it('hostile items end in the ledger', async () => {
    const good = { instrument_name: 'BTC-PERPETUAL', creation_timestamp: T, open_interest: 1 };
    const option = { ...good, instrument_name: 'BTC-29MAR24-50000-C' };
    const cases: [unknown, string | undefined][] = [
      [good, undefined],
      [{ ...good, creation_timestamp: String(T) }, undefined],
      [null, 'bad_row'],
      [[good], 'bad_row'],
      ['BTC-PERPETUAL', 'bad_row'],
      [{}, 'bad_instrument'],
      [{ error: { code: 13004 } }, 'bad_instrument'],
      [{ ...good, instrument_name: 7 }, 'bad_instrument'],
      [{ ...good, instrument_name: { toString: 1 } }, 'bad_instrument'],
      [{ ...good, creation_timestamp: null }, 'bad_time'],
      [{ ...good, creation_timestamp: -T }, 'bad_time'],
      [{ ...good, creation_timestamp: 1e300 }, 'bad_time'],
      [{ ...good, open_interest: undefined }, 'bad_value'],
      [{ ...good, open_interest: -1 }, 'bad_value'],
      [{ ...good, open_interest: [1] }, 'bad_value'],
      [{ ...good, mark_price: true }, 'bad_value'],
      [{ ...option, mark_iv: 'NaN' }, 'bad_value'],
      [{ ...option, bid_price: -0.1 }, 'bad_value'],
    ];
    const path = files.write('hostile.json', JSON.stringify({ result: cases.map(([item]) => item) }));
    const { rows } = await readWith(deribitSummary, [path]);
    const byRecord = new Map(rows.map((row) => [row.record, row.reject]));
    expect(cases.map((_, i) => [i, byRecord.get(i)])).toEqual(cases.map(([, reject], i) => [i, reject]));
    expect(rows).toHaveLength(cases.length);
  });

  it('infinity written as 1e999, bad lines and empty answers', async () => {
    const item = `{"instrument_name":"BTC-PERPETUAL","creation_timestamp":${T},"open_interest":1e999}`;
    const lines = [item, '{"instrument_name":', '{"result":[]}', '__proto__', `{"__proto__":${item}}`];
    const { rows, skipped } = await readWith(deribitSummary, [files.write('bad.jsonl', lines.join('\n'))]);
    expect(skipped).toBe(1);
    expect(rows.map(({ record, reject, text }) => [record, reject, text])).toEqual([
      [1, 'bad_row', lines[1]],
      [2, 'bad_row', lines[3]],
      [3, 'bad_instrument', lines[4]],
      [0, 'bad_value', item],
    ]);
    await expect(readWith(deribitSummary, [files.write('other.csv', 'a,b,c\n1,2,3\n')])).rejects.toThrow(
      /^other\.csv header a,b,c must name instrument_name, /,
    );
  });
});
