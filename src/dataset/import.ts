import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decimalText } from '../core/decimal.js';
import { InputError } from '../core/errors.js';
import type { InstrumentInfo } from '../core/importer.js';
import { KINDS } from '../core/kinds.js';
import type { InstrumentDeclaration } from '../core/raw.js';
import { writeError } from '../table/atomic.js';
import { makeFolder } from '../table/make-folder.js';
import { cleanUp, commit } from './commit.js';
import { nextManifest, sourceEntries, sourceKey, type Todo } from './import-counts.js';
import { infoOf, instrumentKey } from './instrument-facts.js';
import { readInstruments } from './instruments-file.js';
import { lockDataset } from './lock.js';
import {
  EMPTY_MANIFEST,
  type Manifest,
  manifestPath,
  type PartitionEntry,
  readManifest,
  type SourceEntry,
} from './manifest.js';
import { mergePhase } from './merge-phase.js';
import { type ImportFormat, readPhase } from './read-phase.js';
import { removeScratch, SCRATCH } from './scratch.js';
import { fileHash, type ImportSource } from './source-files.js';

/** Encoded rows held before they are sorted and spilled. */
const BUFFER_BYTES = 96 << 20;

export interface ImportProgress {
  readonly stage: 'hash' | 'read' | 'merge';
  readonly rows: number;
  readonly total?: number;
  /** Bytes of the inputs read so far, and of all of them. */
  readonly bytes?: number;
  readonly totalBytes?: number;
  readonly source?: string;
}

export interface ImportOptions {
  /** The dataset; made if it does not exist. */
  readonly folder: string;
  readonly sources: readonly ImportSource[];
  readonly format: ImportFormat;
  /** Declared for every instrument of this import. */
  readonly declared?: InstrumentDeclaration;
  /** Rows of this import replace those of the same instruments and days. */
  readonly replace?: boolean;
  readonly bufferBytes?: number;
  readonly progress?: (progress: ImportProgress) => void;
  readonly signal?: AbortSignal;
}

/** What an import did. For each source rowsRead = rowsKept + duplicates + Σ ledger. */
export interface ImportReport {
  readonly sources: readonly (SourceEntry & { readonly outOfOrder: number; readonly clockSkew: number })[];
  /** Labels of sources that had been imported before: nothing was done for them. */
  readonly known: readonly string[];
  readonly written: readonly PartitionEntry[];
  readonly manifest: Manifest;
}

/**
 * Imports sources into a dataset. The dataset changes at one moment, when its manifest is replaced; until then a reader
 * sees the old one. An import that is killed goes on when it is run again, and gives the same bytes. Sources imported
 * before, by content, are left out. Throws an InputError for unreadable sources, damaged datasets and one that another
 * process is writing.
 */
export async function importDataset(options: ImportOptions): Promise<ImportReport> {
  const { folder } = options;
  const fresh = !existsSync(folder);
  if (!fresh && !(await stat(folder)).isDirectory())
    throw new InputError('dataset', folder, 'must be a folder');
  const before = await readManifest(folder);
  if (!fresh && before === undefined && (await foreign(folder)))
    throw new InputError('dataset', folder, 'must be a dataset, an empty folder or a new one');
  try {
    await makeFolder(folder);
  } catch (error) {
    throw writeError(folder, error);
  }
  const unlock = lockDataset(folder);
  try {
    // another process may have finished while this one waited for nothing
    const manifest = (await readManifest(folder)) ?? EMPTY_MANIFEST;
    return await importInto(manifest, options);
  } catch (error) {
    await removeScratch(folder);
    throw writeError(folder, error);
  } finally {
    unlock();
    if (fresh && !existsSync(manifestPath(folder))) await rmdir(folder).catch(() => {});
  }
}

/** True if the folder holds anything but an unfinished import. */
async function foreign(folder: string): Promise<boolean> {
  const names = await readdir(folder);
  return names.some((name) => !name.startsWith('.') && !Object.hasOwn(KINDS, name) && !OWN.includes(name));
}

const OWN = ['manifest.json', 'instruments.arrow', 'ledger.arrow'];

