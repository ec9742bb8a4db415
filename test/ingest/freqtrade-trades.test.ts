import { describe, expect, it } from 'vitest';
import type { SourceFile } from '../../src/core/importer.js';
import { flatJsonArray } from '../../src/ingest/flat-json-array.js';
import { freqtradeTrades } from '../../src/ingest/freqtrade-trades.js';
import { jsonElements } from '../../src/ingest/json-elements.js';
import { readWith } from './import-support.js';
import { survive } from './mangle.js';
import { dataLine, haveData, realData, scratch } from './support.js';

const files = scratch();

describe('freqtrade-trades', () => {
  it.skipIf(!haveData)(`${dataLine}: XRP/ETH`, async () => {
    const { rows, instruments, skipped } = await readWith(freqtradeTrades, [
      realData('freqtrade/XRP_ETH-trades.json.gz'),
    ]);
    expect(skipped).toBe(0);
    // data/README.md: 12,477 rows
    expect(rows).toHaveLength(12_477);
    expect(rows.every((row) => row.reject === undefined)).toBe(true);
    expect(instruments).toEqual([{ venue: '', symbol: 'XRP/ETH' }]);
    expect(rows[0]!.cells).toEqual({
      ts: 1570752011620000,
      seq: 13519807,
      trade_id: null,
      price: '0.00141342',
      size: '23.0',
      side: 2,
    });
    expect(rows.at(-1)!.cells).toMatchObject({ ts: 1570965568844000, seq: 13532283, size: '130.0' });
    // sums of the amounts by side in Python decimals; every one is whole
    const sum = (side: number) =>
      rows.reduce((total, row) => total + (row.cells.side === side ? Number(row.cells.size) : 0), 0);
    expect([sum(1), sum(2)]).toEqual([3_206_668, 2_339_067]);
  });

  const read = (text: string, name = 'A_B-trades.json', params = {}) =>
    readWith(freqtradeTrades, [files.write(name, text)], params);
  const trade = (rest = '"buy",0.1,2,0.2') => `[1570752011620,"a1",null,${rest}]`;

  it('takes pairs with a settlement from the file name, venue and symbol as given', async () => {
    const futures = await read(`[${trade()}]`, 'ADA_USDT_USDT-trades.json');
    expect(futures.instruments).toEqual([{ venue: '', symbol: 'ADA/USDT:USDT' }]);
    const named = await read(`[${trade()}]`, 'ADA_USDT-trades.json', { venue: 'kraken', symbol: 'ADAUSDT' });
    expect(named.instruments).toEqual([{ venue: 'kraken', symbol: 'ADAUSDT' }]);
  });

  it('keeps every digit of a number', async () => {
    const { rows } = await read(`[${trade('"sell",123456789012345678901.123456789,1e-05,null')}]`);
    expect(rows[0]!.cells).toMatchObject({
      ...{ price: '123456789012345678901.123456789', size: '1e-05', trade_id: 'a1', seq: null },
    });
  });

  it('rejects elements of another shape, one by one', async () => {
    const elements = [
      ...['1', 'null', '{"a":[1,2]}', '[]', '[1,2,3,4,5,6]', '[1,2,3,4,5,6,7,8]', 'x]y'.slice(0, 1)],
      ...['[1570752011620,"1",null,["buy"],1,1,1]', trade('"up",1,1,1'), '[null,"1",null,"buy",1,1,1]'],
      ...[trade('"buy",NaN,1,NaN'), trade('"b\\u0075y",1,1,1'), trade('"b\\x75y",1,1,1'), ''],
    ];
    const { rows } = await read(`[\n${elements.join(' ,\n')}]\n`);
    expect(rows.map((row) => row.reject)).toEqual([
      ...Array(8).fill('bad_row'),
      ...['bad_side', 'bad_time', undefined, undefined, 'bad_row', 'bad_row'],
    ]);
    expect(rows.map((row) => row.record)).toEqual(elements.map((_, i) => i));
    expect(rows[2]).toMatchObject({ text: '{"a":[1,2]}', symbol: undefined });
    // the price of a NaN is no number: the encoder refuses its text
    expect(rows[10]!.cells).toMatchObject({ price: 'NaN', size: '1' });
    expect(rows[11]!.cells.side).toBe(1);
  });

  it('refuses what is no whole array', async () => {
    await expect(read('{"a":1}')).rejects.toThrow(/text \{"a":1\} must be a JSON array/);
    await expect(read(' \n')).rejects.toThrow(/must hold a JSON array/);
    await expect(read(`[${trade()},`)).rejects.toThrow(/JSON array after element 1 must end in \]/);
    await expect(read(`[${trade()}] x`)).rejects.toThrow(/text behind its JSON array x is not allowed/);
    await expect(read(`["${'x'.repeat(1 << 17)}"]`)).rejects.toThrow(/element 0 must be at most 64 Ki/);
    expect((await read(' [ ] ')).rows).toEqual([]);
  });

  it('cuts elements the same wherever the input is cut', async () => {
    const text = `\ufeff[${trade()},{"k":"a,]\\"["},[[1],[2]] , "\\\\",é]`;
    const bytes = new TextEncoder().encode(text);
    const of = async (size: number): Promise<string[]> => {
      const file = {
        name: 'cut',
        bytes: async function* () {
          for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
        },
      } as unknown as SourceFile;
      const out: string[] = [];
      for await (const { first, elements } of jsonElements(file)) {
        expect(first).toBe(out.length);
        out.push(...elements);
      }
      return out;
    };
    const whole = [trade(), '{"k":"a,]\\"["}', '[[1],[2]]', '"\\\\"', 'é'];
    for (const size of [1, 2, 3, 7, 1000]) expect(await of(size)).toEqual(whole);
  });

  it('reads flat arrays only', () => {
    expect(flatJsonArray('[ 1.50 ,"a" , null,true,-1E+3,"\\n"]')).toEqual([
      ...['1.50', 'a', null, 'true', '-1E+3', '\n'],
    ]);
    for (const text of [
      '[]',
      '[1,]',
      '[,1]',
      '[1 2]',
      '[[1]]',
      '[{}]',
      '["a]',
      '[1',
      '1]',
      '[1.]',
      '[+1]',
      '["\\x"]',
    ])
      expect(flatJsonArray(text), text).toBeUndefined();
  });

  it('survives hostile files', async () => {
    const sample = `[${Array(8).fill(trade()).join(',')}]`;
    const counted = (text: string): number | undefined => {
      try {
        return (JSON.parse(text) as unknown[]).length;
      } catch {
        return undefined;
      }
    };
    const survived = await survive(freqtradeTrades, files.write, 'H_H-trades.json', sample, 300, counted);
    expect(survived.read).toBeGreaterThan(100);
    expect(survived.refused).toBeGreaterThan(5);
    expect(survived.rejected).toBeGreaterThan(50);
  });
});
