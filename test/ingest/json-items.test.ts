import { closeSync, openSync, writeSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ImportContext, SourceFile } from '../../src/core/importer.js';
import { importSources } from '../../src/dataset/source-files.js';
import { documentText, jsonItems, shown, startsAsJson } from '../../src/ingest/json-items.js';
import { repeatedKeys } from '../../src/ingest/repeated-keys.js';
import { scratch } from './support.js';

const files = scratch();

async function sourceOf(name: string, content: string | Uint8Array): Promise<SourceFile> {
  return (await importSources([files.write(name, content)], [name]))[0]!.file;
}

async function items(content: string): Promise<unknown[]> {
  const seen: unknown[] = [];
  const context: ImportContext = {
    ...{ params: {}, instrument: () => 0 },
    skip: (n) => seen.push(`skipped ${n}`),
  };
  for await (const { record, value } of jsonItems(await sourceOf('x.json', content), context))
    seen.push([record, value]);
  return seen;
}

describe('JSON items', () => {
  it('are lines, elements of arrays, or results of an answer', async () => {
    expect(await items('{"a":1}\n\n{"a":2}')).toEqual([
      [0, { a: 1 }],
      [1, { a: 2 }],
    ]);
    expect(await items('[1,\n2]')).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(await items('\ufeff{"result":[{"a":1}]}\r\n{"result":[]}\r\n[5]\r\nnull')).toEqual([
      [0, { a: 1 }],
      'skipped 1',
      [1, 5],
      [2, null],
    ]);
    expect(await items('{\n "result": {"a": [1]}\n}')).toEqual([[0, { result: { a: [1] } }]]);
    expect(await items('{"a":1}\n{"a":')).toEqual([
      [0, { a: 1 }],
      [1, undefined],
    ]);
  });

  it('a document that is no JSON is one line that names it', async () => {
    await expect(items('{\n"a": 1\n')).rejects.toThrow(/^x\.json \{ "a": 1 is no JSON document$/);
  });

  it.each([
    ['one line', '['.padEnd(1 << 20)],
    ['many lines', '[\n'.padEnd(1 << 20, `${'1,'.repeat(40)}\n`)],
  ])('a document above 64 MiB is refused: %s', async (_, block) => {
    const path = files.path('long.json');
    const out = openSync(path, 'w');
    for (let i = 0; i < 65; i++) writeSync(out, i === 0 ? block : block.replace('[', ' '));
    closeSync(out);
    const [source] = await importSources([path], ['long.json']);
    const refused = /^long\.json JSON document must be at most 64 MiB long$/;
    await expect(documentText(source!.file)).rejects.toThrow(refused);
    const context: ImportContext = { params: {}, instrument: () => 0, skip: () => {} };
    await expect(jsonItems(source!.file, context).next()).rejects.toThrow(refused);
  });

  it('are told from CSV by their first character', async () => {
    for (const [text, json] of [
      ['{}', true],
      ['\ufeff \r\n[', true],
      ['a,b', false],
      [' ', false],
    ] as const)
      expect([text, await startsAsJson(await sourceOf('x', text))]).toEqual([text, json]);
  });

  it('nested without end are shown without a crash', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(shown(JSON.parse(deep))).toBe('(nested too deep)');
    expect(repeatedKeys(`{"a":${deep},"a":1}`)).toEqual(new Set(['a']));
  });
});

describe('repeated keys', () => {
  it.each<[string, string[], string[]]>([
    ['{}', [], []],
    ['[{"a":1},{"a":1}]', [], []],
    ['{"r":{"a":1,"b":2,"a":3}}', [], ['a']],
    ['{"r":{"a":{"x":1,"x":2}},"s":{"a":1,"a":1}}', [], []],
    ['{"r":{},"r" : {"a":1}}', ['r'], []],
    [String.raw`{"r":{"a\"{":1, "a\u0022{" :2,"b\\":"b\\"}}`, [], ['a"{']],
    ['{"r":[{"a":1,"a":1}],"x":{"r":{"a":1,"a":1}}}', [], []],
    ['{"r":{"__proto__":1,"__proto__":2}}', [], ['__proto__']],
  ])('%s', (json, outer, inner) => {
    expect([...repeatedKeys(json)]).toEqual(outer);
    expect([...repeatedKeys(json, 'r')]).toEqual(inner);
  });
});
