import { InputError } from '../core/errors.js';
import type { KindName } from '../core/kinds.js';
import type { Block } from '../dataset/block.js';
import { unitsOf } from '../dataset/instrument-facts.js';
import { pick } from '../dataset/merge-blocks.js';
import { type InstrumentRun, partitionBatches } from '../dataset/runs.js';
import { type Selected, type SelectedPartition, selectPartitions } from '../dataset/select.js';
import type { PresentedTable } from '../table/presented.js';
import { unitOf } from '../table/scaled-f64.js';
import type { TableStream } from '../table/write-streams.js';
import type { ExportRows } from './export-cells.js';
import { type ExportColumn, exportColumns } from './export-columns.js';
import { commonUnit, type ScaledUnits } from './export-units.js';

/** What of a dataset is exported. */
export interface ExportOptions {
  readonly kinds: readonly KindName[];
  /** Names such as `binance-usdm:ETHUSDT`; all by default. */
  readonly instruments?: readonly string[];
  /** µs, half-open: fromTime ≤ ts < until. */
  readonly fromTime?: number;
  readonly until?: number;
  /** The exact integers beside prices and sizes. */
  readonly exact?: boolean;
  readonly progress?: (progress: { stage: string; rows: number; total?: number }) => void;
  readonly signal?: AbortSignal;
}

/** A kind ready to be written; `rows` counts as it is. */
export interface ExportedKind extends TableStream {
  rows: number;
}

/**
 * Tables of a dataset by kind, in a reader's units: see `exportColumns`. Rows come partition by partition, by day and
 * group, and inside one by instrument, ts, seq. A record batch (65,536 rows) is in memory at a time. Throws an
 * InputError for a kind the dataset lacks, an instrument none of the kinds has, and damaged files.
 */
export async function exportDataset(
  folder: string,
  options: ExportOptions,
): Promise<Readonly<Record<string, ExportedKind>>> {
  const { kinds, exact = false, progress, signal, ...filter } = options;
  const selected: [KindName, Selected][] = [];
  for (const kind of kinds) selected.push([kind, await selectPartitions(folder, { ...filter, kind })]);
  const names = new Set(selected.flatMap(([, { names }]) => names));
  for (const name of options.instruments ?? [])
    if (!names.has(name))
      throw new InputError(
        'instrument',
        name,
        `is not in the dataset; found: ${[...names].slice(0, 20).join(', ') || 'none'}`,
      );
  return Object.fromEntries(
    selected.map(([kind, { partitions }]) => [kind, exportedKind(kind, partitions, exact, options)]),
  );
}

function exportedKind(
  kind: KindName,
  partitions: readonly SelectedPartition[],
  exact: boolean,
  options: ExportOptions,
): ExportedKind {
  const units = new Map<string, ScaledUnits>();
  for (const partition of partitions)
    partition.instruments.forEach((facts, code) => {
      if (!partition.wanted[code]) return;
      const name = partition.names[code]!;
      const [now, before] = [scaledUnits(facts), units.get(name)];
      units.set(name, {
        price: before ? commonUnit(before.price, now.price) : now.price,
        size: before ? commonUnit(before.size, now.size) : now.size,
      });
    });
  const names = [...units.keys()].sort();
  const columns = exportColumns({
    ...{ kind, names, present: new Set(partitions.flatMap((partition) => partition.columns)) },
    ...(exact ? { exact: names.map((name) => units.get(name)!) } : {}),
  });
  const empty: Block = {
    ...{ rows: 0, ts: new Float64Array(0), seq: undefined, source: undefined, record: undefined },
    columns: new Map(),
  };
  const table = (rows: ExportRows): PresentedTable => presented(kind, columns, rows);
  const total = partitions.reduce((sum, { entry }) => sum + entry.rows, 0);
  const out: ExportedKind = {
    rows: 0,
    template: table({ block: empty, runs: [], names: [], units: [] }),
    parts: async function* () {
      out.rows = 0;
      for (const partition of partitions)
        for await (const rows of exportRows(partition, names, options)) {
          options.signal?.throwIfAborted();
          yield table(rows);
          out.rows += rows.block.rows;
          options.progress?.({ stage: `export ${kind}`, rows: out.rows, total });
        }
    },
  };
  return out;
}

const scaledUnits = (facts: SelectedPartition['instruments'][number]): ScaledUnits => {
  const { price, size } = unitsOf(facts);
  return { price: unitOf(price), size: unitOf(size) };
};

function presented(kind: KindName, columns: readonly ExportColumn[], rows: ExportRows): PresentedTable {
  return {
    rows: rows.block.rows,
    columns: columns.map(({ name, doc, nullable, cells }) => ({
      ...{ name, nullable, metadata: { doc } },
      ...cells(rows),
    })),
    metadata: { 'steelyard.kind': kind },
  };
}

/** The rows of a partition that are asked for, a record batch at a time. */
async function* exportRows(
  partition: SelectedPartition,
  names: readonly string[],
  { fromTime = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY }: ExportOptions,
): AsyncGenerator<ExportRows> {
  const place = new Map(names.map((name, i) => [name, i]));
  const codes = partition.names.map((name) => place.get(name) ?? -1);
  const units = partition.instruments.map(scaledUnits);
  for await (const { block, runs } of partitionBatches(partition)) {
    const kept: InstrumentRun[] = [];
    let rows = 0;
    for (const { code, from, to } of runs) {
      if (codes[code]! < 0) continue;
      // rows of a run are in time order
      const start = firstFrom(block.ts, fromTime, from, to);
      const end = firstFrom(block.ts, until, start, to);
      if (end > start) kept.push({ code, from: start, to: end });
      rows += end - start;
    }
    if (rows === block.rows) yield { block, runs, names: codes, units };
    else if (rows > 0) yield { ...picked(block, kept, rows), names: codes, units };
  }
}

/** First row of `[from, to)` whose time is not before `time`. */
function firstFrom(ts: Float64Array, time: number, from: number, to: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ts[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Some runs of a block as a block of their own. */
function picked(
  block: Block,
  runs: readonly InstrumentRun[],
  rows: number,
): { block: Block; runs: InstrumentRun[] } {
  const from = new Uint32Array(rows);
  const out: InstrumentRun[] = [];
  let at = 0;
  for (const run of runs) {
    out.push({ code: run.code, from: at, to: at + run.to - run.from });
    for (let row = run.from; row < run.to; row++) from[at++] = row;
  }
  return { block: pick(block, from), runs: out };
}
