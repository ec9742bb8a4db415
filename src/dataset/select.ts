import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../core/errors.js';
import type { KindName } from '../core/kinds.js';
import { instrumentName, type PartitionInstrument } from './instrument-facts.js';
import { groupOf, manifestPath, type PartitionEntry, readManifest } from './manifest.js';
import { PartitionReader } from './partition-read.js';
import { fileHash } from './source-files.js';

const DAY_MICROS = 86_400_000_000;

/** What of a dataset is asked for. */
export interface Selection {
  readonly kind: KindName;
  /** Names as `instrumentName` gives them; all by default. */
  readonly instruments?: readonly string[];
  /** µs, half-open. */
  readonly fromTime?: number;
  readonly until?: number;
}

/** A partition that may hold rows asked for; its content has the hash that the manifest names. */
export interface SelectedPartition {
  readonly entry: PartitionEntry;
  readonly path: string;
  readonly instruments: readonly PartitionInstrument[];
  /** Names of the instruments, and whether they are asked for. */
  readonly names: readonly string[];
  readonly wanted: readonly boolean[];
  /** Raw names of the columns beside instrument and ts. */
  readonly columns: readonly string[];
}

export interface Selected {
  /** By day, then group. */
  readonly partitions: readonly SelectedPartition[];
  /** Rows of the kind in partitions that hold no row asked for. */
  readonly unread: number;
  /** Instruments of the kind that were met on the way; all of it where one that was asked for is missing. */
  readonly names: readonly string[];
}

/** True if `path` is the folder of a dataset, damaged or not. Other folders may have a manifest.json of their own. */
export async function isDataset(path: string): Promise<boolean> {
  const file = await open(manifestPath(path)).catch(() => undefined);
  if (file === undefined) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(256), 0, 256, 0);
    return /^\s*\{\s*"steelyard"\s*:\s*"dataset"/.test(buffer.toString('latin1', 0, bytesRead));
  } catch {
    return false;
  } finally {
    await file.close();
  }
}

/**
 * Partitions of a dataset that may hold rows asked for. Those of other days and groups are not opened; the others are
 * read through once, as their content must have the hash the manifest names. Throws an InputError if the dataset has
 * no rows of the kind, for a partition that is missing or changed, and for a damaged manifest.
 */
export async function selectPartitions(folder: string, selection: Selection): Promise<Selected> {
  const { kind, fromTime = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = selection;
  const manifest = await readManifest(folder);
  if (manifest === undefined) throw new InputError('dataset', folder, 'has no manifest.json');
  const entries = manifest.partitions.filter((entry) => entry.kind === kind);
  if (entries.length === 0) {
    const kinds = [...new Set(manifest.partitions.map((entry) => entry.kind))].sort();
    throw new InputError('dataset', folder, `holds no ${kind}; it holds ${kinds.join(', ') || 'nothing'}`);
  }
  entries.sort((a, b) => (a.day === b.day ? (a.group < b.group ? -1 : 1) : a.day < b.day ? -1 : 1));
  const asked = selection.instruments && new Set(selection.instruments);
  const groups = asked && groupsOf(asked);
  const partitions: SelectedPartition[] = [];
  const names = new Set<string>();
  const passed: PartitionEntry[] = [];
  let unread = 0;
  for (const entry of entries) {
    const start = Date.parse(entry.day) * 1000;
    if (!Number.isSafeInteger(entry.rows) || Number.isNaN(start))
      throw new InputError(
        'dataset manifest',
        manifestPath(folder),
        'is damaged: import again into a new folder',
      );
    const there = start < until && start + DAY_MICROS > fromTime;
    if (there && groups?.has(entry.group) !== false) {
      const partition = await checkedPartition(folder, entry, asked);
      for (const name of partition.names) names.add(name);
      if (partition.wanted.includes(true)) {
        partitions.push(partition);
        continue;
      }
    } else passed.push(entry);
    unread += entry.rows;
  }
  // the message about an instrument that is nowhere lists those that are
  if (asked && [...asked].some((name) => !names.has(name)))
    for (const entry of passed)
      for (const name of (await checkedPartition(folder, entry, asked)).names) names.add(name);
  return { partitions, unread, names: [...names].sort() };
}

/** Groups that may hold instruments of these names: a symbol may have colons of its own. */
function groupsOf(names: ReadonlySet<string>): Set<string> {
  const groups = new Set([groupOf('')]);
  for (const name of names)
    for (let at = name.indexOf(':'); at >= 0; at = name.indexOf(':', at + 1))
      groups.add(groupOf(name.slice(0, at)));
  return groups;
}

async function checkedPartition(
  folder: string,
  entry: PartitionEntry,
  asked: ReadonlySet<string> | undefined,
): Promise<SelectedPartition> {
  const path = join(folder, entry.path);
  const hash = await fileHash(path).catch((error: { code?: string }) => {
    throw error.code === 'ENOENT'
      ? new InputError('dataset file', entry.path, 'is missing: if an import has just replaced it, try again')
      : new InputError('dataset file', entry.path, `cannot be read (${error.code ?? 'unknown'})`);
  });
  if (hash !== entry.sha256)
    throw new InputError(
      'dataset file',
      entry.path,
      'is damaged: its content is not what the manifest names',
    );
  const reader = await PartitionReader.open(path, entry.path);
  await reader.close();
  const { instruments, kind } = reader;
  if (kind !== entry.kind || !Array.isArray(instruments) || !instruments.every(isInstrument))
    throw new InputError('dataset file', entry.path, 'is damaged: import its sources again');
  const names = instruments.map(instrumentName);
  const wanted = names.map((name) => asked?.has(name) ?? true);
  return { entry, path, instruments, names, wanted, columns: reader.columns };
}

const isInstrument = (facts: Partial<PartitionInstrument> | null): boolean =>
  typeof facts === 'object' &&
  facts !== null &&
  [facts.symbol, facts.venue, facts.price_unit, facts.size_unit].every((text) => typeof text === 'string');
