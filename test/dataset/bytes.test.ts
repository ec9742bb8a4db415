import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { importDataset } from '../../src/dataset/import.js';
import { importSources } from '../../src/dataset/source-files.js';
import { findImporter, nativeFormat, tableFormat } from '../../src/engine/import-formats.js';
import { dataLine, haveData, realData } from '../ingest/support.js';
import { integerIn, random } from '../support/random.js';
import { scratch } from '../support/scratch.js';
import { folderHashes } from './support.js';

const files = scratch();
const HEAD = 'time,symbol,price,size,side,id\n';

async function importCsv(name: string, texts: readonly string[], bufferBytes?: number, input = name) {
  const paths = texts.map((text, i) => files.write(`${input}-${i}.csv`, text));
  const folder = files.path(name);
  const report = await importDataset({
    folder,
    sources: await importSources(
      paths,
      texts.map((_, i) => `${i}.csv`),
    ),
    format: tableFormat({ format: 'csv' }),
    ...(bufferBytes ? { bufferBytes } : {}),
  });
  return { folder, report };
}

/** Trades of three days, out of order, with repeats, in a few decimals. */
function lines(seed: number, rows: number): string[] {
  const next = random(seed);
  const out: string[] = [];
  for (let id = 0; id < rows; id++) {
    const time = Date.UTC(2024, 0, 2) + integerIn(next, 0, 3 * 86_400_000 - 1);
    const price = (integerIn(next, 1, 99_999) / 10 ** integerIn(next, 0, 4)).toString();
    const size = (integerIn(next, 1, 9_999) / 10 ** integerIn(next, 0, 6)).toString();
    const line = `${time},S${id % 7},${price},${size},${next() < 0.5 ? 'buy' : 'sell'},${id}`;
    out.push(line);
    if (next() < 0.05) out.push(line);
  }
  return out;
}

const partitions = (report: { manifest: { partitions: readonly { path: string }[] } }): string[] =>
  report.manifest.partitions.map(({ path }) => path);

describe('the bytes of a dataset', () => {
  it('do not depend on where runs are cut', async () => {
    const text = HEAD + lines(5, 4000).join('\n');
    const whole = await importCsv('whole', [text]);
    // a run every few hundred rows, in the middle of the source
    const cut = await importCsv('cut', [text], 20_000, 'whole');
    expect(folderHashes(cut.folder)).toEqual(folderHashes(whole.folder));
    expect(whole.report.sources[0]!.duplicates).toBeGreaterThan(100);
  });

  it('do not depend on the order of rows that have ids, nor on how files share them', async () => {
    const rows = lines(6, 3000);
    const shuffled = [...rows];
    const next = random(9);
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = integerIn(next, 0, i);
      [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
    }
    const whole = await importCsv('ordered', [HEAD + rows.join('\n')]);
    const other = await importCsv('shuffled', [HEAD + shuffled.join('\n')], 20_000);
    const third = Math.floor(shuffled.length / 3);
    const parts = [0, 1, 2].map(
      (p) => HEAD + shuffled.slice(p * third, p < 2 ? (p + 1) * third : undefined).join('\n'),
    );
    const split = await importCsv('split', parts);
    expect(partitions(other.report)).toEqual(partitions(whole.report));
    expect(partitions(split.report)).toEqual(partitions(whole.report));
  });

  it('are the same whether days and files come in one import or one by one', async () => {
    const rows = lines(7, 2000);
    const halves = [HEAD + rows.slice(0, 1000).join('\n'), HEAD + rows.slice(1000).join('\n')];
    const once = await importCsv('once', halves);
    const folder = files.path('twice');
    let manifest = once.report.manifest;
    for (const [i, text] of halves.entries()) {
      const path = files.write(`twice-${i}.csv`, text);
      ({ manifest } = await importDataset({
        folder,
        sources: await importSources([path], [`${i}.csv`]),
        format: tableFormat({ format: 'csv' }),
      }));
    }
    expect(partitions({ manifest })).toEqual(partitions(once.report));
  });

  it('hold the ids: rows that a later import brings again are duplicates', async () => {
    const rows = lines(8, 500).filter((line, i, all) => all.indexOf(line) === i);
    const first = await importCsv('first', [HEAD + rows.slice(0, 400).join('\n')]);
    const path = files.write('again.csv', HEAD + rows.slice(300).join('\n'));
    const { sources, manifest } = await importDataset({
      folder: first.folder,
      sources: await importSources([path], ['again.csv']),
      format: tableFormat({ format: 'csv' }),
    });
    expect(sources[0]).toMatchObject({ rowsRead: 200, rowsKept: 100, duplicates: 100, ledger: {} });
    expect(manifest.rows).toEqual({ trades: 500 });
    const file = manifest.partitions[0]!.path;
    const table = tableFromIPC(readFileSync(join(first.folder, file)));
    expect([...table.getChild('seq')!].every((seq) => typeof seq === 'bigint')).toBe(true);
  });

  it.skipIf(!haveData)(`${dataLine}: a capture in one run or in hundreds`, async () => {
    const path = realData('binance-capture/coinm_ethusd_perp_20240808.gz');
    const hashes: Record<string, string>[] = [];
    for (const bufferBytes of [96 << 20, 200_000]) {
      const folder = files.path(`capture-${bufferBytes}`);
      await importDataset({
        ...{ folder, bufferBytes, sources: await importSources([path], ['capture.gz']) },
        format: nativeFormat(findImporter('binance-websocket')!, {}),
      });
      hashes.push(folderHashes(folder));
    }
    expect(hashes[1]).toEqual(hashes[0]);
  });
});

