import type { Frame, Table } from '../../core/columns.js';
import { type ObservedBars, spread } from './observed.js';
import { INDICATORS, type Indicator, type Params } from './parameters.js';
import { unitsOf } from './units.js';

/** Columns of each indicator. */
export const COLUMNS: Readonly<Record<Indicator, readonly string[]>> = {
  ...{ obv: ['obv'], adl: ['adl'], cmf: ['cmf'], adosc: ['adosc'], mfi: ['mfi'], vwma: ['vwma'] },
  ...{ force: ['force2', 'force13'], pvo: ['pvo', 'pvo_signal'], kvo: ['kvo', 'kvo_signal'] },
  ...{ nvi: ['nvi'], pvi: ['pvi'], emv: ['emv', 'emv_sma'], pvt: ['pvt'], vroc: ['vroc'] },
};

/** Keys and availability of the panel's rows, and a column a name: those wanted are `column`'s, the others null. */
export function indicatorTable(
  frame: Frame,
  wanted: ReadonlySet<Indicator>,
  column: (name: string) => Float64Array,
): Table {
  const instrument = new Uint32Array(frame.rows);
  for (let s = 0; s + 1 < frame.offsets.length; s++)
    instrument.fill(s, frame.offsets[s]!, frame.offsets[s + 1]!);
  const { time, available_at } = frame.columns as Record<string, Float64Array>;
  const columns: Record<string, Float64Array | Uint32Array> = { instrument, time: time! };
  let nulls: Float64Array | undefined;
  for (const indicator of INDICATORS)
    for (const name of COLUMNS[indicator]) {
      if (wanted.has(indicator)) columns[name] = column(name);
      else columns[name] = nulls ??= new Float64Array(frame.rows).fill(Number.NaN);
    }
  return { rows: frame.rows, columns: { ...columns, available_at: available_at! } };
}

/**
 * Ends instrument s of a table whose values stand in ticks and lots at the start of its rows, one an observed bar:
 * decimals, in the rows of those bars.
 */
export function finishInstrument(
  { columns }: Table,
  frame: Frame,
  { offsets }: ObservedBars,
  s: number,
  wanted: ReadonlySet<Indicator>,
  params: Params,
): void {
  const units = unitsOf(frame.instruments[s]!, params);
  const volume = frame.columns.volume as Float64Array;
  const [from, to] = [frame.offsets[s]!, frame.offsets[s + 1]!];
  const observed = offsets[s + 1]! - offsets[s]!;
  for (const indicator of wanted)
    for (const name of COLUMNS[indicator]) {
      const values = columns[name] as Float64Array;
      const unit = units[name];
      if (unit !== undefined) for (let i = from; i < from + observed; i++) values[i] = values[i]! * unit;
      spread(values, volume, observed, from, to);
    }
}
