import { stat } from 'node:fs/promises';
import { InputError } from '../core/errors.js';
import type { KindName } from '../core/kinds.js';
import type { ImportFormat } from '../dataset/read-phase.js';
import { isDataset } from '../dataset/select.js';
import { type ImportSource, importSources } from '../dataset/source-files.js';
import type { TableFormat, TableOptions } from '../table/table-rows.js';
import { findImporter, nativeFormat, TABLE_FORMATS, tableFormat } from './import-formats.js';
import { inputNames, inputPaths } from './input-paths.js';
import { holdsDataset, inspectDataset } from './inspect-dataset.js';
import { detectSources } from './inspect-detect.js';
import { KindSurvey } from './inspect-kind.js';
import { inspectLedger } from './inspect-ledger.js';
import { surveyPartition } from './inspect-partition.js';
import { inspectRows, type ReadOptions } from './inspect-rows.js';
import { arrowLayout, inspectTable } from './inspect-table.js';
import type { Inspection, TableInspection } from './inspect-types.js';

export interface InspectOptions extends ReadOptions {
  /** A format of `steelyard formats`, where it should not be told from the content. */
  readonly format?: string;
  /** Parameters of a native format. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** How tables are read, where their columns do not say. */
  readonly table?: Omit<TableOptions, 'format'>;
  /** Of a dataset: only compare every file's SHA-256 with the manifest's, without reading rows. */
  readonly check?: boolean;
}

/** Names below a folder that are taken: what `inputPaths` knows, and archives. */
const FILES = /\.(arrows?|feather|ipc|parquet|csv|tsv|json|ndjson|jsonl|gz|zip)$/i;

/**
 * What a dataset or files are: kinds, schema, instruments, rows, range, scales, gaps, ledger, clock skew and coverage
 * by day. Files are read through as an import would, and nothing is kept but counts. Files of one call are taken
 * together and must be of one format. Unreadable input is an InputError; damage inside a dataset is reported.
 */
export async function inspect(paths: readonly string[], options: InspectOptions = {}): Promise<Inspection> {
  const [folder] = paths;
  if (
    paths.length === 1 &&
    (await isFolder(folder!)) &&
    ((await isDataset(folder!)) || holdsDataset(folder!))
  )
    return inspectDataset(folder!, options);
  if (options.check)
    throw new InputError('--check', paths.join(' '), 'needs a dataset: files have no manifest');
  const named = options.format;
  const importer = named === undefined ? undefined : findImporter(named);
  const files = await inputPaths(paths, importer?.files ?? FILES);
  const sources = await importSources(files, inputNames(files));
  const { format, alsoFits } =
    named === undefined ? await detectSources(sources) : { format: named, alsoFits: [] };
  const base = { steelyard: 'inspection', of: 'files', names: [...paths], alsoFits, dataset: null } as const;
  if (!isTable(format)) {
    const native = nativeFormat(findImporter(format)!, options.params ?? {});
    return { ...base, format, table: null, ...(await read(sources, native, options)) };
  }
  if (format === 'arrow' && sources.length === 1) {
    const own = await inspectOwn(sources[0]!);
    if (own) return { ...base, ...own };
  }
  return { ...base, ...(await inspectTables(sources, format, options)) };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

const isTable = (format: string): format is TableFormat =>
  (TABLE_FORMATS as readonly string[]).includes(format);

type Found = Pick<Inspection, 'format' | 'params' | 'kinds' | 'ledger' | 'table'>;

async function read(
  sources: readonly ImportSource[],
  format: ImportFormat,
  options: ReadOptions,
): Promise<Pick<Inspection, 'params' | 'kinds' | 'ledger'>> {
  return { params: format.params, ...(await inspectRows(sources, format, options)) };
}

/** Tables of rows: as market data where their columns fit a kind, else their layout and number of rows. */
async function inspectTables(
  sources: readonly ImportSource[],
  format: TableFormat,
  options: InspectOptions,
): Promise<Found> {
  const tables: Awaited<ReturnType<typeof inspectTable>>[] = [];
  for (const { path, label, member } of sources) {
    if (member) throw new InputError('input', label, 'is inside a zip archive: unpack it first');
    tables.push(await inspectTable(path, label, { ...options.table, format }));
  }
  const { kind, table } = tables[0]!;
  if (kind === undefined || tables.some((other) => other.kind !== kind)) {
    let rows = 0;
    for (const { countRows } of tables) rows += await countRows();
    return { format, params: {}, kinds: [], ledger: null, table: { ...table, rows } };
  }
  const seen = await read(sources, tableFormat({ ...options.table, format, kind }), options);
  return { format, ...seen, table: { ...table, rows: seen.ledger!.rowsRead } };
}

/** What steelyard wrote itself: results, audits, the files of a dataset. Undefined for other Arrow files. */
async function inspectOwn({ path, label }: ImportSource): Promise<Found | undefined> {
  const layout = await arrowLayout(path, label);
  const kind = layout.metadata['steelyard.kind'];
  const base = { params: {}, kinds: [], ledger: null };
  if (kind === 'ledger') {
    const { rows, counts, examples } = await inspectLedger(path, label);
    const ledger = { rowsRead: rows, rowsKept: 0, duplicates: null, skipped: 0, counts, examples };
    return { ...base, format: 'ledger', ledger, table: { ...layout, rows } };
  }
  if (kind !== undefined && layout.metadata['steelyard.day'] !== undefined) {
    const surveys = new Map<KindName, KindSurvey>();
    const rows = await surveyPartition(path, label, (of) => {
      const survey = surveys.get(of) ?? new KindSurvey(of);
      surveys.set(of, survey);
      return survey;
    });
    const kinds = [...surveys.values()].flatMap((survey) => survey.report() ?? []);
    return { ...base, format: 'partition', kinds, table: { ...layout, rows } };
  }
  const written = ['steelyard.analytic', 'steelyard.audit'].some((key) => key in layout.metadata);
  if (kind !== 'instruments' && !written) return undefined;
  const { countRows } = await inspectTable(path, label, { format: 'arrow' });
  const table: TableInspection = { ...layout, rows: await countRows() };
  return { ...base, format: kind === 'instruments' ? 'instruments' : 'result', table };
}