async function importInto(manifest: Manifest, options: ImportOptions): Promise<ImportReport> {
  const { folder } = options;
  // the same files under other declarations are another import
  const format = { ...options.format, params: { ...options.format.params, ...declaredTexts(options) } };
  const hashes = await sourceHashes(options);
  const done = new Map(manifest.sources.map((entry) => [sourceKey(entry), entry.source]));
  const labels = new Set(done.values());
  const todo: Todo[] = [];
  const known: string[] = [];
  const seen = new Set<string>();
  options.sources.forEach((source, i) => {
    const sha256 = hashes[i]!;
    const key = sourceKey({ name: source.name, sha256, format: format.name, params: format.params });
    if (seen.has(key) || (done.has(key) && !options.replace)) known.push(source.label);
    else {
      const taken = labels.has(source.label);
      const label = done.get(key) ?? (taken ? `${source.label}@${sha256.slice(0, 8)}` : source.label);
      labels.add(label);
      todo.push({ source, sha256, label });
    }
    seen.add(key);
  });
  const scratch = join(folder, SCRATCH);
  if (todo.length === 0) {
    await cleanUp(folder, manifest);
    return { sources: [], known, written: [], manifest };
  }
  const id = importId(manifest, todo, options);
  if ((await scratchId(scratch)) !== id) {
    await removeScratch(folder);
    await mkdir(scratch);
    await writeFile(join(scratch, 'id'), id);
  }
  const facts = await knownFacts(folder, manifest);
  const totalBytes = todo.reduce((sum, { source }) => sum + source.size, 0);
  const read = await readPhase({
    id,
    folder: scratch,
    sources: todo.map(({ source }) => source),
    format,
    declared: options.declared ?? {},
    known: (key) => facts.get(key),
    bufferBytes: options.bufferBytes ?? BUFFER_BYTES,
    progress: (rows, bytes, source) => options.progress?.({ stage: 'read', rows, bytes, totalBytes, source }),
    signal: options.signal,
  });
  const merged = await mergePhase({
    folder,
    scratch,
    runs: read.runs,
    instruments: read.instruments,
    encodedIn: read.encodedIn,
    partitions: manifest.partitions,
    replace: options.replace ?? false,
    progress: (rows, total) => options.progress?.({ stage: 'merge', rows, total }),
    signal: options.signal,
  });
  const entries = sourceEntries(todo, format, read, merged);
  const written = merged.flatMap(({ entry }) => entry ?? []);
  const next = nextManifest(manifest, entries, merged);
  await commit(folder, scratch, manifest, next, merged, read, todo);
  await cleanUp(folder, next);
  const sources = entries.map((entry, i) => ({
    ...entry,
    outOfOrder: read.counts[i]!.outOfOrder,
    clockSkew: read.counts[i]!.clockSkew,
  }));
  return { sources, known, written, manifest: next };
}

/** Units and contract declared for the import, as parameters. */
function declaredTexts({ declared = {} }: ImportOptions): Record<string, string> {
  const { tick, lot, contract, multiplier } = declared;
  const texts = {
    tick: tick && decimalText(tick),
    lot: lot && decimalText(lot),
    contract,
    multiplier: multiplier && decimalText(multiplier),
  };
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined)) as Record<
    string,
    string
  >;
}

async function sourceHashes(options: ImportOptions): Promise<string[]> {
  const byPath = new Map<string, string>();
  const out: string[] = [];
  for (const { path, label } of options.sources) {
    let hash = byPath.get(path);
    if (hash === undefined) {
      options.progress?.({ stage: 'hash', rows: out.length, total: options.sources.length, source: label });
      hash = await fileHash(path);
      byPath.set(path, hash);
    }
    out.push(hash);
  }
  return out;
}

/** Names everything that the result depends on: a scratch folder of another import is of no use. */
function importId(manifest: Manifest, todo: readonly Todo[], options: ImportOptions): string {
  const { format, declared = {}, replace = false } = options;
  const inputs = todo.map(({ source, sha256, label }) => [label, source.name, sha256]);
  const text = JSON.stringify([inputs, format.name, format.params, declared, replace, manifest]);
  return createHash('sha256').update(text).digest('hex');
}

async function scratchId(scratch: string): Promise<string | undefined> {
  return readFile(join(scratch, 'id'), 'utf8').catch(() => undefined);
}

/** Declared facts of the dataset's instruments, the latest of each. */
async function knownFacts(folder: string, manifest: Manifest): Promise<Map<string, InstrumentInfo>> {
  const facts = new Map<string, InstrumentInfo>();
  if (manifest.partitions.length === 0) return facts;
  for (const span of await readInstruments(join(folder, 'instruments.arrow')))
    facts.set(instrumentKey(span), infoOf(span));
  return facts;
}
