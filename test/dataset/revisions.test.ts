import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { type Decimal, decimal } from '../../src/core/decimal.js';
import { importDataset } from '../../src/dataset/import.js';
import { EMPTY_MANIFEST, readManifest } from '../../src/dataset/manifest.js';
import type { ImportFormat } from '../../src/dataset/read-phase.js';
import { removeScratch, setAside } from '../../src/dataset/scratch.js';
import { importSources } from '../../src/dataset/source-files.js';
import { tableFormat } from '../../src/engine/import-formats.js';
import { scratch } from '../support/scratch.js';
import { folderHashes } from './support.js';

const files = scratch();
const HEAD = 'time,symbol,price,size,side,id\n';
const T0 = Date.UTC(2024, 0, 2);

async function importText(folder: string, name: string, text: string, replace = false, tick?: string) {
  mkdirSync(files.path(name), { recursive: true });
  const path = files.write(`${name}/day.csv`, HEAD + text);
  return importDataset({
    ...{ folder, replace },
    sources: await importSources([path], ['day.csv']),
    format: tableFormat({ format: 'csv' }),
    ...(tick ? { declared: { tick: decimal(tick) } } : {}),
  });
}

/** Prices of the dataset's trades as decimals: ticks times the unit of their file. */
async function prices(folder: string): Promise<string[]> {
  const manifest = (await readManifest(folder))!;
  return manifest.partitions.flatMap(({ path }) => {
    const table = tableFromIPC(readFileSync(join(folder, path)));
    const [facts] = JSON.parse(table.schema.metadata.get('steelyard.instruments')!);
    return [...table.getChild('tick')!].map((tick) =>
      String((Number(tick) * Number(facts.price_unit)).toFixed(2)),
    );
  });
}

const ledgerOf = (folder: string): string[] =>
  tableFromIPC(readFileSync(join(folder, 'ledger.arrow')))
    .toArray()
    .map((row) => `${row.source} ${row.row} ${row.reason}`);

describe('units', () => {
  /** Two sources of the same instrument; the second declares its tick. */
  const format = (ticks: readonly (Decimal | undefined)[]): ImportFormat => ({
    ...{ name: 'own', params: {}, values: {} },
    read: async function* (source, context) {
      const at = Number(source.label);
      const tick = ticks[at];
      const id = context.instrument({ symbol: 'A', venue: '', ...(tick ? { tick } : {}) });
      const rows = at === 0 ? ['100', '100.5', '100.25'] : ['101'];
      yield {
        ...{ kind: 'trades' as const, rows: rows.length, firstRecord: 0 },
        instrument: new Uint32Array(rows.length).fill(id),
        columns: {
          ts: { kind: 'f64' as const, values: Float64Array.from(rows, (_, i) => T0 * 1000 + at * 1000 + i) },
          price: { kind: 'text' as const, values: rows },
          size: { kind: 'text' as const, values: rows.map(() => '1') },
        },
      };
    },
  });

  it.each([
    [
      [undefined, '0.5'],
      ['100.00', '100.50', '101.00'],
    ],
    [
      ['0.5', undefined],
      ['100.00', '100.50', '101.00'],
    ],
    [
      [undefined, undefined],
      ['100.00', '100.50', '100.25', '101.00'],
    ],
  ] as const)('a tick declared late does not change prices read before: %j', async (ticks, expected) => {
    const folder = files.path(`late-${ticks.join('-')}`);
    const paths = [0, 1].map((i) => files.write(`late-${i}.txt`, `x${i}`));
    const { sources } = await importDataset({
      folder,
      sources: await importSources(paths, ['0', '1']),
      format: format(ticks.map((tick) => (tick ? decimal(tick) : undefined))),
    });
    expect(await prices(folder)).toEqual(expected);
    const off = expected.length === 3 ? { off_tick: 1 } : {};
    expect(sources[0]).toMatchObject({ rowsRead: 3, ledger: off });
  });
});

