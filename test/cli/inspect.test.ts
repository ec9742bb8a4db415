import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataLine, haveData, realData } from '../ingest/support.js';
import { scratch } from '../support/scratch.js';
import { steelyard } from './support.js';

const { path, write } = scratch();
const trades = write(
  'trades.csv',
  [
    'id,ts,price,size,side,symbol',
    '1,2024-01-05 00:00:01,1.5,2,buy,AB/C',
    '2,2024-01-05 00:00:02,1.25,2,sell,AB/C',
    '5,2024-01-07 00:00:02,x,2,sell,AB/C',
    '6,2024-01-08 00:00:02,1.25,2,sell,AB/C',
  ].join('\n'),
);
const inspected = (...args: string[]) => steelyard(['inspect', ...args]);

describe('steelyard inspect', () => {
  it('prints a table for people', () => {
    const { code, out, err } = inspected(trades);
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n').slice(8)).toEqual([
      '',
      'trades: 3 rows, 1 instrument',
      '  range    2024-01-05 00:00:01 to 2024-01-08 00:00:02 UTC',
      '  days     2 of 4 have rows; no rows 2024-01-06 to 2024-01-07 (2 days)',
      '    2024-01-05  2 rows',
      '    2024-01-08  1 row',
      // the row of id 5 has no price: its id is missing too
      '  ids      3 trade ids missing in 1 gap',
      '  silence  longest 3 d, 2024-01-05 00:00:02 to 2024-01-08 00:00:02',
      '  columns',
      '    instrument  symbol                 instrument, venue:symbol',
      '    ts          timestamp  µs          exchange time',
      '    seq         i64                    trade id or sequence number',
      '    price       i32        price_unit  price',
      '    size        i64        size_unit   size',
      '    side        i8                     aggressor: +1 buy, -1 sell, 0 unknown',
      '  instruments',
      '    AB/C  3 rows  2024-01-05 00:00:01 to 2024-01-08 00:00:02  2 of 4 days  price in 0.01, size in 1  no rows 2024-01-06 to 2024-01-07 (2 days)',
      '',
      'ledger: 4 rows read = 3 kept + 1 left out',
      '  bad_price: 1',
      expect.stringMatching(/^ {4}trades\.csv row 2: .*x/),
      '',
    ]);
  });

  it('prints all of it as JSON', () => {
    const found = JSON.parse(inspected(trades, '--json', '--venue', 'okx', '--kind', 'trades').out);
    expect(Object.keys(found)).toEqual([
      ...['steelyard', 'of', 'names', 'alsoFits', 'dataset', 'format', 'params', 'kinds', 'ledger', 'table'],
    ]);
    expect(found.kinds[0].instruments[0]).toMatchObject({ name: 'okx:AB/C', symbol: 'AB/C', rows: 3 });
    expect(found.kinds[0].gaps.ids).toMatchObject({ missing: 3, largest: { from: 3, to: 5 } });
    expect(found.ledger.counts).toEqual({ bad_price: 1 });
  });

  it('lists twenty instruments, or all', () => {
    const many = write(
      'many.csv',
      ['ts,price,size,symbol', ...Array.from({ length: 25 }, (_, i) => `2024-01-05,1,1,S${i + 10}`)].join(
        '\n',
      ),
    );
    expect(inspected(many).out).toMatch(/ {4}S29 .*\n {4}… and 5 more: --all lists them\n/);
    expect(inspected(many, '--all').out).toMatch(/ {4}S34 /);
    expect(JSON.parse(inspected(many, '--json').out).kinds[0].instruments).toHaveLength(25);
  });

  it("takes a named format and its own flags, and those of no other's", () => {
    const bare = write('pair.csv', '1672531436,90.54,1.1\n1672531471,90.45,1\n');
    expect(inspected(bare, '--format', 'kraken-trades', '--symbol', 'BCH/EUR').out).toMatch(
      / {4}kraken:BCH\/EUR /,
    );
    expect(inspected(bare, '--symbol', 'BCH/EUR')).toMatchObject({ code: 2, out: '' });
    expect(inspected('--help').out).toMatch(/--map <pairs>/);
    expect(inspected('--help', '--format=kraken-trades').out).toMatch(/--symbol <value>/);
  });

  it('reports a damaged partition of a dataset and exits with 2', () => {
    const folder = path('dataset');
    expect(steelyard(['import', 'csv', trades, '--to', folder, '--quiet']).code).toBe(0);
    const good = inspected(folder);
    expect(good.code).toBe(0);
    expect(good.out).toMatch(
      /^.*dataset: dataset\n {2}2 partitions, .* MB\n {2}integrity: no problem found \(every file compared with the manifest's SHA-256\)\n/,
    );
    expect(good.out).toMatch(/\nsources: 1 \(1 csv\)\n {2}trades\.csv {2}csv {2}4 rows read {2}3 kept\n$/);
    const group = join(folder, 'trades/_');
    const file = join(group, readdirSync(group).sort()[0]!);
    writeFileSync(file, readFileSync(file).subarray(8));
    for (const args of [[folder], [folder, '--check']]) {
      const { code, out, err } = inspected(...args);
      expect(code).toBe(2);
      expect(out).toMatch(
        /\n {2}integrity: 1 problem .*\n {4}dataset file trades\/_\/2024-01-05-\w+\.arrow has other content/,
      );
      expect(err).toMatch(/^steelyard: dataset .* has 1 problem, the first: dataset file .*\n$/);
    }
    expect(inspected(folder).out).toMatch(/\ntrades: 1 row, 1 instrument\n/);
    expect(inspected(folder, '--check').out).not.toMatch(/trades: /);
  });

  it('keeps control characters of a file off the terminal', () => {
    const file = write(
      'esc.csv',
      'ts,price,size,symbol\n2024-01-05,1,1,\u001b[31mX\n2024-01-05,\u001b[2J,1,Y\n',
    );
    const { code, out } = inspected(file);
    expect(code).toBe(0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it.each([
    [['nope.csv'], /^input nope\.csv does not exist$/],
    [[trades, '--format', 'xml'], /^import format xml is unknown; known: arrow, binance-aggtrades, /],
    [[trades, '--check'], /^--check .*trades\.csv needs a dataset: files have no manifest$/],
    [[trades, '--kind', 'ticks'], /^kind ticks must be one of trades, /],
    [[], /missing required argument 'input'/],
  ])('refusal %# is one line', (args, message) => {
    const { code, out, err } = inspected(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(err.trimEnd().replace('steelyard: ', '')).toMatch(message);
  });

  it.skipIf(!haveData)(`${dataLine}: what the README shows`, () => {
    const { code, out } = inspected(realData('binance-capture/usdm_ethusdt_20240808.gz'));
    expect(code).toBe(0);
    for (const line of readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
      .split('$ steelyard inspect capture.gz\n')[1]!
      .split('```')[0]!
      .split('\n')
      .slice(1)
      .filter((text) => text !== '' && text !== '…'))
      expect(out.split('\n')).toContain(line);
  });
});
