import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../core/errors.js';
import type { InstrumentInfo } from '../core/importer.js';
import type { KindName } from '../core/kinds.js';
import type { StoredBlock } from './block-bytes.js';
import { buildPartition, type PartitionJob, type RunBlocks } from './build-partition.js';
import type { SpooledRow } from './ledger-spool.js';
import { dayText, groupOf, type PartitionEntry } from './manifest.js';
import { NO_SOURCE } from './merge-blocks.js';
import type { EncodedIn, Run } from './read-phase.js';
import { RunIndex } from './run-index.js';
import { RunReader } from './spill.js';

/** A merged partition, and the rows that merging left out. */
export interface MergedPartition {
  readonly kind: KindName;
  readonly group: string;
  readonly day: string;
  /** Undefined if no row is left. */
  readonly entry: PartitionEntry | undefined;
  /** Name of its file in the scratch folder. */
  readonly draft: string;
  /** Rows left out, by source and reason; duplicates among them. */
  readonly left: Readonly<Record<number, Readonly<Record<string, number>>>>;
  /** The first of them for the ledger, duplicates not among them. */
  readonly rejected: readonly SpooledRow[];
}

/** A decade of daily files of 27 venues; damaged venues or times could ask for a file a row. */
const MOST_PARTITIONS = 100_000;
/** Rows of one partition, and of all of them, that the ledger lists. */
const MOST_LISTED = 10_000;
const MOST_LISTED_IN_ALL = 250_000;

export interface MergeOptions {
  /** The dataset. */
  readonly folder: string;
  /** Scratch folder of the import. */
  readonly scratch: string;
  readonly runs: readonly Run[];
  readonly instruments: readonly InstrumentInfo[];
  readonly encodedIn: readonly EncodedIn[];
  readonly partitions: readonly PartitionEntry[];
  readonly replace: boolean;
  readonly progress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Merges runs and what the dataset has, partition by partition; finished ones are not made again after a kill. */
export async function mergePhase(options: MergeOptions): Promise<MergedPartition[]> {
  const jobs = await partitionJobs(options);
  if (jobs.length > MOST_PARTITIONS)
    throw new InputError(
      'partitions of the import',
      jobs.length,
      `must be at most ${MOST_PARTITIONS}: are its times or venues damaged? If not, import it in parts`,
    );
  const runs = new RunReader();
  const out: MergedPartition[] = [];
  let done = 0;
  let room = MOST_LISTED_IN_ALL;
  const total = jobs.reduce((sum, { rows }) => sum + rows, 0);
  try {
    for (const job of jobs) {
      const part = await merged(job, options, runs, Math.min(MOST_LISTED, room));
      out.push(part);
      room -= part.rejected.length;
      done += job.rows;
      options.progress?.(done, total);
      options.signal?.throwIfAborted();
    }
  } finally {
    runs.close();
  }
  return out;
}

async function merged(
  job: PartitionJob,
  options: MergeOptions,
  runs: RunReader,
  room: number,
): Promise<MergedPartition> {
  const { kind, group } = job;
  const day = dayText(job.day);
  const draft = `part-${kind}-${group}-${day}`;
  const note = join(options.scratch, `${draft}.json`);
  if (existsSync(note)) return JSON.parse(await readFile(note, 'utf8')) as MergedPartition;
  const left: Record<number, Record<string, number>> = {};
  const rejected: SpooledRow[] = [];
  const entry = await buildPartition(job, join(options.scratch, draft), {
    folder: options.folder,
    instruments: options.instruments,
    encodedIn: options.encodedIn,
    replace: options.replace,
    runs,
    leftOut: (source, record, reason, text) => {
      if (source === NO_SOURCE)
        throw new InputError(
          `${kind} of ${group} on ${day}`,
          reason,
          'would drop rows of the dataset: declare no other unit, or pass --replace',
        );
      const counts = left[source] ?? {};
      left[source] = counts;
      counts[reason] = (counts[reason] ?? 0) + 1;
      if (reason === 'duplicate') return;
      if (rejected.length < room) rejected.push({ source, record, reason, text: text().slice(0, 200) });
    },
  });
  const result: MergedPartition = { kind, group, day, entry, draft, left, rejected };
  await writeFile(`${note}.draft`, JSON.stringify(result));
  await rename(`${note}.draft`, note);
  return result;
}

/** The partitions that some run has rows for, in order of kind, group and day. */
async function partitionJobs(options: MergeOptions): Promise<(PartitionJob & { readonly rows: number })[]> {
  const existing = new Map(
    options.partitions.map((entry) => [`${entry.kind}/${entry.group}/${entry.day}`, entry]),
  );
  const groups = options.instruments.map(({ venue }) => groupOf(venue));
  const jobs = new Map<string, { kind: KindName; group: string; day: number; rows: number }>();
  /** Blocks of a day in each run, as they lie one behind another: `[index, from, to]`. */
  const days = new Map<string, [RunIndex, number, number][]>();
  for (const { kind, name } of options.runs) {
    const index = await RunIndex.open(join(options.scratch, name));
    for (let from = 0, to = 0; from < index.blocks; from = to) {
      const day = index.field(from, 'day');
      for (to = from; to < index.blocks && index.field(to, 'day') === day; to++) {
        const group = groups[index.field(to, 'id')]!;
        const key = `${kind}/${group}/${dayText(day)}`;
        const job = jobs.get(key) ?? { kind, group, day, rows: existing.get(key)?.rows ?? 0 };
        jobs.set(key, job);
        job.rows += index.field(to, 'rows');
      }
      const own = days.get(`${kind}/${day}`) ?? [];
      days.set(`${kind}/${day}`, own);
      own.push([index, from, to]);
    }
  }
  return [...jobs.keys()].sort().map((key) => {
    const job = jobs.get(key)!;
    const of = days.get(`${job.kind}/${job.day}`)!;
    return { ...job, existing: existing.get(key), blocks: () => blocksOf(of, groups, job.group) };
  });
}

/** Blocks of one group by instrument and run. */
function blocksOf(
  days: readonly (readonly [RunIndex, number, number])[],
  groups: readonly string[],
  group: string,
): Map<number, RunBlocks[]> {
  const blocks = new Map<number, RunBlocks[]>();
  for (const [index, from, to] of days)
    for (let at = from; at < to; at++) {
      const id = index.field(at, 'id');
      if (groups[id] !== group) continue;
      const own = blocks.get(id) ?? [];
      blocks.set(id, own);
      const last = own.at(-1);
      if (last?.run === index.run) (last.stored as StoredBlock[]).push(index.block(at));
      else own.push({ run: index.run, stored: [index.block(at)] });
    }
  return blocks;
}