describe('revised sources', () => {
  it('of one name stay apart in the ledger, and replacing one again changes nothing', async () => {
    const folder = files.path('revised');
    await importText(folder, 'v1', `${T0},A,1,1,buy,1\n${T0},A,bad,1,buy,2\n`);
    const second = await importText(folder, 'v2', `${T0},A,1,1,buy,1\n${T0},A,worse,1,buy,3\n`, true);
    const hash = second.sources[0]!.sha256.slice(0, 8);
    expect(ledgerOf(folder)).toEqual(['day.csv 1 bad_price', `day.csv@${hash} 1 bad_price`]);
    const before = folderHashes(folder);
    await importText(folder, 'v2', `${T0},A,1,1,buy,1\n${T0},A,worse,1,buy,3\n`, true);
    expect(folderHashes(folder)).toEqual(before);
    expect((await readManifest(folder))!.ledger).toEqual({ bad_price: 2 });
  });

  it('under another declaration are another source: a contradiction is an error, not a silence', async () => {
    const folder = files.path('declared');
    const text = `${T0},A,1.5,1,buy,1\n`;
    await importText(folder, 'd', text, false, '0.5');
    await expect(importText(folder, 'd', text, false, '0.1')).rejects.toThrow('is 0.5 in the dataset');
    expect((await importText(folder, 'd', text, false, '0.5')).known).toEqual(['day.csv']);
  });
});

describe('an import that was killed between two renames of its commit', () => {
  const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

  async function halfCommitted(name: string, fresh: boolean) {
    const folder = files.path(name);
    mkdirSync(join(folder, '.import'), { recursive: true });
    const put = (file: string, text: string): void => writeFileSync(join(folder, file), text);
    if (!fresh)
      for (const file of ['manifest.json', 'instruments.arrow', 'ledger.arrow']) put(file, `old ${file}`);
    const before = fresh ? EMPTY_MANIFEST : { ...EMPTY_MANIFEST, sources: [{} as never] };
    await setAside(folder, join(folder, '.import'), before, 'new manifest');
    // renames replace files, they do not write into them
    for (const file of ['instruments.arrow', 'ledger.arrow']) {
      put(`${file}.new`, `new ${file}`);
      const { renameSync } = await import('node:fs');
      renameSync(join(folder, `${file}.new`), join(folder, file));
    }
    return { folder, put, text: (file: string) => readFileSync(join(folder, file), 'utf8') };
  }

  it('is taken back when its scratch is given up', async () => {
    const { folder, text } = await halfCommitted('half', false);
    await removeScratch(folder);
    for (const file of ['manifest.json', 'instruments.arrow', 'ledger.arrow'])
      expect(text(file)).toBe(`old ${file}`);
    expect(existsSync(join(folder, '.import'))).toBe(false);
  });

  it('leaves nothing where there was nothing', async () => {
    const { folder } = await halfCommitted('half-fresh', true);
    await removeScratch(folder);
    expect(Object.keys(folderHashes(folder))).toEqual([]);
  });

  it('stays where the manifest was reached', async () => {
    const { folder, put, text } = await halfCommitted('whole', false);
    put('manifest.json', 'new manifest');
    expect(sha(text('manifest.json'))).toBe(sha('new manifest'));
    await removeScratch(folder);
    expect(text('ledger.arrow')).toBe('new ledger.arrow');
  });
});

describe('a manifest of another shape', () => {
  it.each([
    ['partitions', [null]],
    ['partitions', [{ kind: 'trades', group: '..', day: '2024-01-02', path: 'x', sha256: 'y', rows: 1 }]],
    ['sources', [null]],
    ['sources', [{}]],
    ['ledger', { bad_row: 'many' }],
    ['ledgerCut', undefined],
    ['rows', null],
  ])('%s %j is one line', async (key, value) => {
    const folder = files.path(`shape-${key}-${JSON.stringify(value)?.length}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...EMPTY_MANIFEST, [key]: value }));
    await expect(readManifest(folder)).rejects.toThrow(/^dataset manifest .* is damaged/);
  });
});
