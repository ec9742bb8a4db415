import { basename, resolve } from 'node:path';
import { InputError } from '../core/errors.js';
import type { KindName } from '../core/kinds.js';
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
import { temporaryFolder } from './temporary-folder.js';

/** What is looked for, in words. */
const WORDS: Partial<Record<KindName, string>> = {
  book_delta: 'book changes',
  book_snapshot: 'book states',
  oi: 'open interest',
};
const words = (kinds: readonly KindName[]): string => kinds.map((kind) => WORDS[kind] ?? kind).join(' or ');

/** Native formats of any of these kinds. */
export const formatsOf = (kinds: readonly KindName[]): string[] =>
  [...importers.values()]
    .filter((importer) => importer.kinds.some((kind) => kinds.includes(kind)))
    .map(({ name }) => name);

/** Bytes of a file that tell its format. */
const HEAD_BYTES = 65_536;

export interface NativeDatasetOptions {
  /** Format of native files, see `steelyard formats`; told from their content by default. */
  readonly from?: string;
  /** Parameters of that format. */
  readonly formatParams?: Readonly<Record<string, unknown>>;
  /** What the error advises where the content tells no format; by default to name it by --from. */
  readonly advice?: string;
  readonly progress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** A dataset to read. */
export interface NativeDataset {
  readonly folder: string;
  /** As shown: the dataset's name, or the files'. */
  readonly label: string;
  /** Rows of native files that cannot be used, by reason; empty for a dataset, whose import told of them. */
  readonly rejected: Readonly<Record<string, number>>;
  /** Repeated rows of native files, left out once. */
  readonly duplicates: number;
  readonly close: () => Promise<void>;
}

/**
 * The dataset named, or one made of these kinds of rows of the native files named, in the system's folder for temporary
 * files, and gone after `close`. Files go through an import because what reads them needs what an import does: rows in
 * (time, sequence) order across files, exact integers in one unit, repeated rows left out, all in bounded memory. Errors:
 * InputError for files of unknown or several formats and for those without a row of these kinds.
 */
export async function nativeDataset(
  inputs: readonly string[],
  kinds: readonly KindName[],
  options: NativeDatasetOptions,
): Promise<NativeDataset> {
  for (const input of inputs) {
    if (!(await isDataset(input))) continue;
    if (inputs.length > 1) throw new InputError('input', input, 'is a dataset and must be the only input');
    if (options.from !== undefined)
      throw new InputError('input', input, `is a dataset: a format, ${options.from}, is for native files`);
    return {
      folder: input,
      label: basename(resolve(input)),
      rejected: {},
      duplicates: 0,
      close: async () => {},
    };
  }
  const importer = options.from === undefined ? undefined : findImporter(options.from);
  const paths = await inputPaths(inputs, importer?.files);
  const labels = inputNames(paths);
  const sources = await importSources(paths, labels);
  const format = await formatOf(sources, kinds, options);
  const { folder, close } = await temporaryFolder();
  const label =
    labels.length > 3 ? `${labels.slice(0, 3).join(', ')} and ${labels.length - 3} more` : labels.join(', ');
  try {
    const { progress, signal } = options;
    const { manifest, sources: read } = await importDataset({
      ...{ folder, sources, format: ofKinds(format, kinds) },
      ...(progress
        ? { progress: ({ stage, rows, total }) => progress({ stage, rows, ...(total ? { total } : {}) }) }
        : {}),
      ...(signal ? { signal } : {}),
    });
    if (!kinds.some((kind) => manifest.rows[kind])) {
      const left = Object.entries(manifest.ledger).map(([reason, n]) => `${n} ${reason}`);
      const why = left.length > 0 ? ` that can be used; left out: ${left.join(', ')}` : '';
      throw new InputError('input', label, `holds no ${words(kinds)}${why}`);
    }
    const duplicates = read.reduce((sum, source) => sum + source.duplicates, 0);
    return { folder, label, rejected: manifest.ledger, duplicates, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The native format of these kinds that the content of the first file fits; undefined if there is none. */
export async function nativeFormatOf(
  inputs: readonly string[],
  kinds: readonly KindName[],
): Promise<string | undefined> {
  const [first] = await inputPaths(inputs);
  const [source] = await importSources([first!], [first!]);
  return source && fitting(source, kinds);
}

/** A native format by name or, without one, as the content of every file tells. */
async function formatOf(
  sources: readonly ImportSource[],
  kinds: readonly KindName[],
  { from, formatParams = {}, advice }: NativeDatasetOptions,
): Promise<ImportFormat> {
  const chosen = from ?? (await detected(sources, kinds, advice));
  const importer = findImporter(chosen);
  if (importer === undefined) return tableFormat({ format: chosen as TableFormat, kind: kinds[0]! });
  if (!importer.kinds.some((kind) => kinds.includes(kind)))
    throw new InputError(
      'format',
      chosen,
      `has no ${words(kinds)}; those that have: ${formatsOf(kinds).join(', ')}`,
    );
  return nativeFormat(importer, formatParams);
}

async function detected(
  sources: readonly ImportSource[],
  kinds: readonly KindName[],
  advice = 'pass --from,',
): Promise<string> {
  let first: { format: string; label: string } | undefined;
  for (const source of sources) {
    const { label } = source;
    const format = await fitting(source, kinds);
    if (format === undefined)
      throw new InputError(
        'input',
        label,
        `is of no format of ${words(kinds)} that is known by its content: ${advice} one of ${[...formatsOf(kinds), ...TABLE_FORMATS].join(', ')}`,
      );
    first ??= { format, label };
    if (first.format !== format)
      throw new InputError(
        'input',
        label,
        `is ${format} while ${first.label} is ${first.format}: read one format at a time`,
      );
  }
  return first!.format;
}

async function fitting({ file }: ImportSource, kinds: readonly KindName[]): Promise<string | undefined> {
  const known = formatsOf(kinds);
  return nativeCandidates(file.name, await headOf(file.bytes())).find((name) => known.includes(name));
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
const ofKinds = (format: ImportFormat, kinds: readonly KindName[]): ImportFormat => ({
  ...format,
  read: async function* (source, context) {
    for await (const rows of format.read(source, context))
      if (kinds.includes(rows.kind) || rows.reject !== undefined) yield rows;
  },
});
