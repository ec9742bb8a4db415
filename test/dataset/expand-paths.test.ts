import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alternatives, expandPaths, matches } from '../../src/dataset/expand-paths.js';
import { scratch } from '../support/scratch.js';

const { path } = scratch();

const FILES = [
  'a/x.csv',
  'a/y.csv',
  'a/.hidden.csv',
  'a/b/x.csv',
  'a/b/c/z.parquet',
  'a/.git/x.csv',
  'symbol=BTC/date=2024-01-05/t.parquet',
  'symbol=BTC/date=2024-01-06/t.parquet',
  'symbol=ETH/date=2024-01-05/t.parquet',
  'odd/[1]*.csv',
  'odd/{a,b}.csv',
  "odd/it's; rm -rf.csv",
  'odd/\u{1F600}.csv',
];

const tree = (): string => {
  const root = path('tree');
  for (const file of FILES) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), 'x');
  }
  return root;
};

describe('paths with patterns', () => {
  const found = async (...patterns: string[]): Promise<string[]> => {
    const root = tree();
    const files = await expandPaths(patterns.map((pattern) => join(root, pattern)));
    return files.map((file) => file.slice(root.length + 1));
  };

  it('stars, question marks, braces and folders, as a shell has them', async () => {
    expect(await found('a/*.csv')).toEqual(['a/x.csv', 'a/y.csv']);
    expect(await found('a/?.csv')).toEqual(['a/x.csv', 'a/y.csv']);
    expect(await found('a/.h*')).toEqual(['a/.hidden.csv']);
    expect(await found('a/**/x.csv')).toEqual(['a/b/x.csv', 'a/x.csv']);
    expect(await found('**/*.parquet')).toHaveLength(4);
    expect(await found('a/{b,nothing}/{x,y}.csv')).toEqual(['a/b/x.csv']);
    expect(await found('symbol={BTC,ETH}/date=2024-01-05/*')).toEqual([
      'symbol=BTC/date=2024-01-05/t.parquet',
      'symbol=ETH/date=2024-01-05/t.parquet',
    ]);
    // a folder is a match too: its reader lists it
    expect(await found('symbol=*')).toEqual(['symbol=BTC', 'symbol=ETH']);
  });

  it('a name that exists is that name; others keep their order', async () => {
    expect(await found('odd/[1]*.csv', 'odd/{a,b}.csv', 'a/missing.csv')).toEqual([
      'odd/[1]*.csv',
      'odd/{a,b}.csv',
      'a/missing.csv',
    ]);
    expect(await found("odd/it's*")).toEqual(["odd/it's; rm -rf.csv"]);
    // one character, though two code units
    expect(await found('odd/?.csv')).toEqual(['odd/\u{1F600}.csv']);
  });

  it('what matches nothing is an error in one line', async () => {
    await expect(found('a/*.json')).rejects.toThrow(/\*\.json matches no file$/);
    await expect(found(`${'{a,b}'.repeat(14)}`)).rejects.toThrow('must stand for at most 10000 paths');
  });

  it('a circle of links ends', async () => {
    const root = tree();
    symlinkSync(root, join(root, 'a/b/circle'));
    expect(await expandPaths([join(root, '**/z.parquet')])).toEqual([join(root, 'a/b/c/z.parquet')]);
  });
});

describe('pieces of patterns', () => {
  it('braces nest; those that do not close are characters', () => {
    expect(alternatives('x{a,b{1,2}}y')).toEqual(['xay', 'xb1y', 'xb2y']);
    expect(alternatives('{a')).toEqual(['{a']);
    expect(alternatives('{a}{b,c}')).toEqual(['{a}b', '{a}c']);
    expect(alternatives('{a,}')).toEqual(['a', '']);
  });

  it('a pattern of many stars does not explode', () => {
    expect(matches('a'.repeat(5000), `${'*a'.repeat(50)}b`)).toBe(false);
    expect(matches('abcabc', 'a*bc')).toBe(true);
    expect(matches('', '*')).toBe(true);
    expect(matches('ab', '?')).toBe(false);
  });
});
