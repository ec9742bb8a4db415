import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { KindName } from '../../src/core/kinds.js';
import { type ImportReport, importDataset } from '../../src/dataset/import.js';
import { importSources } from '../../src/dataset/source-files.js';
import { findImporter, nativeFormat, tableFormat } from '../../src/engine/import-formats.js';
import type { TableFormat } from '../../src/table/table-rows.js';

/** Every file of a folder with the hash of its content. */
export function folderHashes(folder: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort())
    if (statSync(join(folder, name)).isFile())
      out[name] = createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex');
  return out;
}

export interface FileOptions {
  readonly params?: Readonly<Record<string, unknown>>;
  /** Of a table format. */
  readonly kind?: string;
  readonly replace?: boolean;
  readonly bufferBytes?: number;
}

/** Imports files under their own names. */
export async function importFiles(
  folder: string,
  format: string,
  paths: readonly string[],
  { params = {}, kind, ...more }: FileOptions = {},
): Promise<ImportReport> {
  return importDataset({
    folder,
    sources: await importSources(
      paths,
      paths.map((path) => basename(path)),
    ),
    format:
      kind === undefined
        ? nativeFormat(findImporter(format)!, params)
        : tableFormat({ format: format as TableFormat, kind: kind as KindName }),
    ...more,
  });
}
