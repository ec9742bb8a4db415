import { InputError, SteelyardError } from '../core/errors.js';
import { cellOf, storedName } from '../core/kind-cells.js';
import { KINDS } from '../core/kinds.js';
import type { PartitionInstrument } from '../dataset/instrument-facts.js';
import { PartitionReader } from '../dataset/partition-read.js';
import { DAY_MICROS } from './inspect-days.js';
import type { KindSurvey, SurveyColumn } from './inspect-kind.js';
import type { ScaleReport } from './inspect-types.js';

/**
 * Surveys a partition file of a dataset; returns its rows. What is damaged is an InputError, after the rows before it
 * were taken.
 */
export async function surveyPartition(
  path: string,
  label: string,
  surveyOf: (kind: KindSurvey['kind']) => KindSurvey,
): Promise<number> {
  const reader = await PartitionReader.open(path, label);
  const damaged = (): InputError =>
    new InputError('dataset file', label, 'is damaged: import its sources again');
  try {
    const { kind, instruments } = reader;
    const day = reader.reader.schema.metadata.get('steelyard.day') ?? '';
    const from = Date.parse(day) * 1000;
    if (!Object.hasOwn(KINDS, String(kind)) || !Array.isArray(instruments) || !(from >= 0)) throw damaged();
    const survey = surveyOf(kind);
    survey.wideTicks ||= wideTicks(reader);
    const ids = instruments.map((facts) => {
      if (typeof facts?.symbol !== 'string' || typeof facts.venue !== 'string') throw damaged();
      return survey.instrument(facts.venue, facts.symbol);
    });
    const met = new Uint8Array(ids.length);
    let rows = 0;
    for (let index = 0; index < reader.batches; index++) {
      const { codes, block } = await reader.batch(index);
      const numbers = new Uint32Array(block.rows);
      for (let i = 0; i < block.rows; i++) {
        const code = codes[i]!;
        const inDay = block.ts[i]! >= from && block.ts[i]! < from + DAY_MICROS;
        if (!(code >= 0 && code < ids.length && inDay)) throw damaged();
        numbers[i] = ids[code]!;
        met[code] = 1;
      }
      const columns = new Map<string, SurveyColumn>(block.columns);
      if (block.seq) columns.set('seq', block.seq);
      survey.add({ rows: block.rows, ids: numbers, ts: block.ts, columns });
      rows += block.rows;
    }
    ids.forEach((id, code) => {
      if (met[code]) survey.instruments[id]!.units(scaleOf(survey, instruments[code]!, day));
    });
    return rows;
  } catch (error) {
    if (error instanceof SteelyardError) throw error;
    throw damaged();
  } finally {
    await reader.close();
  }
}

function scaleOf(survey: KindSurvey, facts: PartitionInstrument, day: string): ScaleReport {
  const all = {
    from: day,
    price_unit: survey.has('price') ? facts.price_unit : undefined,
    size_unit: survey.has('size') ? facts.size_unit : undefined,
    tick: facts.tick,
    lot: facts.lot,
    contract: facts.contract,
    multiplier: facts.multiplier,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

const wideTicks = ({ reader, kind, columns }: PartitionReader): boolean =>
  columns.some((name) => {
    if (cellOf(kind, name)?.type !== 'price') return false;
    const stored = reader.schema.fields.find((field) => field.name === storedName(kind, name));
    return (stored?.type as { bitWidth?: number } | undefined)?.bitWidth === 64;
  });
