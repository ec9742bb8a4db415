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
import type { Run } from './read-phase.js';
import { RunReader, runIndex } from './spill.js';

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
  /** The first of them for the ledger, duplicates not among them; and how many more there are. */
  readonly rejected: readonly SpooledRow[];
  readonly cut: number;
}

/** A decade of daily files of 27 venues; damaged venues or times could ask for a file a row. */
const MOST_PARTITIONS = 100_000;
/** Rows of one partition that the ledger lists. */
const MOST_LISTED = 10_000;

export interface MergeOptions {
  /** The dataset. */
  readonly folder: string;
  /** Scratch folder of the import. */
  readonly scratch: string;
  readonly runs: readonly Run[];
  readonly instruments: readonly InstrumentInfo[];
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
  const total = jobs.reduce((sum, job) => sum + rowsOf(job), 0);
  try {
    for (const job of jobs) {
      out.push(await merged(job, options, runs));
      done += rowsOf(job);
      options.progress?.(done, total);
      options.signal?.throwIfAborted();
    }
  } finally {
    runs.close();
  }
  return out;
}

async function merged(job: PartitionJob, options: MergeOptions, runs: RunReader): Promise<MergedPartition> {
  const { kind, group } = job;
  const day = dayText(job.day);
  const draft = `part-${kind}-${group}-${day}`;
  const note = join(options.scratch, `${draft}.json`);
  if (existsSync(note)) return JSON.parse(await readFile(note, 'utf8')) as MergedPartition;
  const left: Record<number, Record<string, number>> = {};
  const rejected: SpooledRow[] = [];
  let cut = 0;
  const entry = await buildPartition(job, join(options.scratch, draft), {
    folder: options.folder,
    instruments: options.instruments,
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
      if (rejected.length < MOST_LISTED)
        rejected.push({ source, record, reason, text: text().slice(0, 200) });
      else cut++;
    },
  });
  const result: MergedPartition = { kind, group, day, entry, draft, left, rejected, cut };
  await writeFile(`${note}.draft`, JSON.stringify(result));
  await rename(`${note}.draft`, note);
  return result;
}

/** The partitions that some run has rows for, in order of kind, group and day. */
async function partitionJobs(options: MergeOptions): Promise<PartitionJob[]> {
  const jobs = new Map<string, { job: PartitionJob; blocks: Map<number, RunBlocks[]> }>();
  const existing = new Map(
    options.partitions.map((entry) => [`${entry.kind}/${entry.group}/${entry.day}`, entry]),
  );
  for (const { kind, name } of options.runs) {
    const path = join(options.scratch, name);
    for (const stored of await runIndex(path)) {
      const group = groupOf(options.instruments[stored.id]!.venue);
      const key = `${kind}/${group}/${dayText(stored.day)}`;
      let known = jobs.get(key);
      if (known === undefined) {
        const blocks = new Map<number, RunBlocks[]>();
        known = { job: { kind, group, day: stored.day, blocks, existing: existing.get(key) }, blocks };
        jobs.set(key, known);
      }
      const own = known.blocks.get(stored.id) ?? [];
      known.blocks.set(stored.id, own);
      if (own.at(-1)?.run === path) (own.at(-1)!.stored as StoredBlock[]).push(stored);
      else own.push({ run: path, stored: [stored] });
    }
  }
  return [...jobs.keys()].sort().map((key) => jobs.get(key)!.job);
}

const rowsOf = (job: PartitionJob): number => {
  let rows = job.existing?.rows ?? 0;
  for (const runs of job.blocks.values())
    for (const { stored } of runs) for (const block of stored) rows += block.rows;
  return rows;
};
