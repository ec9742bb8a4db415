import { open } from 'node:fs/promises';
import { arrowTable } from './arrow-table.js';
import type { PresentedTable } from './presented.js';

/**
 * Writes an uncompressed Arrow IPC file, the same bytes for the same table. The columns are handed to the
 * file as they lie in memory. Callers make it atomic: see `atomically`.
 */
export async function writeArrow(table: PresentedTable, path: string): Promise<void> {
  const { RecordBatchFileWriter } = await import('apache-arrow');
  const writer = RecordBatchFileWriter.writeAll(await arrowTable(table));
  const file = await open(path, 'w');
  try {
    // writeFile goes on after a short write, write does not
    for await (const chunk of writer) await file.writeFile(chunk);
  } finally {
    await file.close();
  }
}

/** The IPC file as bytes. */
export async function arrowBytes(table: PresentedTable): Promise<Uint8Array> {
  const { tableToIPC } = await import('apache-arrow');
  return tableToIPC(await arrowTable(table), 'file');
}
