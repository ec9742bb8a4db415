import { existsSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { InputError } from '../core/errors.js';
import { writeArrow } from './arrow-write.js';
import { atomically, atomicallyInFolder } from './atomic.js';
import { csvChunks, writeCsv } from './csv-write.js';
import { writeParquet } from './parquet-write.js';
import type { PresentedTable } from './presented.js';

const WRITERS = { arrow: writeArrow, parquet: writeParquet, csv: writeCsv };
export type Format = keyof typeof WRITERS;
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

/** Reads `--out`: `-`, a file name with a known extension, or a folder. */
export function destination(out: string, format: Format = 'arrow'): Destination {
  if (out === '-') return { kind: 'stdout' };
  const extension = extname(out).toLowerCase();
  const folder = out.endsWith('/') || extension === '' || (existsSync(out) && statSync(out).isDirectory());
  if (folder) return { kind: 'folder', path: out.replace(/(?<=.)\/+$/, ''), format };
  const known = EXTENSIONS[extension];
  if (!known)
    throw new InputError(
      '--out',
      out,
      `must end in ${Object.keys(EXTENSIONS).join(', ')}, be a folder, or be -`,
    );
  return { kind: 'file', path: out, format: known };
}

/** Rejects, before any work is done, tables that do not fit the destination. */
export function checkDestination(to: Destination, tables: readonly string[]): void {
  if (tables.length === 1 || to.kind === 'folder') return;
  const what = to.kind === 'file' ? to.path : '-';
  throw new InputError(
    '--out',
    what,
    `holds one table; ${tables.length} (${tables.join(', ')}) need a folder`,
  );
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

/** Streams text to standard output at the reader's pace; a reader that leaves early is no error. */
export async function writeStdout(chunks: Iterable<string>): Promise<void> {
  const { stdout } = process;
  let gone = false;
  const onError = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') throw error;
    gone = true;
    stdout.emit('drain');
  };
  stdout.on('error', onError);
  for (const chunk of chunks) {
    if (gone) return;
    if (!stdout.write(chunk)) await new Promise<void>((resolve) => stdout.once('drain', resolve));
  }
  await new Promise<void>((resolve) => stdout.write('', () => resolve()));
}
