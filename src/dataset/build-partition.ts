import { join } from 'node:path';
import { InputError } from '../core/errors.js';
import type { InstrumentInfo } from '../core/importer.js';
import type { KindName } from '../core/kinds.js';
import type { LedgerReason } from '../core/raw.js';
import { type BlockInfo, rowText, type Units } from './block.js';
import type { StoredBlock } from './block-bytes.js';
import {
  factsOf,
  infoOf,
  instrumentKey,
  instrumentName,
  mergedInfo,
  type PartitionInstrument,
  unitsOf,
} from './instrument-facts.js';
import { dayText, type PartitionEntry, partitionPath } from './manifest.js';
import { type BlockQueue, mergeBlocks, NO_SOURCE } from './merge-blocks.js';
import { PartitionReader } from './partition-read.js';
import { PartitionWriter } from './partition-write.js';
import type { EncodedIn } from './read-phase.js';
import { type Part, settle, type Tell } from './settle-units.js';
import { fileHash } from './source-files.js';
import type { RunReader } from './spill.js';
import { storedColumns } from './stored-columns.js';
import { sameUnit } from './units.js';

/** A partition to be written: what each run has for it, by instrument number, and what the dataset has already. */
export interface PartitionJob {
  readonly kind: KindName;
  readonly group: string;
  readonly day: number;
  readonly blocks: () => ReadonlyMap<number, readonly RunBlocks[]>;
  readonly existing: PartitionEntry | undefined;
}

/** Blocks of one instrument and day in one run, in order. */
export interface RunBlocks {
  readonly run: string;
  readonly stored: readonly StoredBlock[];
}

/** Told of each row of this import that is left out while merging. */
export type LeftOut = (source: number, record: number, reason: LedgerReason, text: () => string) => void;

/** Ticks from here on do not fit an i32. */
const I32 = 2 ** 31;

interface Context {
  readonly folder: string;
  readonly instruments: readonly InstrumentInfo[];
  readonly encodedIn: readonly EncodedIn[];
  /** Rows of the instruments imported now replace those of the same day. */
  readonly replace: boolean;
  readonly runs: RunReader;
  readonly leftOut: LeftOut;
}

/**
 * Merges a partition into a file at `path` and returns its entry, undefined if no row is left. Rows of the dataset
 * come before new ones of the same (ts, seq).
 */
export async function buildPartition(
  job: PartitionJob,
  path: string,
  context: Context,
): Promise<PartitionEntry | undefined> {
  const reader =
    job.existing && (await PartitionReader.open(join(context.folder, job.existing.path), job.existing.path));
  try {
    // damage would go on under a new hash
    if (job.existing && (await fileHash(join(context.folder, job.existing.path))) !== job.existing.sha256)
      throw new InputError(
        'dataset file',
        job.existing.path,
        'is damaged: import its sources into a new folder',
      );
    const parts = await partsOf(job, reader, context);
    const settled: { info: InstrumentInfo; units: Units; queues: BlockQueue[]; maxPrice: number }[] = [];
    const tell: Tell = (block, row, reason, units) =>
      context.leftOut(block.source?.[row] ?? NO_SOURCE, block.record?.[row] ?? 0, reason, () =>
        rowText(job.kind, block, row, units),
      );
    const present = new Set<string>(['instrument', 'ts']);
    for (const part of parts) {
      for (const { infos } of part.queues)
        for (const info of infos) for (const name of info.present) present.add(name);
      settled.push({ info: part.info, ...(await settle(job.kind, part, tell)) });
    }
    const facts = settled.map(({ info, units }) => factsOf(info, units));
    const wideTicks = settled.some(({ maxPrice }) => maxPrice >= I32);
    const writer = await PartitionWriter.open(
      path,
      storedColumns(job.kind, present, wideTicks),
      facts.map(instrumentName),
      {
        'steelyard.kind': job.kind,
        'steelyard.day': dayText(job.day),
        'steelyard.instruments': JSON.stringify(facts),
      },
      parts.reduce((sum, { queues }) => sum + queues.reduce((n, { infos }) => n + rowsOf(infos), 0), 0),
    );
    try {
      for (const [code, { queues, units }] of settled.entries())
        for await (const block of mergeBlocks(job.kind, queues, (of, row, reason) =>
          tell(of, row, reason, units),
        ))
          writer.append(code, block);
    } catch (error) {
      writer.abort();
      throw error;
    }
    const sha256 = writer.finish();
    const day = dayText(job.day);
    const target = partitionPath(job.kind, job.group, day, sha256);
    return writer.rows === 0
      ? undefined
      : { kind: job.kind, group: job.group, day, path: target, sha256, rows: writer.rows };
  } finally {
    await reader?.close();
  }
}

/** Instruments of the partition in order of their names, with what the dataset and each run have of them. */
async function partsOf(
  job: PartitionJob,
  reader: PartitionReader | undefined,
  context: Context,
): Promise<Part[]> {
  const byKey = new Map<string, { info: InstrumentInfo; queues: Part['queues'][number][] }>();
  const scanned = await reader?.scan();
  const fresh = job.blocks();
  const incoming = new Map([...fresh.keys()].map((id) => [instrumentKey(context.instruments[id]!), id]));
  reader?.instruments.forEach((facts, code) => {
    const key = instrumentKey(facts);
    const { rows, maxPrice, maxSize } = scanned![code]!;
    const units = unitsOf(facts);
    const blocks = context.replace && incoming.has(key) ? [] : reader.blocks(code);
    const info: BlockInfo = {
      ...{ id: -1, day: job.day, rows, maxPrice, maxSize, present: reader.columns },
      ...{ priceScale: units.price.scale, sizeScale: units.size.scale },
    };
    byKey.set(key, {
      info: infoOf(facts),
      queues: blocks.length === 0 ? [] : [{ blocks, units: blocks.map(() => units), infos: [info] }],
    });
    checkUnits(job, facts, context.instruments[incoming.get(key) ?? -1], blocks.length > 0);
  });
  for (const [key, id] of incoming) {
    const info = mergedInfo(byKey.get(key)?.info, context.instruments[id]!);
    // what was declared after an instrument's first rows does not change how these were encoded
    const { tick, lot } = context.encodedIn[id]!;
    const queues = fresh.get(id)!.map(({ run, stored }) => ({
      blocks: stored.map((block) => () => context.runs.read(run, block)),
      units: stored.map((block) => ({
        price: tick ?? { coef: 1, scale: block.priceScale },
        size: lot ?? { coef: 1, scale: block.sizeScale },
      })),
      infos: stored,
    }));
    byKey.set(key, { info, queues: [...(byKey.get(key)?.queues ?? []), ...queues] });
  }
  return [...byKey]
    .filter(([, { queues }]) => queues.length > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, part]) => part);
}

/** A unit that changes inside a day cannot be told from a wrong one. */
function checkUnits(
  job: PartitionJob,
  facts: PartitionInstrument,
  now: InstrumentInfo | undefined,
  kept: boolean,
): void {
  if (now === undefined || !kept) return;
  const before = infoOf(facts);
  for (const key of ['tick', 'lot', 'multiplier'] as const)
    if (before[key] && now[key] && !sameUnit(before[key], now[key]))
      throw new InputError(
        `${key} of ${instrumentName(facts)} on`,
        dayText(job.day),
        `is ${facts[key]} in the dataset: pass the same, or --replace`,
      );
}

const rowsOf = (infos: readonly BlockInfo[]): number => infos.reduce((sum, { rows }) => sum + rows, 0);
