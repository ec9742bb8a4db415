import { existsSync } from 'node:fs';
import { readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { KINDS } from '../core/kinds.js';
import { checkWritable, writeError } from '../table/atomic.js';
import { makeFolder } from '../table/make-folder.js';
import type { Todo } from './import-counts.js';
import {
  type InstrumentSpan,
  instrumentSpans,
  readInstruments,
  writeInstruments,
} from './instruments-file.js';
import { type LedgerRows, readLedger, writeLedger } from './ledger-file.js';
import { type SpooledRow, spooledRows } from './ledger-spool.js';
import { type Manifest, manifestText, PARTITION_FILE } from './manifest.js';
import type { MergedPartition } from './merge-phase.js';
import type { ReadResult } from './read-phase.js';
import { asideOf, removeScratch, setAside } from './scratch.js';

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
      await makeFolder(dirname(target));
      await rename(from, target);
    }
    const manifest = manifestText(next);
    await setAside(folder, scratch, before, manifest);
    const spans = await nextSpans(folder, scratch, before, next, merged);
    await writeInstruments(join(scratch, 'instruments.arrow'), spans);
    const rows = ledgerRows(earlierLedger(scratch, before, next), read, merged, todo);
    const sources = next.sources.map(({ source }) => source);
    await writeLedger(join(scratch, 'ledger.arrow'), [...new Set(sources)], rows);
    await writeFile(join(scratch, 'manifest.json'), manifest);
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
  scratch: string,
  before: Manifest,
  next: Manifest,
  merged: readonly MergedPartition[],
): Promise<InstrumentSpan[]> {
  const appended = before.to !== undefined && merged.every(({ day }) => day > before.to!);
  if (!appended) return instrumentSpans(folder, next.partitions, []);
  const written = merged.flatMap(({ entry }) => entry ?? []);
  return instrumentSpans(folder, written, await readInstruments(asideOf(scratch, 'instruments.arrow')));
}

/** The ledger as it was, and the sources in it that are imported anew; undefined where there is none. */
function earlierLedger(
  scratch: string,
  before: Manifest,
  next: Manifest,
): { path: string; anew: ReadonlySet<string> } | undefined {
  if (before.sources.length === 0) return undefined;
  // an entry that is the same object was carried over
  const anew = before.sources.filter((source) => !next.sources.includes(source));
  return { path: asideOf(scratch, 'ledger.arrow'), anew: new Set(anew.map(({ source }) => source)) };
}

/** Earlier rows, then those of this import by source and record. */
async function* ledgerRows(
  earlier: { path: string; anew: ReadonlySet<string> } | undefined,
  read: ReadResult,
  merged: readonly MergedPartition[],
  todo: readonly Todo[],
): AsyncGenerator<LedgerRows> {
  if (earlier)
    for await (const rows of readLedger(earlier.path)) if (!earlier.anew.has(rows.source)) yield rows;
  const late = new Map<number, SpooledRow[]>();
  for (const row of merged.flatMap(({ rejected }) => rejected)) {
    const own = late.get(row.source);
    if (own) own.push(row);
    else late.set(row.source, [row]);
  }
  const source = (rows: readonly SpooledRow[]): LedgerRows => {
    // stable: rows of one record stay in order
    const own = [...rows].sort((a, b) => a.record - b.record);
    return {
      source: todo[rows[0]!.source]!.label,
      row: Float64Array.from(own, ({ record }) => record),
      reason: own.map(({ reason }) => reason),
      text: own.map(({ text }) => text),
    };
  };
  let next = 0;
  for await (const rows of spooledRows(read.spool.path)) {
    const of = rows[0]!.source;
    for (; next < of; next++) if (late.has(next)) yield source(late.get(next)!);
    yield source([...rows, ...(late.get(of) ?? [])]);
    next = of + 1;
  }
  for (; next < todo.length; next++) if (late.has(next)) yield source(late.get(next)!);
}

/**
 * Removes what the manifest does not name: partitions of earlier versions, scratch of a finished import, empty folders.
 * Other files stay: a folder that holds `trades/` of the user's own may become a dataset.
 */
export async function cleanUp(folder: string, manifest: Manifest): Promise<void> {
  const named = new Set(manifest.partitions.map(({ path }) => path));
  for (const kind of Object.keys(KINDS)) {
    const groups = await readdir(join(folder, kind)).catch(() => []);
    for (const group of groups) {
      for (const file of await readdir(join(folder, kind, group)).catch(() => []))
        if (PARTITION_FILE.test(file) && !named.has(`${kind}/${group}/${file}`))
          await rm(join(folder, kind, group, file), { force: true });
      await rmdir(join(folder, kind, group)).catch(() => {});
    }
    await rmdir(join(folder, kind)).catch(() => {});
  }
  await removeScratch(folder);
}
