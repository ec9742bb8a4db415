import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importDataset } from '../../src/dataset/import.js';
import { importSources } from '../../src/dataset/source-files.js';
import { findImporter, nativeFormat } from '../../src/engine/import-formats.js';
import { dataLine, haveData, realData, scratch } from '../ingest/support.js';

const files = scratch();

/** Every file of a folder with the hash of its content. */
export function folderHashes(folder: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort())
    if (statSync(join(folder, name)).isFile())
      out[name] = createHash('sha256').update(readFileSync(join(folder, name))).digest('hex');
  return out;
}

async function importFiles(
  folder: string,
  format: string,
  paths: readonly string[],
  params: Record<string, unknown> = {},
  more: { replace?: boolean; bufferBytes?: number } = {},
) {
  return importDataset({
    folder,
    sources: await importSources(paths, paths.map((path) => basename(path))),
    format: nativeFormat(findImporter(format)!, params),
    ...more,
  });
}

describe('importDataset', () => {
  it.skipIf(!haveData)(`${dataLine}: klines of 203 symbols`, async () => {
    const names = readdirSync(realData('binance-klines')).map((name) => realData(`binance-klines/${name}`));
    const folder = files.path('klines');
    const report = await importFiles(folder, 'binance-klines', names);
    const sum = (key: 'rowsRead' | 'rowsKept' | 'duplicates'): number =>
      report.sources.reduce((total, source) => total + source[key], 0);
    expect(sum('rowsRead')).toBe(129_451);
    expect(sum('duplicates')).toBe(93);
    expect(report.manifest.ledger).toEqual({});
    expect(sum('rowsKept')).toBe(129_358);
    expect(report.manifest.rows).toEqual({ bars: 129_358 });
    const again = await importFiles(folder, 'binance-klines', names);
    expect(again.known).toHaveLength(203);
  });
});
