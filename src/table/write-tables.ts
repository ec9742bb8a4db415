import { existsSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { InputError } from '../core/errors.js';
import { writeArrow } from './arrow-write.js';
import { atomically, atomicallyInFolder, checkWritable, writeError } from './atomic.js';
import { csvChunks, writeCsv } from './csv-write.js';
import { writeParquet } from './parquet-write.js';
import type { PresentedTable } from './presented.js';

const WRITERS = { arrow: writeArrow, parquet: writeParquet, csv: writeCsv };
export type Format = 'arrow' | 'parquet' | 'csv';
export const FORMATS = Object.keys(WRITERS) as readonly Format[];
const EXTENSIONS: Readonly<Record<string, Format>> = {
  '.arrow': 'arrow',
  '.feather': 'arrow',
  '.ipc': 'arrow',
  '.parquet': 'parquet',
  '.csv': 'csv',
};

/** Where output goes: CSV on standard output, one file, or a folder with one file a table. */
export type Destination =
  | { readonly kind: 'stdout' }
  | { readonly kind: 'file'; readonly path: string; readonly format: Format }
  | { readonly kind: 'folder'; readonly path: string; readonly format: Format };

/**
 * Reads `--out`: `-`, a file name with a known extension, or a folder, whose files are `format`, else `standard`.
 * Throws an InputError for an unknown extension, and for a format that a file name or `-` contradicts.
 */
export function destination(out: string, format?: Format, standard: Format = 'arrow'): Destination {
  if (out === '-') {
    if (format !== undefined && format !== 'csv')
      throw new InputError('--format', format, 'contradicts --out -, which is CSV');
    return { kind: 'stdout' };
  }
  if (out === '') throw new InputError('--out', '""', 'must name a file or a folder, or be -');
  const extension = extname(out).toLowerCase();
  const folder = out.endsWith('/') || extension === '' || (existsSync(out) && statSync(out).isDirectory());
  if (folder) return { kind: 'folder', path: out.replace(/(?<=.)\/+$/, ''), format: format ?? standard };
  const known = EXTENSIONS[extension];
  if (!known)
    throw new InputError(
      '--out',
      out,
      `must end in ${Object.keys(EXTENSIONS).join(', ')}, be a folder, or be -`,
    );
  if (format !== undefined && format !== known)
    throw new InputError('--format', format, `contradicts ${out}, which is ${known}`);
  return { kind: 'file', path: out, format: known };
}

/** The files that writing these tables replaces. */
export function targetFiles(to: Destination, tables: readonly string[]): string[] {
  if (to.kind === 'stdout') return [];
  return to.kind === 'file' ? [to.path] : tables.map((name) => join(to.path, `${name}.${to.format}`));
}

/** Rejects, before any work is done, tables that do not fit the destination, and files that cannot be written. */
export function checkDestination(to: Destination, tables: readonly string[]): void {
  if (to.kind !== 'folder' && tables.length !== 1) {
    const what = to.kind === 'file' ? to.path : '-';
    throw new InputError(
      '--out',
      what,
      `holds one table; ${tables.length} (${tables.join(', ')}) need a folder`,
    );
  }
  if (to.kind === 'stdout') return;
  if (to.kind === 'file') checkWritable(to.path);
  else if (existsSync(to.path)) for (const file of targetFiles(to, tables)) checkWritable(file);
  else checkWritable(to.path);
}

/** Writes the tables, all or nothing. */
export async function writeTables(
  to: Destination,
  tables: Readonly<Record<string, PresentedTable>>,
): Promise<void> {
  checkDestination(to, Object.keys(tables));
  if (to.kind === 'stdout') return writeStdout(csvChunks(Object.values(tables)[0]!));
  const write = WRITERS[to.format];
  if (to.kind === 'file') return atomically(to.path, (path) => write(Object.values(tables)[0]!, path));
  return atomicallyInFolder(
    to.path,
    Object.fromEntries(
      Object.entries(tables).map(([name, table]) => [
        `${name}.${to.format}`,
        (path: string) => write(table, path),
      ]),
    ),
  );
}

/**
 * Streams text to standard output at the reader's pace; a reader that leaves early is no error. Throws an
 * InputError for any other failed write.
 */
export async function writeStdout(chunks: Iterable<string> | AsyncIterable<string>): Promise<void> {
  const { stdout } = process;
  // the write's callback has the error too; without a listener the event would end the process
  const heard = (): void => {};
  stdout.on('error', heard);
  try {
    for await (const chunk of chunks)
      await new Promise<void>((resolve, reject) =>
        stdout.write(chunk, (error) => (error ? reject(error) : resolve())),
      );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw writeError('-', error);
  } finally {
    stdout.off('error', heard);
  }
}
