import { closeSync, openSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { arrowStream } from './arrow-stream.js';
import { arrowTable } from './arrow-table.js';
import { atomically, atomicallyInFolder, inScratchFolder } from './atomic.js';
import { csvChunks } from './csv-write.js';
import { writeParquetParts } from './parquet-write.js';
import type { PresentedTable } from './presented.js';
import { checkDestination, type Destination, type Format, writeStdout } from './write-tables.js';

/** A table too large for memory: parts that follow one another. */
export interface TableStream {
  /** No rows; the columns of every part, symbols by the same lists, `nullable` set where any part has nulls. */
  readonly template: PresentedTable;
  readonly parts: () => AsyncIterable<PresentedTable>;
}

/** Memory that Parquet's rows may take before they are on disk. */
const PARQUET_MEMORY = '512MB';

/** Writes streams as `writeTables` writes tables, all or nothing, one part in memory at a time. */
export async function writeStreams(
  to: Destination,
  streams: Readonly<Record<string, TableStream>>,
): Promise<void> {
  checkDestination(to, Object.keys(streams));
  const [first] = Object.values(streams);
  if (to.kind === 'stdout') return writeStdout(csvText(first!));
  const write = WRITERS[to.format];
  if (to.kind === 'file') return atomically(to.path, (path) => write(first!, path));
  return atomicallyInFolder(
    to.path,
    Object.fromEntries(
      Object.entries(streams).map(([name, stream]) => [
        `${name}.${to.format}`,
        (path: string) => write(stream, path),
      ]),
    ),
  );
}

const WRITERS: Readonly<Record<Format, (stream: TableStream, path: string) => Promise<void>>> = {
  arrow: arrowFile,
  parquet: ({ template, parts }, path) =>
    inScratchFolder(path, (folder) =>
      writeParquetParts(template, parts(), path, join(folder, 'rows.duckdb'), {
        memory_limit: PARQUET_MEMORY,
        temp_directory: folder,
      }),
    ),
  csv: async (stream, path) => {
    const file = await open(path, 'w');
    try {
      for await (const text of csvText(stream)) await file.writeFile(text);
    } finally {
      await file.close();
    }
  },
};

async function* csvText({ template, parts }: TableStream): AsyncGenerator<string> {
  yield* csvChunks(template);
  for await (const part of parts()) yield* csvChunks(part, false);
}

async function arrowFile({ template, parts }: TableStream, path: string): Promise<void> {
  const arrow = await import('apache-arrow');
  const file = openSync(path, 'w');
  try {
    const put = (bytes: Uint8Array): void => {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    };
    const writer = arrowStream(arrow, put, (await arrowTable(template)).schema);
    for await (const part of parts())
      for (const batch of (await arrowTable(part)).batches) writer.write(batch);
    writer.finish();
  } finally {
    closeSync(file);
  }
}
