import type { InstrumentInspection, KindInspection } from '../engine/inspect-types.js';
import { exactCount } from './progress.js';
import { aligned, instant, spansText } from './text-table.js';

/** Instruments of a kind with range, days and units, `most` of them. */
export function instrumentLines({ instruments }: KindInspection, most: number): string[] {
  const listed = instruments.slice(0, most);
  const cells = listed.map((instrument) => [
    instrument.name,
    `${exactCount(instrument.rows)} rows`,
    `${instant(instrument.first)} to ${instant(instrument.last)}`,
    `${exactCount(instrument.days.withRows)} of ${exactCount(instrument.days.inRange)} days`,
    unitsText(instrument),
    instrument.days.missing.length === 0 ? '' : `no rows ${spansText(instrument.days.missing)}`,
  ]);
  const more = instruments.length - listed.length;
  return [
    '  instruments',
    ...aligned(cells, '    '),
    ...(more > 0 ? [`    … and ${exactCount(more)} more: --all lists them`] : []),
  ];
}

/** The latest units, and whether they changed. */
function unitsText({ scales }: InstrumentInspection): string {
  const { price_unit, size_unit, tick, lot, contract, multiplier } = scales.at(-1) ?? {};
  const parts = [
    ...(price_unit === undefined ? [] : [`price ${tick === undefined ? 'to' : 'tick'} ${price_unit}`]),
    ...(size_unit === undefined ? [] : [`size ${lot === undefined ? 'to' : 'lot'} ${size_unit}`]),
    ...(contract === undefined ? [] : [contract]),
    ...(multiplier === undefined ? [] : [`multiplier ${multiplier}`]),
    ...(scales.length > 1 ? [`${scales.length} changes of units`] : []),
  ];
  return parts.join(', ');
}
