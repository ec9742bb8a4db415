import { createHash } from 'node:crypto';
import type { Frame, Instrument } from '../core/columns.js';
import { InputError } from '../core/errors.js';
import type { BlockColumn } from '../dataset/block.js';
import { partitionBatches } from '../dataset/runs.js';
import { type Selection, selectPartitions } from '../dataset/select.js';
import { noStats } from './panel.js';

export interface OpenedOi {
  readonly frame: Frame;
  readonly inputHash: string;
}

/** Observations of one instrument, in time order. */
interface Observations {
  readonly time: number[];
  readonly available: number[];
  readonly contracts: number[];
  readonly usd: number[];
}

/**
 * Open interest of a dataset as a frame. An observation over an interval is of its end; one is available at the latest of
 * its time, its end and its receipt. A row of other columns alone is left out; an empty one is an observation that is
 * null, and so is a negative one. Errors: InputError as `selectPartitions`, and if no observation remains.
 */
export async function openOi(
  folder: string,
  selection: Omit<Selection, 'kind'> & { readonly signal?: AbortSignal } = {},
): Promise<OpenedOi> {
  const { signal, fromTime = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = selection;
  const { partitions } = await selectPartitions(folder, { ...selection, kind: 'oi' });
  const found = new Map<string, Observations>();
  for (const partition of partitions) {
    signal?.throwIfAborted();
    for await (const { block, runs } of partitionBatches(partition))
      for (const { code, from, to } of runs) {
        if (!partition.wanted[code]) continue;
        const name = partition.names[code]!;
        const into = found.get(name) ?? { time: [], available: [], contracts: [], usd: [] };
        found.set(name, into);
        const cell = cells(block.columns);
        for (let i = from; i < to; i++) {
          const contracts = positive(cell('oi_contracts', i));
          const usd = positive(cell('oi_usd', i));
          const interval = cell('interval', i) || 0;
          const time = block.ts[i]! + interval;
          const nothing = Number.isNaN(contracts) && Number.isNaN(usd);
          // a row of other things says nothing of open interest; an empty one says that it is not known
          if (nothing && OTHERS.some((name) => !Number.isNaN(cell(name, i)))) continue;
          if (time < fromTime || time >= until) continue;
          into.time.push(time);
          // a missing stamp is none, one before the observation is not believed
          into.available.push(Math.max(time, cell('available_at', i) || 0, cell('recv_ts', i) || 0));
          into.contracts.push(contracts);
          into.usd.push(usd);
        }
      }
  }
  const names = [...found.keys()].filter((name) => found.get(name)!.time.length > 0).sort();
  if (names.length === 0)
    throw new InputError('input', folder, 'holds no open interest of these instruments and times');
  const offsets = new Uint32Array(names.length + 1);
  names.forEach((name, s) => {
    offsets[s + 1] = offsets[s]! + found.get(name)!.time.length;
  });
  const of = (what: keyof Observations): Float64Array =>
    Float64Array.from(names.flatMap((name) => found.get(name)![what]));
  const hashes = partitions.map(({ entry }) => entry.sha256);
  const hash = createHash('sha256').update(JSON.stringify(['oi', fromTime, until, names, hashes]));
  return {
    frame: {
      ...{ kind: 'oi', instruments: names.map(instrumentOf), offsets, rows: offsets[names.length]! },
      time: { base: 0, unit: 1 },
      columns: { time: of('time'), available: of('available'), oi: of('contracts'), oi_usd: of('usd') },
      stats: noStats(names.length),
    },
    inputHash: hash.digest('hex'),
  };
}

const cells =
  (columns: ReadonlyMap<string, BlockColumn>) =>
  (what: string, i: number): number => {
    const value = columns.get(what)?.[i];
    return value === null || value === undefined ? Number.NaN : Number(value);
  };

/** What rows of the kind may hold beside open interest. */
const OTHERS = [
  ...['funding', 'mark', 'index', 'last', 'taker_ratio'],
  ...['top_account_ratio', 'top_position_ratio', 'account_ratio'],
];

const positive = (value: number): number => (value >= 0 ? value : Number.NaN);

const one = { coef: 1, scale: 0 };

const instrumentOf = (symbol: string): Instrument => ({
  ...{ symbol, tick: one, lot: one, tickDeclared: false, contract: 'linear', multiplier: one, base: 0 },
});
