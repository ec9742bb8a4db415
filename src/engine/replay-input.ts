import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { InputError } from '../core/errors.js';
import { importDataset } from '../dataset/import.js';
import type { ImportFormat } from '../dataset/read-phase.js';
import { isDataset } from '../dataset/select.js';
import { type ImportSource, importSources } from '../dataset/source-files.js';
import { importers } from '../ingest/index.js';
import type { TableFormat } from '../table/table-rows.js';
import { findImporter, nativeFormat, TABLE_FORMATS, tableFormat } from './import-formats.js';
import { inputNames, inputPaths } from './input-paths.js';
import { nativeCandidates } from './native-signatures.js';
import type { Progress } from './run-options.js';

/** Native formats of book changes. */
export const BOOK_FORMATS: readonly string[] = [...importers.values()]
  .filter(({ kinds }) => kinds.includes('book_delta'))
  .map(({ name }) => name);

/** Bytes of a file that tell its format. */
const HEAD_BYTES = 65_536;

export interface ReplayInputOptions {
  /** Format of native files, see `steelyard formats`; told from their content by default. */
  readonly from?: string;
  /** Parameters of that format. */
  readonly formatParams?: Readonly<Record<string, unknown>>;
  readonly progress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** A dataset to replay. */
export interface ReplayInput {
  readonly folder: string;
  /** As shown: the dataset's name, or the files'. */
  readonly label: string;
  /** Rows of native files that cannot be used, by reason. */
  readonly rejected: Readonly<Record<string, number>>;
  readonly close: () => Promise<void>;
}

/**
 * The dataset named, or one made of the native files named, in the system's folder for temporary files, and gone after `close`. Files go
 * through an import because a replay needs what an import does: rows in (time, sequence) order across files, exact
 * integers in one unit, repeated rows left out, all in bounded memory; and so there is one way from rows to books.
 */
export async function replayInput(
  inputs: readonly string[],
  options: ReplayInputOptions,
): Promise<ReplayInput> {
  for (const input of inputs) {
    if (!(await isDataset(input))) continue;
    if (inputs.length > 1) throw new InputError('input', input, 'is a dataset and must be the only input');
    if (options.from !== undefined)
      throw new InputError('input', input, `is a dataset: a format, ${options.from}, is for native files`);
    return { folder: input, label: basename(resolve(input)), rejected: {}, close: async () => {} };
  }
  const importer = options.from === undefined ? undefined : findImporter(options.from);
  const paths = await inputPaths(inputs, importer?.files);
  const labels = inputNames(paths);
  const sources = await importSources(paths, labels);
  const format = await bookFormat(sources, options.from, options.formatParams ?? {});
  const folder = await mkdtemp(join(tmpdir(), 'steelyard-replay-'));
  // a signal ends the process without unwinding
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.on('exit', remove);
  const close = async (): Promise<void> => {
    process.off('exit', remove);
    await rm(folder, { recursive: true, force: true });
  };
  const label = labels.join(', ');
  try {
    const { progress, signal } = options;
    const { manifest } = await importDataset({
      ...{ folder, sources, format: ofBooks(format) },
      ...(progress
        ? { progress: ({ stage, rows, total }) => progress({ stage, rows, ...(total ? { total } : {}) }) }
        : {}),
      ...(signal ? { signal } : {}),
    });
    if (!manifest.rows.book_delta) {
      const left = Object.entries(manifest.ledger).map(([reason, n]) => `${n} ${reason}`);
      const why = left.length > 0 ? ` that can be used; left out: ${left.join(', ')}` : '';
      throw new InputError('input', label, `holds no book changes${why}`);
    }
    return { folder, label, rejected: manifest.ledger, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A native format by name or, without one, as the content of every file tells. */
async function bookFormat(
  sources: readonly ImportSource[],
  name: string | undefined,
  params: Readonly<Record<string, unknown>>,
): Promise<ImportFormat> {
  const chosen = name ?? (await detected(sources));
  const importer = findImporter(chosen);
  if (importer === undefined) return tableFormat({ format: chosen as TableFormat, kind: 'book_delta' });
  if (!importer.kinds.includes('book_delta'))
    throw new InputError(
      'format',
      chosen,
      `has no book changes; those that have: ${BOOK_FORMATS.join(', ')}`,
    );
  return nativeFormat(importer, params);
}

async function detected(sources: readonly ImportSource[]): Promise<string> {
  let first: { format: string; label: string } | undefined;
  for (const { label, file } of sources) {
    const text = await headOf(file.bytes());
    const format = nativeCandidates(file.name, text).find((name) => BOOK_FORMATS.includes(name));
    if (format === undefined)
      throw new InputError(
        'input',
        label,
        `is of no format of book changes that is known by its content: pass --from, one of ${[...BOOK_FORMATS, ...TABLE_FORMATS].join(', ')}`,
      );
    first ??= { format, label };
    if (first.format !== format)
      throw new InputError(
        'input',
        label,
        `is ${format} while ${first.label} is ${first.format}: replay one format at a time`,
      );
  }
  return first!.format;
}

async function headOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= HEAD_BYTES) break;
  }
  return Buffer.concat(chunks)
    .toString('utf8', 0, HEAD_BYTES)
    .replace(/^\uFEFF/, '');
}

/** A format without the rows of other kinds; batches with rejected ones stay, so that the ledger counts all. */
const ofBooks = (format: ImportFormat): ImportFormat => ({
  ...format,
  read: async function* (source, context) {
    for await (const rows of format.read(source, context))
      if (rows.kind === 'book_delta' || rows.reject !== undefined) yield rows;
  },
});
