import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratch } from '../support/scratch.js';
import { steelyard } from './support.js';

const files = scratch();
const market = (): string => files.path('market/trades.arrow');
const run = (...args: string[]) =>
  steelyard(['run', 'volume-imbalance', market(), '--every', '1m,1h', ...args]);

beforeAll(() => {
  const made = steelyard([
    'generate',
    '--instruments',
    '30',
    '--trades',
    '20000',
    '--out',
    files.path('market'),
  ]);
  expect(made.code, made.err).toBe(0);
});

describe('run --shard and merge', () => {
  it('give the bytes of a run that was not cut', () => {
    const whole = files.path('whole');
    expect(run('--out', whole).code).toBe(0);
    const shards = files.path('shards');
    for (const i of [3, 1, 4, 2]) {
      const { code, err } = run('--shard', `${i}/4`, '--out', shards);
      expect(code, err).toBe(0);
      expect(err).toMatch(new RegExp(`volume-imbalance shard ${i} of 4: \\d+ of 30 instruments\\n$`));
    }
    const merged = files.path('merged');
    const { code, err } = steelyard(['merge', shards, '--out', merged]);
    expect(code, err).toBe(0);
    expect(readdirSync(merged).sort()).toEqual(['bars-1h.arrow', 'bars-1m.arrow']);
    for (const name of readdirSync(merged))
      expect(Buffer.compare(readFileSync(join(merged, name)), readFileSync(join(whole, name))), name).toBe(0);
    // the same of shards named one by one, as text
    const paths = readdirSync(shards)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(shards, name));
    const text = (...args: string[]) => {
      expect(steelyard([...args, '--format', 'csv', '--quiet']).code).toBe(0);
      return readFileSync(join(args.at(-1)!, 'bars-1m.csv'), 'utf8');
    };
    const want = text(
      'run',
      'volume-imbalance',
      market(),
      '--every',
      '1m,1h',
      '--out',
      files.path('whole-text'),
    );
    expect(text('merge', ...paths, '--out', files.path('merged-text'))).toBe(want);
  });

  it('refuse in one line what cannot be', () => {
    const refused = (got: ReturnType<typeof steelyard>, why: RegExp) => {
      expect(got.code).toBe(2);
      expect(got.err.trim().split('\n').at(-1)).toMatch(why);
    };
    refused(run('--shard', '5/4', '--out', files.path('x')), /^steelyard: --shard 5\/4 must be i\/n/);
    refused(run('--shard', '1/4', '--out', '-'), /^steelyard: --shard 1\/4 needs a folder as --out$/);
    refused(run('--shard', '1/4', '--out', files.path('x.csv')), /needs a folder as --out$/);
    for (const flag of [['--exact'], ['--format', 'csv'], ['--profile']])
      refused(
        run('--shard', '1/4', ...flag, '--out', files.path('x')),
        new RegExp(
          `^steelyard: ${flag.join(' ')} does not go with --shard: a shard has no tables to show, merge makes them$`,
        ),
      );
    refused(
      steelyard([
        'run',
        'imbalance-correlation',
        market(),
        '--every',
        '1m',
        '--shard',
        '1/2',
        '--out',
        files.path('x'),
      ]),
      /^steelyard: --shard imbalance-correlation compares 30 instruments with one another/,
    );
    expect(existsSync(files.path('x'))).toBe(false);
    refused(
      steelyard(['merge', files.path('market'), '--out', files.path('y')]),
      /must be a folder with shard-i-of-n\.json files$/,
    );
    expect(run('--shard', '2/3', '--out', files.path('some')).code).toBe(0);
    refused(
      steelyard(['merge', files.path('some'), '--out', files.path('y')]),
      /^steelyard: shards 1, 3 of 3 are missing$/,
    );
    expect(existsSync(files.path('y'))).toBe(false);
  });

  it('a merge never replaces a shard', () => {
    const folder = files.path('one');
    expect(
      steelyard(['run', 'volume-imbalance', market(), '--every', '1m', '--shard', '1/1', '--out', folder])
        .code,
    ).toBe(0);
    const shard = join(folder, 'shard-1-of-1.bars.arrow');
    const before = readFileSync(shard);
    for (const named of [folder, join(folder, 'shard-1-of-1.json')]) {
      const { code, err } = steelyard(['merge', named, '--out', shard]);
      expect(code).toBe(2);
      expect(err).toMatch(/must be another file than the shards: it would be overwritten\n$/);
    }
    expect(Buffer.compare(readFileSync(shard), before)).toBe(0);
    expect(steelyard(['merge', folder, '--out', folder]).code).toBe(0);
    expect(steelyard(['merge', folder, '--out', folder]).code).toBe(0);
  });
});
