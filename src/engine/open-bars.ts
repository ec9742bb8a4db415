import { createHash } from 'node:crypto';
import type { Frame } from '../core/columns.js';
import type { Decimal } from '../core/decimal.js';
import { durationText } from '../core/duration.js';
import { InputError } from '../core/errors.js';
import { bigAt, type ExactColumn, exactColumn, setBig } from '../core/exact.js';
import type { Ledger } from '../core/raw.js';
import { partitionBatches } from '../dataset/runs.js';
import { type Selection, selectPartitions } from '../dataset/select.js';
import { type BarPart, type BarTally, barRows } from './bar-rows.js';
import { type Bars, panelOf } from './panel.js';
import { widenBars } from './widen-bars.js';

/** Bars as a panel ready to run, and what was not taken. */
export interface OpenedBars {
  readonly frame: Frame;
  readonly ledger: Ledger;
  readonly inputHash: string;
}

/**
 * Bars of a dataset as a panel of bars `every` µs wide. Those that are narrower are added up where all of them are there;
 * a bar that is not there was not observed. Rows that contradict themselves are counted in the ledger, see `barRows`, and
 * as `incomplete` those of a wider bar of which a part is missing.
 * Errors: InputError as `selectPartitions`, for an instrument that has no bars, and if none remain.
 */
export async function openBars(
  folder: string,
  every: number,
  selection: Omit<Selection, 'kind'> & { readonly barLot?: Decimal; readonly signal?: AbortSignal },
): Promise<OpenedBars> {
  const { barLot, signal, fromTime = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = selection;
  const { partitions, unread } = await selectPartitions(folder, { ...selection, kind: 'bars' });
  const found = new Map<string, BarPart[]>();
  const tally: BarTally = { filtered: unread, counts: {} };
  let rowsRead = unread;
  for (const partition of partitions) {
    signal?.throwIfAborted();
    for await (const { block, runs } of partitionBatches(partition))
      for (const { code, from, to } of runs) {
        rowsRead += to - from;
        const wanted = partition.wanted[code]!;
        let first = wanted ? from : to;
        let last = to;
        while (first < last && block.ts[first]! < fromTime) first++;
        while (first < last && block.ts[last - 1]! >= until) last--;
        tally.filtered += to - from - (last - first);
        if (first === last) continue;
        const name = partition.names[code]!;
        const parts = found.get(name) ?? [];
        found.set(name, parts);
        const facts = partition.instruments[code]!;
        parts.push({ facts, ts: block.ts, columns: block.columns, from: first, to: last });
      }
  }
  const names = [...found.keys()].sort();
  const missing = selection.instruments?.find((name) => !found.has(name));
  if (missing !== undefined) {
    const some = names.slice(0, 20).join(', ') || 'none';
    throw new InputError('instrument', missing, `has no bars; found: ${some}`);
  }
  const each = names.map((name) => barRows(name, found.get(name)!, every, tally));
  const wide = each.map((bars) => (bars.every === every ? bars : widenBars(bars, every)));
  const parts = each.reduce((sum, { time }) => sum + time.length, 0);
  const rowsKept = wide.reduce((sum, { time }, s) => sum + time.length * (every / each[s]!.every), 0);
  if (parts > rowsKept) tally.counts.incomplete = parts - rowsKept;
  const bars = joined(wide.filter(({ time }) => time.length > 0));
  if (bars === undefined)
    throw new InputError('input', folder, `holds no bars of ${durationText(every)}, or that add up to them`);
  const hashes = partitions.map(({ entry }) => entry.sha256);
  const hash = createHash('sha256').update(
    JSON.stringify(['bars', every, fromTime, until, barLot, names, hashes]),
  );
  return {
    frame: panelOf(bars, barLot),
    ledger: {
      ...{ rowsRead, rowsKept, filtered: tally.filtered, counts: tally.counts },
      ...{ outOfOrder: 0, clockSkew: 0, rows: [] },
    },
    inputHash: hash.digest('hex'),
  };
}

/** Bars of several instruments as one; undefined for none. */
function joined(each: readonly Bars[]): Bars | undefined {
  const [first] = each;
  if (first === undefined) return undefined;
  const offsets = new Uint32Array(each.length + 1);
  each.forEach(({ time }, s) => {
    offsets[s + 1] = offsets[s]! + time.length;
  });
  const rows = offsets[each.length]!;
  const of = (pick: (bars: Bars) => Float64Array): Float64Array => {
    const out = new Float64Array(rows);
    each.forEach((bars, s) => {
      out.set(pick(bars), offsets[s]!);
    });
    return out;
  };
  const exact = (which: 0 | 1 | 2): ExactColumn => {
    const out = exactColumn(rows);
    each.forEach(({ volumes }, s) => {
      const column = volumes[which];
      out.values.set(column.values, offsets[s]!);
      for (const row of column.wide?.keys() ?? [])
        if (row < column.values.length) setBig(out, offsets[s]! + row, bigAt(column, row));
    });
    return out;
  };
  return {
    instruments: each.flatMap(({ instruments }) => instruments),
    ...{ offsets, every: first.every, absent: first.absent },
    ...{ time: of(({ time }) => time), available: of(({ available }) => available) },
    prices: {
      open: of(({ prices }) => prices.open),
      high: of(({ prices }) => prices.high),
      low: of(({ prices }) => prices.low),
      close: of(({ prices }) => prices.close),
    },
    volumes: [exact(0), exact(1), exact(2)],
    ...{ trades: of(({ trades }) => trades), notional: of(({ notional }) => notional) },
  };
}
