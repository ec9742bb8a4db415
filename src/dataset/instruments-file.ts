import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../core/errors.js';
import { writeArrow } from '../table/arrow-write.js';
import { int64Words, type PresentedColumn, type PresentedTable } from '../table/presented.js';
import { instrumentKey, type PartitionInstrument } from './instrument-facts.js';
import type { PartitionEntry } from './manifest.js';
import { PartitionReader } from './partition-read.js';

/** An instrument over a stretch of days with the same declared units. */
export interface InstrumentSpan extends PartitionInstrument {
  /** µs: first day, and the first day of the next span; null where this is the last. */
  readonly validFrom: number;
  readonly validTo: number | null;
}

/** What splits an instrument's history: a change of any of these. */
const UNIT = ['tick', 'lot', 'multiplier', 'contract'] as const;

/**
 * Instruments with their histories: a change of declared tick, lot, multiplier or contract type starts a new span.
 * `before` holds the spans of all earlier days. Storage units are the finest of the span; each file's own metadata
 * names those of its integers.
 */
export async function instrumentSpans(
  folder: string,
  partitions: readonly PartitionEntry[],
  before: readonly InstrumentSpan[],
): Promise<InstrumentSpan[]> {
  const spans = new Map<string, InstrumentSpan[]>();
  for (const span of before) {
    const key = instrumentKey(span);
    spans.set(key, [...(spans.get(key) ?? []), span]);
  }
  const byDay = [...partitions].sort((a, b) =>
    a.day === b.day ? (a.path < b.path ? -1 : 1) : a.day < b.day ? -1 : 1,
  );
  for (const partition of byDay) {
    const reader = await PartitionReader.open(join(folder, partition.path), partition.path);
    await reader.close();
    const day = Date.parse(partition.day) * 1000;
    for (const facts of reader.instruments) {
      const key = instrumentKey(facts);
      const own = spans.get(key) ?? [];
      spans.set(key, own);
      addDay(own, facts, day);
    }
  }
  return [...spans.keys()].sort().flatMap((key) => spans.get(key)!);
}

/** An instrument's facts of one more day: a longer last span, or a new one. */
function addDay(own: InstrumentSpan[], facts: PartitionInstrument, day: number): void {
  const last = own.at(-1);
  // a day of one kind may declare what another kind's does not
  const changed =
    last !== undefined &&
    UNIT.some((key) => last[key] !== undefined && facts[key] !== undefined && last[key] !== facts[key]);
  if (last === undefined || changed) {
    if (last) own[own.length - 1] = { ...last, validTo: day };
    own.push({ ...facts, validFrom: day, validTo: null });
    return;
  }
  own[own.length - 1] = {
    ...last,
    ...facts,
    price_unit: finer(last.price_unit, facts.price_unit),
    size_unit: finer(last.size_unit, facts.size_unit),
  };
}

const finer = (a: string, b: string): string => (Number(a) <= Number(b) ? a : b);

/** instruments.arrow as a table. */
export function instrumentsTable(spans: readonly InstrumentSpan[]): PresentedTable {
  const rows = spans.length;
  const texts = (
    name: string,
    doc: string,
    of: (span: InstrumentSpan) => string | undefined,
  ): PresentedColumn => {
    const values = [...new Set(spans.map((span) => of(span) ?? ''))];
    const index = new Map(values.map((value, i) => [value, i]));
    const codes = Uint32Array.from(spans, (span) => index.get(of(span) ?? '')!);
    return column(
      name,
      { type: 'symbol', codes, values },
      doc,
      spans.map((span) => of(span) !== undefined),
    );
  };
  const times = (
    name: string,
    doc: string,
    of: (span: InstrumentSpan) => number | null | undefined,
  ): PresentedColumn => {
    const micros = Float64Array.from(spans, (span) => of(span) ?? 0);
    const known = spans.map((span) => typeof of(span) === 'number');
    return column(name, { type: 'timestamp', words: int64Words(micros) }, doc, known);
  };
  const strike = Float64Array.from(spans, (span) => span.strike ?? Number.NaN);
  return {
    rows,
    metadata: { 'steelyard.kind': 'instruments' },
    columns: [
      texts('symbol', 'as the venue writes it', (span) => span.symbol),
      texts('venue', 'venue, empty if unknown', (span) => span.venue),
      texts('tick', 'declared price tick, decimal; null if none was', (span) => span.tick),
      texts('lot', 'declared size step, decimal; null if none was', (span) => span.lot),
      texts('price_unit', 'finest unit of stored prices, decimal', (span) => span.price_unit),
      texts('size_unit', 'finest unit of stored sizes, decimal', (span) => span.size_unit),
      texts('multiplier', 'contract multiplier, face value if inverse', (span) => span.multiplier),
      texts('contract', 'linear, inverse or option; null if unknown', (span) => span.contract),
      times('expiry', 'expiry', (span) => span.expiry),
      column(
        'strike',
        { type: 'f64', values: strike },
        'strike of an option',
        spans.map((span) => span.strike !== undefined),
      ),
      texts('cp', 'C or P', (span) => span.cp),
      times('listed', 'listing', (span) => span.listed),
      times('delisted', 'delisting', (span) => span.delisted),
      times('valid_from', 'first day of these facts', (span) => span.validFrom),
      times('valid_to', 'first day of other facts; null while they hold', (span) => span.validTo),
    ],
  };
}

function column(
  name: string,
  data: PresentedColumn['data'],
  doc: string,
  known: readonly boolean[],
): PresentedColumn {
  const nulls = known.filter((is) => !is).length;
  if (nulls === 0) return { name, data, nulls, metadata: { doc } };
  const valid = new Uint8Array(Math.ceil(known.length / 64) * 8);
  known.forEach((is, i) => {
    if (is) valid[i >> 3]! |= 1 << (i & 7);
  });
  return { name, data, valid, nulls, metadata: { doc } };
}

export const writeInstruments = (path: string, spans: readonly InstrumentSpan[]): Promise<void> =>
  writeArrow(instrumentsTable(spans), path);

/** The spans in an instruments.arrow. */
export async function readInstruments(path: string): Promise<InstrumentSpan[]> {
  const { tableFromIPC } = await import('apache-arrow');
  try {
    const table = tableFromIPC(await readFile(path));
    const cells = (name: string): unknown[] => [...table.getChild(name)!];
    const columns = Object.fromEntries(table.schema.fields.map(({ name }) => [name, cells(name)]));
    return Array.from({ length: table.numRows }, (_, i) => {
      // apache-arrow gives timestamps in ms
      const micros = (name: string): number | null => {
        const value = columns[name]![i];
        return value === null ? null : Number(value) * 1000;
      };
      const span: Record<string, unknown> = { validFrom: micros('valid_from'), validTo: micros('valid_to') };
      for (const name of ['expiry', 'listed', 'delisted'])
        if (micros(name) !== null) span[name] = micros(name);
      for (const name of TEXTS) if (columns[name]![i] !== null) span[name] = String(columns[name]![i]);
      if (columns.strike![i] !== null) span.strike = Number(columns.strike![i]);
      return span as unknown as InstrumentSpan;
    });
  } catch {
    throw new InputError('dataset file', path, 'is missing or damaged: import the sources again');
  }
}

const TEXTS = ['symbol', 'venue', 'tick', 'lot', 'price_unit', 'size_unit', 'multiplier', 'contract', 'cp'];
