import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratch } from '../table/support.js';
import { steelyard } from './support.js';

const folder = scratch();
const dataset = join(folder, 'dataset');
const trades = join(folder, 'trades.csv');
const bars = join(folder, 'bars.csv');
writeFileSync(
  trades,
  `ts,symbol,price,size,side,id
2024-01-05T00:00:00.1Z,A,10.01,2.5,buy,1
2024-01-05T00:00:01Z,A,10.02,0.5,sell,2
2024-01-06T00:00:01Z,B,7,1,,3
`,
);
writeFileSync(
  bars,
  'ts,symbol,interval,open,high,low,close,volume,notional\n2024-01-05T00:00:00Z,A,1d,1,2,1,1.5,3,4.25\n',
);

const exported = (...args: string[]) => steelyard(['export', dataset, ...args]);

beforeAll(() => {
  for (const [path, kind] of [
    [trades, 'trades'],
    [bars, 'bars'],
  ])
    expect(
      steelyard(['import', 'csv', path!, '--kind', kind!, '--venue', 'okx', '--to', dataset, '--quiet']),
    ).toMatchObject({ code: 0, err: '' });
});

describe('steelyard export', () => {
  it('CSV on standard output, what was done on standard error', () => {
    const { code, out, err } = exported('--kind', 'trades', '--out', '-', '--exact');
    expect(code).toBe(0);
    expect(out).toBe(`instrument,ts,seq,price,tick,size,lots,side,price_unit,size_unit
okx:A,2024-01-05T00:00:00.100Z,1,10.01,1001,2.5,25,buy,0.01,0.1
okx:A,2024-01-05T00:00:01Z,2,10.02,1002,0.5,5,sell,0.01,0.1
okx:B,2024-01-06T00:00:01Z,3,7,7,1,1,unknown,1,1
`);
    expect(err).toMatch(/^-: trades 3 rows$/m);
  });

  it('filters, and --quiet', () => {
    const { out, err } = exported(
      ...['--kind', 'trades', '--out', '-', '--quiet', '--instruments', 'okx:A'],
      ...['--from-time', '2024-01-05T00:00:01Z', '--until', '2024-01-06'],
    );
    expect(out.trimEnd().split('\n').slice(1)).toEqual(['okx:A,2024-01-05T00:00:01Z,2,10.02,0.5,sell']);
    expect(err).toBe('');
  });

  it('all kinds to a folder', () => {
    const to = join(folder, 'tables');
    expect(exported('--out', to, '--format', 'csv').code).toBe(0);
    expect(readdirSync(to).sort()).toEqual(['bars.csv', 'trades.csv']);
    expect(readFileSync(join(to, 'bars.csv'), 'utf8')).toBe(
      'instrument,ts,interval,open,high,low,close,volume,notional\nokx:A,2024-01-05T00:00:00Z,86400000000,1,2,1,1.5,3,4.25\n',
    );
  });

  it.each([
    [['--out', 'x.csv'], /^steelyard: --out x\.csv holds one table; 2 \(.*\) need a folder$/],
    [['--out', 'x.xls', '--kind', 'bars'], /^steelyard: --out x\.xls must end in /],
    [['--out', '-', '--kind', 'books'], /^steelyard: --kind books must be one of trades, /],
    [['--out', '-', '--kind', 'oi'], /^steelyard: dataset .* holds no oi; it holds bars, trades$/],
    [
      ['--out', '-', '--kind', 'trades', '--instruments', 'A'],
      /^steelyard: instrument A is not in the dataset; found: okx:A, okx:B$/,
    ],
    [
      ['--out', '-', '--kind', 'trades', '--from-time', '2024-01-06', '--until', '2024-01-05'],
      /^steelyard: --until 2024-01-05 must lie after --from-time 2024-01-06$/,
    ],
    [['--kind', 'trades'], /--out/],
  ])('%j is one line and exit 2', (args, message) => {
    const { code, out, err } = exported(...args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err.trimEnd()).toMatch(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  it('never into the dataset, and only of one', () => {
    const before = readdirSync(dataset, { recursive: true }).sort();
    for (const to of [dataset, join(dataset, 'trades'), join(dataset, 'manifest.csv')])
      expect(exported('--kind', 'trades', '--out', to).err).toMatch(/must lie outside of .*dataset$/m);
    expect(readdirSync(dataset, { recursive: true }).sort()).toEqual(before);
    mkdirSync(join(folder, 'plain'));
    const other = steelyard(['export', join(folder, 'plain'), '--out', join(folder, 'y.csv')]);
    expect(other).toMatchObject({ code: 2, out: '' });
    expect(other.err).toMatch(/must be a folder that `steelyard import` has made$/m);
    expect(existsSync(join(folder, 'y.csv'))).toBe(false);
  });
});

describe('steelyard run on a dataset', () => {
  it('gives what it gives on the file', () => {
    const run = (input: string, ...args: string[]) =>
      steelyard(['run', 'volume-imbalance', input, '--backend', 'cpu', '--out', '-', ...args]);
    const [of, direct] = [run(dataset), run(trades)];
    expect(of.code).toBe(0);
    expect(of.out.replaceAll('okx:', '')).toBe(direct.out);
    expect(of.err).toMatch(/^dataset: columns time=ts, price=tick, size=lots, side=side, id=seq$/m);
    expect(of.err).toMatch(/^ledger: 3 rows read, 3 kept$/m);
    const inside = steelyard(['run', 'volume-imbalance', dataset, '--out', join(dataset, 'bars.arrow')]);
    expect(inside.err).toMatch(/^steelyard: --out .* must lie outside of .*dataset$/m);
    expect(run(dataset, '--instruments', 'okx:B').out.trimEnd().split('\n')).toHaveLength(2);
  });
});
