import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as stats from '../../src/stats/index.js';

const folder = new URL('../../src/stats/', import.meta.url);
const text = (file: string): string => readFileSync(new URL(file, folder), 'utf8');
const camel = (file: string): string => file.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const listed = [...text('index.ts').matchAll(/from '\.\/([\w-]+)\.js'/g)].map((match) => match[1]!);

describe('src/stats', () => {
  it('each file the barrel lists holds one function, named like the file', () => {
    expect(listed.length).toBeGreaterThan(35);
    for (const file of listed) {
      const verbs = [...text(`${file}.ts`).matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gm)];
      expect(
        verbs.map((match) => match[1]),
        file,
      ).toEqual([camel(file)]);
    }
  });

  it('the barrel exports every one of them, but those it takes a type from alone', () => {
    const types = ['block-scores', 'sharpe-spread'];
    expect(Object.keys(stats).sort()).toEqual(
      listed
        .filter((file) => !types.includes(file))
        .map(camel)
        .sort(),
    );
  });
});
