import { readFileSync } from 'node:fs';
import { tableFromIPC } from 'apache-arrow';
import { beforeAll, describe, expect, it } from 'vitest';
import { integerIn, random } from '../support/random.js';
import { BACKENDS, output, scratch } from './support.js';

const { path, write } = scratch();
const ANALYTICS: readonly (readonly string[])[] = [
  ['volume-imbalance', '--every', '1m,1h'],
  ['volume-profile', '--row', '0.01', '--rounding', 'half_even', '--session', '1h'],
  ['value-area', '--row', '0.01', '--session', '8h', '--step', 'two_row_whole'],
];
const HEAD = 'symbol,time,price,size,side,id';

/** Lines of a synthetic market by instrument. */
function marketLines(): string[][] {
  output('generate', '--instruments', '25', '--trades', '40000', '--seed', '11', '--out', path('market'));
  const table = tableFromIPC(readFileSync(path('market/trades.arrow')));
  const [symbol, time, price, size, side, id] = HEAD.split(',').map((name) => table.getChild(name)!);
  const lists = new Map<string, string[]>();
  for (let i = 0; i < table.numRows; i++) {
    const name = String(symbol!.get(i));
    const stamp = new Date(Number(time!.get(i))).toISOString();
    const line = [name, stamp, price!.get(i), size!.get(i), side!.get(i), id!.get(i)].join(',');
    if (!lists.has(name)) lists.set(name, []);
    lists.get(name)!.push(line);
  }
  return [...lists.values()];
}

/** Every file of a result, by name. */
function resultBytes(args: readonly string[], inputs: readonly string[], more: readonly string[]): Buffer[] {
  const out = path('result');
  const several = args.some((arg) => arg.includes(',')) ? ['bars-1m', 'bars-1h'] : undefined;
  const target = several ? out : `${out}.arrow`;
  output('run', ...args, ...inputs, ...more, '--exact', '--quiet', '--out', target);
  return several ? several.map((name) => readFileSync(`${out}/${name}.arrow`)) : [readFileSync(target)];
}

const equal = (a: readonly Buffer[], b: readonly Buffer[]): boolean =>
  a.length === b.length && a.every((file, i) => file.equals(b[i]!));

describe('shuffled instruments and shrunk tiles change no byte', () => {
  const orders: Record<string, string[]> = {};
  beforeAll(() => {
    const lists = marketLines();
    const file = (name: string, lines: readonly string[]): string =>
      write(`${name}.csv`, `${[HEAD, ...lines].join('\n')}\n`);
    const next = random(5);
    const shuffled = lists.flat();
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = integerIn(next, 0, i);
      [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
    }
    orders.plain = [file('plain', lists.flat())];
    orders.reversed = [file('reversed', [...lists].reverse().flat())];
    orders['every row elsewhere'] = [file('shuffled', shuffled)];
    orders['three files'] = [0, 1, 2].map((part) =>
      file(`part-${part}`, lists.filter((_, s) => s % 3 === 2 - part).flat()),
    );
  });

  describe.each(BACKENDS.map((b) => [b.title, b] as const))('%s', (_, { flags, missing }) => {
    it.skipIf(missing).each(ANALYTICS.map((args) => [args.join(' '), args] as const))('%s', (_, args) => {
      const want = resultBytes(args, orders.plain!, flags);
      expect(want[0]!.length).toBeGreaterThan(10_000);
      for (const order of ['reversed', 'three files'])
        expect(equal(resultBytes(args, orders[order]!, flags), want), order).toBe(true);
      for (const size of [
        ['--tile-rows', '1000'],
        ['--tile-rows', '77', '--workgroup', '16'],
      ])
        expect(equal(resultBytes(args, orders.plain!, [...flags, ...size]), want), size.join(' ')).toBe(true);
    });
  });

  it('rows in any order: only the count of sorted rows differs', () => {
    const args = ['run', 'volume-imbalance', '--quiet', '--exact', '--backend', 'cpu', '--out', '-'];
    const want = output(...args, ...orders.plain!);
    expect(output(...args, ...orders['every row elsewhere']!)).toBe(want);
  });
});
