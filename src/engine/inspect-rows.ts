import { type Decimal, decimalText } from '../core/decimal.js';
import type { ImportContext, InstrumentInfo } from '../core/importer.js';
import type { KindName } from '../core/kinds.js';
import { RowEncoder } from '../dataset/encode-rows.js';
import { mergedInfo } from '../dataset/instrument-facts.js';
import type { ImportFormat } from '../dataset/read-phase.js';
import { type HeldColumn, RunBuffer } from '../dataset/run-buffer.js';
import type { ImportSource } from '../dataset/source-files.js';
import { REASONS } from '../table/ledger-book.js';
import { KindSurvey, type SurveyColumn } from './inspect-kind.js';
import type { KindInspection, LedgerInspection, ScaleReport } from './inspect-types.js';
import type { Progress } from './run-options.js';

/** Rows shown of each reason. */
const EXAMPLES = 3;
const TEXT_CHARACTERS = 200;
/** Rows between two turns of the event loop, so that an abort is seen. */
const YIELD_ROWS = 500_000;

export interface ReadOptions {
  readonly progress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Reads sources as an import would, encodes their rows to see which would go to the ledger, and keeps counts only.
 * Duplicates and conflicts need rows beside each other and are found by an import.
 */
export async function inspectRows(
  sources: readonly ImportSource[],
  format: ImportFormat,
  options: ReadOptions,
): Promise<{ kinds: KindInspection[]; ledger: LedgerInspection }> {
  const encoder = new RowEncoder();
  const instruments: InstrumentInfo[] = [];
  const index = new Map<string, number>();
  const counts: Record<string, number> = {};
  const examples: { source: string; row: number; reason: string; text: string }[] = [];
  let [rowsRead, rowsKept, skipped, yielded] = [0, 0, 0, 0];
  const context: ImportContext = {
    params: format.values,
    instrument: (info) => {
      const key = `${info.venue}\0${info.symbol}`;
      let id = index.get(key);
      if (id === undefined) {
        id = instruments.push(info) - 1;
        index.set(key, id);
        encoder.price.add(id, info.tick);
        encoder.size.add(id, info.lot);
      } else instruments[id] = mergedInfo(instruments[id], info);
      return id;
    },
    skip: (records) => {
      skipped += records;
    },
  };
  const kinds = new Map<KindName, Reading>();
  const every: number[] = [];
  for (const source of sources) {
    for await (const raw of format.read(source, context)) {
      let reading = kinds.get(raw.kind);
      if (reading === undefined) {
        reading = { buffer: new RunBuffer(raw.kind), survey: new KindSurvey(raw.kind), ids: [] };
        kinds.set(raw.kind, reading);
      }
      // instruments are numbered by the context already
      while (every.length < instruments.length) every.push(every.length);
      const first = raw.firstRecord;
      rowsKept += encoder.append(reading.buffer, raw, every, 0, (row, code) => {
        const reason = REASONS[code - 1]!;
        counts[reason] = (counts[reason] ?? 0) + 1;
        if (counts[reason]! > EXAMPLES) return;
        const text = (raw.text?.(row) ?? '').slice(0, TEXT_CHARACTERS);
        examples.push({ source: source.label, row: raw.record?.[row] ?? first + row, reason, text });
      });
      rowsRead += raw.rows;
      take(reading, instruments);
      options.progress?.({ stage: 'read', rows: rowsRead });
      if (rowsRead - yielded >= YIELD_ROWS) {
        yielded = rowsRead;
        await new Promise(setImmediate);
      }
      options.signal?.throwIfAborted();
    }
  }
  for (const { survey, ids } of kinds.values())
    ids.forEach((of, id) => {
      survey.instruments[of]!.units(scaleOf(instruments[id]!, id, survey, encoder));
    });
  return {
    kinds: [...kinds.values()].flatMap(({ survey }) => survey.report() ?? []),
    ledger: {
      ...{ rowsRead, rowsKept, duplicates: null, skipped, examples },
      counts: Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

interface Reading {
  readonly buffer: RunBuffer;
  readonly survey: KindSurvey;
  /** Number in the survey of each instrument of the reading. */
  readonly ids: number[];
}

/** Hands the rows of the buffer to the survey and forgets them. */
function take({ buffer, survey, ids }: Reading, instruments: readonly InstrumentInfo[]): void {
  const { rows } = buffer;
  const numbers = new Uint32Array(rows);
  for (let i = 0; i < rows; i++) {
    const id = buffer.id[i]!;
    ids[id] ??= survey.instrument(instruments[id]!.venue, instruments[id]!.symbol);
    numbers[i] = ids[id]!;
  }
  const columns = new Map<string, SurveyColumn>();
  for (const [name, column] of buffer.columns) columns.set(name, valuesOf(column, rows));
  survey.add({ rows, ids: numbers, ts: buffer.ts, columns });
  buffer.clear();
}

const valuesOf = ({ held, values, codes, texts }: HeldColumn, rows: number): SurveyColumn =>
  held === 'codes' ? codes.subarray(0, rows) : held === 'text' ? texts : values.subarray(0, rows);

/** Units in which an import would store the instrument's numbers, and what is declared of it. */
function scaleOf(info: InstrumentInfo, id: number, survey: KindSurvey, encoder: RowEncoder): ScaleReport {
  const text = (value: Decimal | undefined): string | undefined => value && decimalText(value);
  const unit = (declared: Decimal | undefined, scale: number): string =>
    decimalText(declared ?? { coef: 1, scale });
  const all = {
    price_unit: survey.has('price') ? unit(info.tick, encoder.price.scale[id]!) : undefined,
    size_unit: survey.has('size') ? unit(info.lot, encoder.size.scale[id]!) : undefined,
    tick: text(info.tick),
    lot: text(info.lot),
    contract: info.option ? 'option' : info.contract,
    multiplier: text(info.multiplier),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
