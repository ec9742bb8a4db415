import { existsSync } from 'node:fs';
import { link, mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { KINDS } from '../core/kinds.js';
import { checkWritable, writeError } from '../table/atomic.js';
import type { Todo } from './import-counts.js';
import {
  type InstrumentSpan,
  instrumentSpans,
  readInstruments,
  writeInstruments,
} from './instruments-file.js';
import { type LedgerEntry, readLedger, writeLedger } from './ledger-file.js';
import { spooledRows } from './ledger-spool.js';
import { type Manifest, manifestText } from './manifest.js';
import type { MergedPartition } from './merge-phase.js';
import type { ReadResult } from './read-phase.js';

/** Folder of an unfinished import, inside the dataset. */
export const SCRATCH = '.import';

/** Puts everything in place, the manifest last: its rename is the moment the dataset changes. */
export async function commit(
  folder: string,
  scratch: string,
  before: Manifest,
  next: Manifest,
  merged: readonly MergedPartition[],
  read: ReadResult,
  todo: readonly Todo[],
): Promise<void> {
  try {
    for (const { entry, draft } of merged) {
      if (entry === undefined) continue;
      const target = join(folder, entry.path);
      const from = join(scratch, draft);
      // a killed import may have moved it already: names hold the content's hash
      if (!existsSync(from) && existsSync(target)) continue;
      await mkdir(dirname(target), { recursive: true });
      await rename(from, target);
    }
    const spans = await nextSpans(folder, before, next, merged);
    await writeInstruments(join(scratch, 'instruments.arrow'), spans);
    const earlier = await earlierEntries(folder, scratch, before, next);
    await writeLedger(join(scratch, 'ledger.arrow'), [...earlier, ...newEntries(read, merged, todo)]);
    await writeFile(join(scratch, 'manifest.json'), manifestText(next));
    for (const name of ['instruments.arrow', 'ledger.arrow', 'manifest.json']) {
      checkWritable(join(folder, name));
      await rename(join(scratch, name), join(folder, name));
    }
  } catch (error) {
    throw writeError(folder, error);
  }
}

/** Instrument histories; those of days before all new ones are read from the file that has them. */
async function nextSpans(
  folder: string,
  before: Manifest,
  next: Manifest,
  merged: readonly MergedPartition[],
): Promise<InstrumentSpan[]> {
  const appended = before.to !== undefined && merged.every(({ day }) => day > before.to!);
  if (!appended) return instrumentSpans(folder, next.partitions, []);
  const written = merged.flatMap(({ entry }) => entry ?? []);
  return instrumentSpans(folder, written, await readInstruments(join(folder, 'instruments.arrow')));
}

/** The ledger as it was, less the rows of sources that are imported anew. */
async function earlierEntries(
  folder: string,
  scratch: string,
  before: Manifest,
  next: Manifest,
): Promise<LedgerEntry[]> {
  if (before.sources.length === 0) return [];
  // kept aside before the first rename: a killed import may have replaced the ledger, but not the manifest
  const aside = join(scratch, 'ledger.before.arrow');
  if (!existsSync(aside)) await link(join(folder, 'ledger.arrow'), aside);
  // an entry that is the same object was carried over
  const anew = new Set(
    before.sources.filter((source) => !next.sources.includes(source)).map(({ source }) => source),
  );
  return (await readLedger(aside)).filter(({ source }) => !anew.has(source));
}

/** Ledger rows of this import by source and record. */
function newEntries(
  read: ReadResult,
  merged: readonly MergedPartition[],
  todo: readonly Todo[],
): LedgerEntry[] {
  const rows = [...spooledRows(read.spool.path), ...merged.flatMap(({ rejected }) => rejected)].filter(
    ({ reason }) => reason !== 'duplicate',
  );
  // stable: rows of one record stay in order
  rows.sort((a, b) => a.source - b.source || a.record - b.record);
  return rows.map(({ source, record, reason, text }) => ({
    source: todo[source]!.source.label,
    row: record,
    reason,
    text,
  }));
}

/** Removes what the manifest does not name: files of earlier versions, scratch of a finished import, empty folders. */
export async function cleanUp(folder: string, manifest: Manifest): Promise<void> {
  const named = new Set(manifest.partitions.map(({ path }) => path));
  for (const kind of Object.keys(KINDS)) {
    const groups = await readdir(join(folder, kind)).catch(() => []);
    for (const group of groups) {
      for (const file of await readdir(join(folder, kind, group)).catch(() => []))
        if (!named.has(`${kind}/${group}/${file}`))
          await rm(join(folder, kind, group, file), { force: true });
      await rmdir(join(folder, kind, group)).catch(() => {});
    }
    await rmdir(join(folder, kind)).catch(() => {});
  }
  await rm(join(folder, SCRATCH), { recursive: true, force: true });
}
