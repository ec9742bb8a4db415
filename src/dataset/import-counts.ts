import type { KindName } from '../core/kinds.js';
import type { Manifest, SourceEntry } from './manifest.js';
import type { MergedPartition } from './merge-phase.js';
import type { ImportFormat, ReadResult } from './read-phase.js';
import type { ImportSource } from './source-files.js';

/** A source to import, with the hash of its file. */
export interface Todo {
  readonly source: ImportSource;
  readonly sha256: string;
  /** What manifest and ledger call it: no other source of the dataset has this name. */
  readonly label: string;
}

/** What makes two imports of a source the same. */
export const sourceKey = (of: Pick<SourceEntry, 'name' | 'sha256' | 'format' | 'params'>): string =>
  JSON.stringify([of.name, of.sha256, of.format, of.params]);

/** Counts of each source once reading and merging are done. */
export function sourceEntries(
  todo: readonly Todo[],
  format: ImportFormat,
  read: ReadResult,
  merged: readonly MergedPartition[],
): SourceEntry[] {
  return todo.map(({ source, sha256, label }, s) => {
    const { rowsRead, skipped, filtered, ledger: early } = read.counts[s]!;
    const ledger: Record<string, number> = { ...early };
    for (const part of merged)
      for (const [reason, n] of Object.entries(part.left[s] ?? {}))
        ledger[reason] = (ledger[reason] ?? 0) + n;
    const duplicates = ledger.duplicate ?? 0;
    delete ledger.duplicate;
    const left = Object.values(ledger).reduce((sum, n) => sum + n, 0);
    const listed = merged.reduce(
      (sum, { rejected }) => sum + rejected.filter((row) => row.source === s).length,
      read.counts[s]!.listed,
    );
    return {
      source: label,
      name: source.name,
      sha256,
      format: format.name,
      params: format.params,
      rowsRead,
      rowsKept: rowsRead - duplicates - left,
      duplicates,
      ledger: sortedKeys(ledger),
      ledgerCut: left - listed,
      skipped,
      filtered,
    };
  });
}

const sortedKeys = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The manifest after an import. */
export function nextManifest(
  before: Manifest,
  entries: readonly SourceEntry[],
  merged: readonly MergedPartition[],
): Manifest {
  const touched = new Set(merged.map(({ kind, group, day }) => `${kind}/${group}/${day}`));
  const partitions = [
    ...before.partitions.filter(({ kind, group, day }) => !touched.has(`${kind}/${group}/${day}`)),
    ...merged.flatMap(({ entry }) => entry ?? []),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
  const rows: Partial<Record<KindName, number>> = {};
  for (const { kind, rows: n } of partitions) rows[kind] = (rows[kind] ?? 0) + n;
  const again = new Set(entries.map(sourceKey));
  const sources = [...before.sources.filter((source) => !again.has(sourceKey(source))), ...entries];
  const ledger: Record<string, number> = {};
  for (const source of sources)
    for (const [reason, n] of Object.entries(source.ledger)) ledger[reason] = (ledger[reason] ?? 0) + n;
  const days = partitions.map(({ day }) => day).sort();
  const { from: _from, to: _to, ...rest } = before;
  return {
    ...rest,
    sources,
    partitions,
    ...(days.length > 0 ? { from: days[0]!, to: days.at(-1)! } : {}),
    rows: sortedKeys(rows as Record<string, number>) as Manifest['rows'],
    ledger: sortedKeys(ledger),
    ledgerCut: sources.reduce((sum, source) => sum + source.ledgerCut, 0),
  };
}
