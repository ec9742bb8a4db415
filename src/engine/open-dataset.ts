import { basename, resolve } from 'node:path';
import type { Decimal } from '../core/decimal.js';
import { InputError } from '../core/errors.js';
import { storedName } from '../core/kind-cells.js';
import type { InstrumentDeclaration, RawNumbers, RawSource, UnitNumbers } from '../core/raw.js';
import type { BlockColumn } from '../dataset/block.js';
import { infoOf, unitsOf } from '../dataset/instrument-facts.js';
import { partitionBatches } from '../dataset/runs.js';
import { type SelectedPartition, type Selection, selectPartitions } from '../dataset/select.js';
import type { KeyedTrades } from '../table/canonical.js';
import { idsOf } from '../table/canonical-ids.js';

/** Raw columns behind what a run reads, as a frame's reader calls it. */
const ROLES = { received: 'recv_ts', price: 'price', size: 'size', side: 'side', id: 'seq' } as const;

/**
 * Trades of a dataset, a source for each partition: instruments by name (`venue:symbol`), the declared facts, exact
 * integers in the partition's units. Rows of partitions that hold nothing asked for count as filtered, unread. Throws
 * an InputError as `selectPartitions` does.
 */
export async function datasetTrades(
  folder: string,
  filter: Omit<Selection, 'kind'>,
): Promise<readonly RawSource[]> {
  const { partitions, unread, names } = await selectPartitions(folder, { ...filter, kind: 'trades' });
  const input = basename(resolve(folder));
  const present = new Set(partitions.flatMap(({ columns }) => columns));
  const taken = Object.entries(ROLES).filter(([, column]) => present.has(column));
  const mapping = {
    time: 'ts',
    ...Object.fromEntries(taken.map(([role, column]) => [role, storedName('trades', column)])),
  };
  // names the instruments that may be asked for, read or not
  const rest: RawSource = {
    ...{ input, instruments: names, declarations: new Map(), mapping },
    batches: async function* () {
      yield { ...batchOf(0), unread };
    },
  };
  return [
    rest,
    ...partitions.map((partition) => ({
      ...{ input: `${input}/${partition.entry.path}`, mapping, instruments: partition.names },
      declarations: declarationsOf(partition),
      batches: () => tradeBatches(partition),
    })),
  ];
}

function declarationsOf(partition: SelectedPartition): Map<string, InstrumentDeclaration> {
  const declarations = new Map<string, InstrumentDeclaration>();
  partition.instruments.forEach((facts, code) => {
    const { tick, lot, contract, multiplier } = infoOf(facts);
    const given = Object.entries({ tick, lot, contract, multiplier }).filter(
      ([, value]) => value !== undefined,
    );
    declarations.set(partition.names[code]!, Object.fromEntries(given));
  });
  return declarations;
}

async function* tradeBatches(partition: SelectedPartition): AsyncGenerator<KeyedTrades> {
  const units = partition.instruments.map(unitsOf);
  let instrument = new Uint32Array(0);
  let unread = 0;
  for await (const { block, runs, firstRow } of partitionBatches(partition)) {
    const [price, size, sides] = ['price', 'size', 'side'].map((name) => block.columns.get(name));
    const received = block.columns.get('recv_ts') as Float64Array | undefined;
    const ids = block.columns.get('trade_id') as (string | null)[] | undefined;
    if (instrument.length < block.rows) instrument = new Uint32Array(block.rows);
    for (const { code, from, to } of runs) {
      if (!partition.wanted[code]) {
        unread += to - from;
        continue;
      }
      const side = new Uint8Array(to - from);
      if (sides) side.set((sides as Uint16Array).subarray(from, to));
      yield {
        rows: to - from,
        firstRow: firstRow + from,
        instrument: instrument.fill(code, 0, to - from),
        time: block.ts.subarray(from, to),
        price: numbers(partition, price, units[code]!.price, from, to),
        size: numbers(partition, size, units[code]!.size, from, to),
        side,
        unread,
        ...(received ? { received: received.subarray(from, to) } : {}),
        ...(block.seq ? { seq: block.seq.subarray(from, to) } : {}),
        ...(ids ? textKeys(ids.slice(from, to)) : {}),
      };
      unread = 0;
    }
  }
  if (unread > 0) yield { ...batchOf(0), unread };
}

const batchOf = (rows: number): KeyedTrades => ({
  ...{ rows, firstRow: 0, instrument: new Uint32Array(rows), time: new Float64Array(rows) },
  price: { kind: 'f64', values: new Float64Array(rows) },
  size: { kind: 'f64', values: new Float64Array(rows) },
  side: new Uint8Array(rows),
});

/** Stored integers; as BigInt only where one passes 2^53. */
function numbers(
  { entry }: SelectedPartition,
  column: BlockColumn | undefined,
  unit: Decimal,
  from: number,
  to: number,
): RawNumbers | UnitNumbers {
  if (column instanceof Float64Array) return { kind: 'units', values: column.subarray(from, to), unit };
  if (!Array.isArray(column))
    throw new InputError('dataset file', entry.path, 'is damaged: trades must have a price and a size');
  const coef = BigInt(unit.coef);
  // a null, which no trade has, becomes 0: no price and no size
  const unscaled = column.slice(from, to).map((value) => BigInt(value ?? 0) * coef);
  return { kind: 'decimal', unscaled, scale: unit.scale };
}

/** Text ids find repeated trades of overlapping inputs; they do not order rows, as `seq` does. */
function textKeys(texts: (string | null)[]): { idKey?: Float64Array } {
  const column = { kind: 'texts', type: 'utf8', texts } as const;
  const { idKey } = idsOf(
    column,
    texts.length,
    (must) => new InputError('trade id', undefined, `must be ${must}`),
  );
  return idKey ? { idKey } : {};
}
