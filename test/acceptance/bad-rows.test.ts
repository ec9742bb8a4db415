import { readFileSync } from 'node:fs';
import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { integerIn, random } from '../support/random.js';
import { BACKENDS, output, records, scratch } from './support.js';

const { path, write } = scratch();
const HEAD = 'ts,symbol,price,size,side,id';
const T0 = Date.UTC(2024, 0, 2);

/** Good rows of three instruments with ids, sorted by time as a recorder would write them. */
function goodRows(next: () => number): string[] {
  const mid = [2680_00, 12_000, 731];
  return Array.from({ length: 3000 }, (_, i) => {
    const s = integerIn(next, 0, 2);
    mid[s]! += integerIn(next, -2, 2);
    const price = (mid[s]! / 100).toFixed(2);
    return [T0 + 900 * i, `X${s}`, price, integerIn(next, 1, 900) / 8, i % 3 ? 'buy' : 'sell', i].join(',');
  });
}

/** Bad rows by reason, each wrong in one cell, otherwise with what could move a scale, a base or a tick. */
const BAD: readonly [reason: string, row: string][] = [
  ['bad_price', `${T0 - 86_400_000},X0,NaN,1,buy,9001`],
  ['bad_price', `${T0},X0,0,0.000000001,buy,9002`],
  ['bad_price', `${T0 + 5},X1,-2680.123456789,1,sell,9003`],
  ['bad_price', `${T0 + 5},X1,inf,1,sell,9004`],
  ['bad_price', `${T0 + 5},X1,,1,sell,9005`],
  ['bad_size', `${T0 + 5},X2,7.31000001,-3,sell,9006`],
  ['bad_size', `${T0 + 5},X2,7310000000,0,sell,9007`],
  ['bad_size', `${T0 + 900_000_000},X2,7.31,nan,sell,9008`],
  ['bad_size', `${T0 + 5},X2,7.31,many,sell,9009`],
  ['bad_time', `,X0,2680.5,1,buy,9010`],
  ['bad_time', `yesterday,X0,2680.5,1,buy,9011`],
  ['bad_time', `-5,X0,2680.5,1,buy,9012`],
  ['bad_side', `${T0 + 5},X0,2680.5,1,sideways,9013`],
  ['bad_instrument', `${T0 + 5},,2680.5,1,buy,9014`],
];
const ANALYTICS: readonly (readonly string[])[] = [
  ['volume-imbalance', '--every', '1m'],
  ['volume-profile', '--tick', '0.01', '--session', '15m'],
  ['value-area', '--tick', '0.01', '--session', '15m', '--step', 'two_row_minimal', '--tie', 'both'],
];

describe('bad rows change the ledger and nothing else', () => {
  const next = random(21);
  const good = goodRows(next);
  const mixed: { row: string; reason?: string }[] = good.map((row) => ({ row }));
  for (const [reason, row] of BAD) mixed.splice(integerIn(next, 0, mixed.length), 0, { row, reason });
  // a duplicate comes after its original, whatever lies between
  for (let n = 0; n < 20; n++) {
    const at = integerIn(next, 0, mixed.length - 1);
    const { row, reason } = mixed[at]!;
    if (!reason) mixed.splice(integerIn(next, at + 1, mixed.length), 0, { row, reason: 'duplicate' });
  }
  const clean = write('clean.csv', `${[HEAD, ...good].join('\n')}\n`);
  const dirty = write('dirty.csv', `${[HEAD, ...mixed.map(({ row }) => row)].join('\n')}\n`);

  describe.each(BACKENDS.map((b) => [b.title, b] as const))('%s', (_, { flags, missing }) => {
    it.skipIf(missing).each(ANALYTICS.map((args) => [args[0]!, args] as const))('%s', (_, args) => {
      const [want, got] = [clean, dirty].map((input) => {
        const out = path('out.arrow');
        output('run', ...args, input, ...flags, '--exact', '--quiet', '--out', out);
        return readFileSync(out);
      });
      const [a, b] = [want!, got!].map((file) => tableFromIPC(file));
      expect(a!.numRows).toBeGreaterThan(5);
      // line by line, so that a failure shows one row
      const lines = (input: string): string[] =>
        output('run', ...args, input, ...flags, '--exact', '--quiet', '--out', '-').split('\n');
      const expected = lines(clean);
      const first = lines(dirty).findIndex((line, i) => line !== expected[i]);
      expect(first < 0 ? 'equal' : `${lines(dirty)[first]}\n${expected[first]}`).toBe('equal');
      const [m, n] = [a!, b!].map((table) => Object.fromEntries(table.schema.metadata));
      expect({ ...n, 'steelyard.ledger': '' }).toEqual({ ...m, 'steelyard.ledger': '' });
      expect(n!['steelyard.ledger']).not.toBe(m!['steelyard.ledger']);
    });
  });

  it('the ledger names every bad row, its place and its reason', () => {
    const ledger = path('ledger.csv');
    output('run', 'volume-imbalance', dirty, '--backend', 'cpu', '--ledger', ledger, '--out', path('x.csv'));
    const rows = records(readFileSync(ledger, 'utf8'));
    const want = mixed.flatMap(({ reason }, row) => (reason ? [{ row: String(row), reason }] : []));
    expect(want.length).toBeGreaterThan(BAD.length + 10);
    expect(
      rows
        .map(({ row, reason }) => ({ row: row!, reason: reason! }))
        .sort((a, b) => Number(a.row) - Number(b.row)),
    ).toEqual(want);
  });
});