describe('absurd values', () => {
  const row = (id: number, price: string, size: string): string =>
    `${Date.UTC(2024, 0, 2) + id},S,${price},${size},buy,${id}`;

  async function kept(name: string, prices: readonly (readonly [string, string])[]) {
    const text = HEAD + prices.map(([price, size], id) => row(id, price, size)).join('\n');
    const { folder, report } = await importCsv(name, [text]);
    const { manifest } = report;
    const rows = manifest.partitions.flatMap(({ path }) => {
      const table = tableFromIPC(readFileSync(join(folder, path)));
      const [facts] = JSON.parse(table.schema.metadata.get('steelyard.instruments')!) as [
        { price_unit: string; size_unit: string },
      ];
      return table.toArray().map((of) => `${of.tick} x ${facts.price_unit}, ${of.lots} x ${facts.size_unit}`);
    });
    return { rows, ledger: manifest.ledger };
  }

  it('do not push out the good ones: a price of 30 digits, a size beyond 64 bits, 22 decimals', async () => {
    const good = Array.from({ length: 5 }, (_, i) => [`100.${i + 1}`, '2.5'] as const);
    const { rows, ledger } = await kept('absurd', [
      ...good,
      ['123456789012345678901234567890', '1'],
      ['100.5', '99999999999999999999'],
      ['100.6', '0.0000000000000000000001'],
      ['100.1234567890123456789012', '1'],
    ]);
    expect(rows).toEqual(good.map((_, i) => `${1001 + i} x 0.1, 25 x 0.1`));
    expect(ledger).toEqual({ inexact: 2, size_overflow: 1, tick_overflow: 1 });
  });

  it('of 17 digits are exact: ticks and lots beyond 2^53 keep every digit', async () => {
    const { rows, ledger } = await kept('wide', [
      ['0.00001234', '123456789.12345678'],
      ['0.00001235', '0.00000001'],
    ]);
    expect(rows).toEqual([
      '1234 x 0.00000001, 12345678912345678 x 0.00000001',
      '1235 x 0.00000001, 1 x 0.00000001',
    ]);
    expect(ledger).toEqual({});
  });

  it('ticks beyond an i32 make the column i64, and stay absolute', async () => {
    const { rows } = await kept('i64', [
      ['61234.12345678', '1'],
      ['61234.5', '1'],
    ]);
    expect(rows).toEqual(['6123412345678 x 0.00000001, 1 x 1', '6123450000000 x 0.00000001, 1 x 1']);
  });
});
