import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../core/errors.js';
import { KINDS, type KindName } from '../core/kinds.js';

/** Version of the dataset's layout. */
export const SCHEMA_VERSION = 1;
const NAME = 'manifest.json';

/** One file of a dataset: instruments of one group on one UTC day. */
export interface PartitionEntry {
  readonly kind: KindName;
  /** Group of instruments: their venue, `_` where it is unknown. */
  readonly group: string;
  /** YYYY-MM-DD, UTC. */
  readonly day: string;
  /** Below the dataset's folder; the name holds the start of the content hash, so files never change. */
  readonly path: string;
  readonly sha256: string;
  readonly rows: number;
}

/**
 * One input that was imported, counted at its import: rowsRead = rowsKept + duplicates + Σ ledger. Rows that a later
 * import replaced are still among rowsKept; `rows` of the manifest counts what there is.
 */
export interface SourceEntry {
  /** As shown and in the ledger. */
  readonly source: string;
  /** Its name without folders, or its path inside an archive: with the hash, what makes it the same source. */
  readonly name: string;
  /** Of the file as it lay on disk: the archive's for a member. */
  readonly sha256: string;
  readonly format: string;
  readonly params: Readonly<Record<string, string>>;
  readonly rowsRead: number;
  readonly rowsKept: number;
  readonly duplicates: number;
  /** Rows in the ledger by reason, and how many of them ledger.arrow does not list. */
  readonly ledger: Readonly<Record<string, number>>;
  readonly ledgerCut: number;
  /** Records that are no rows: headers, messages of other kinds. */
  readonly skipped: number;
  /** Rows left out by filters; not among the rows read. */
  readonly filtered: number;
}

/** What a dataset holds. Nothing in it depends on when, where or how fast it was made. */
export interface Manifest {
  readonly steelyard: 'dataset';
  readonly schemaVersion: number;
  readonly sources: readonly SourceEntry[];
  readonly partitions: readonly PartitionEntry[];
  /** First and last UTC day with rows; absent where there are none. */
  readonly from?: string;
  readonly to?: string;
  readonly rows: Readonly<Partial<Record<KindName, number>>>;
  /** Rows in ledger.arrow by reason, all sources; and how many of them it does not list. */
  readonly ledger: Readonly<Record<string, number>>;
  readonly ledgerCut: number;
}

export const EMPTY_MANIFEST: Manifest = {
  steelyard: 'dataset',
  schemaVersion: SCHEMA_VERSION,
  sources: [],
  partitions: [],
  rows: {},
  ledger: {},
  ledgerCut: 0,
};

export const manifestPath = (folder: string): string => join(folder, NAME);

export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 1)}\n`;

/** The manifest of a dataset; undefined where the folder has none. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  let text: string;
  try {
    text = await readFile(manifestPath(folder), 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as { code?: string };
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new InputError('dataset manifest', manifestPath(folder), `cannot be read (${code})`);
  }
  const damaged = (): InputError =>
    new InputError('dataset manifest', manifestPath(folder), 'is damaged: import again into a new folder');
  let manifest: Manifest;
  try {
    manifest = JSON.parse(text) as Manifest;
  } catch {
    throw damaged();
  }
  if (manifest?.steelyard !== 'dataset') throw damaged();
  if (manifest.schemaVersion !== SCHEMA_VERSION)
    throw new InputError(
      'dataset schema version',
      manifest.schemaVersion,
      `must be ${SCHEMA_VERSION}: this steelyard reads no other`,
    );
  // a manifest may come from elsewhere: its shape is checked, and its paths stay inside the folder
  const { sources, partitions, ledger, rows } = manifest;
  if (!Array.isArray(sources) || !sources.every(isSource)) throw damaged();
  if (!Array.isArray(partitions) || !partitions.every(isPartition)) throw damaged();
  if (!isCounts(ledger) || !isCounts(rows) || !Number.isSafeInteger(manifest.ledgerCut)) throw damaged();
  return manifest;
}

/** Name of a partition's file: its day and the start of its hash. */
export const PARTITION_FILE = /^\d{4}-\d{2}-\d{2}-[0-9a-f]{16}\.arrow$/;

const isCounts = (of: unknown): boolean =>
  typeof of === 'object' && of !== null && Object.values(of).every((n) => Number.isSafeInteger(n));

function isSource(of: unknown): boolean {
  const { source, name, sha256, format, params, ledger, ...counts } = (of ?? {}) as SourceEntry;
  return (
    [source, name, sha256, format].every((text) => typeof text === 'string') &&
    typeof params === 'object' &&
    params !== null &&
    isCounts(ledger) &&
    isCounts(counts)
  );
}

function isPartition(of: unknown): boolean {
  const { kind, group, day, path, sha256, rows } = (of ?? {}) as PartitionEntry;
  if (![group, day, path, sha256].every((text) => typeof text === 'string')) return false;
  if (!Object.hasOwn(KINDS, String(kind)) || !Number.isSafeInteger(rows)) return false;
  try {
    return path === partitionPath(kind, group, day, sha256);
  } catch {
    return false;
  }
}

const GROUP = /^[a-z0-9_-]{1,64}$/;

/** Path of a partition inside the dataset; throws if a part of it could name another place. */
export function partitionPath(kind: KindName, group: string, day: string, sha256: string): string {
  if (!GROUP.test(group) || !/^\d{4}-\d{2}-\d{2}$/.test(day) || !/^[0-9a-f]{64}$/.test(sha256))
    throw new InputError(
      'dataset partition',
      `${group} ${day} ${sha256}`,
      'must be a group, a day and a SHA-256',
    );
  return `${kind}/${group}/${day}-${sha256.slice(0, 16)}.arrow`;
}

/** The group of a venue's instruments: the venue, made fit for a path; venues may share one. */
export const groupOf = (venue: string): string =>
  venue
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '_')
    .slice(0, 64) || '_';

/** `YYYY-MM-DD` of a day since the epoch. */
export const dayText = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
