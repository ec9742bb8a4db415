import { basename } from 'node:path';
import type { ImportContext, Importer, InstrumentInfo, RawRows } from '../../src/core/importer.js';
import { NO_INSTRUMENT } from '../../src/core/importer.js';
import { checkParams } from '../../src/core/schema.js';
import { importSources } from '../../src/dataset/source-files.js';

/** A cell as read: number, exact text, or null. */
export type Cell = number | string | null;

export interface ReadRow {
  readonly kind: string;
  readonly symbol: string | undefined;
  readonly record: number;
  readonly reject: string | undefined;
  readonly text: string;
  readonly cells: Readonly<Record<string, Cell>>;
}

/** What an importer makes of files, before any encoding: for tests of importers. */
export async function readWith(
  importer: Importer,
  paths: readonly string[],
  params: Readonly<Record<string, unknown>> = {},
): Promise<{ rows: ReadRow[]; skipped: number; instruments: InstrumentInfo[] }> {
  const instruments: InstrumentInfo[] = [];
  const index = new Map<string, number>();
  const rows: ReadRow[] = [];
  let skipped = 0;
  const context: ImportContext = {
    params: checkParams(importer.name, importer.params, params),
    skip: (records) => {
      skipped += records;
    },
    instrument: (info) => {
      const key = `${info.venue}\0${info.symbol}`;
      let at = index.get(key);
      if (at === undefined) {
        at = instruments.push(info) - 1;
        index.set(key, at);
      } else instruments[at] = { ...instruments[at]!, ...info };
      return at;
    },
  };
  for (const source of await importSources(
    paths,
    paths.map((path) => basename(path)),
  ))
    for await (const batch of importer.read(source.file, context))
      rows.push(...rowsOfBatch(batch, instruments));
  return { rows, skipped, instruments };
}

function rowsOfBatch(batch: RawRows, instruments: readonly InstrumentInfo[]): ReadRow[] {
  const { columns, instrument, kind } = batch;
  return Array.from({ length: batch.rows }, (_, i) => {
    const cells: Record<string, Cell> = {};
    for (const [name, column] of Object.entries(columns)) {
      if (column.kind === 'decimal') cells[name] = `${column.unscaled[i]}e-${column.scale}`;
      else {
        const value = column.values[i];
        cells[name] = value === undefined || value === null || Number.isNaN(value) ? null : value;
      }
    }
    return {
      kind,
      symbol: instrument[i] === NO_INSTRUMENT ? undefined : instruments[instrument[i]!]!.symbol,
      record: batch.record?.[i] ?? batch.firstRecord + i,
      reject: batch.reject?.[i],
      text: batch.text?.(i) ?? '',
      cells,
    };
  });
}
