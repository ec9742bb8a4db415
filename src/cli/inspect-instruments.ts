import type { InstrumentInspection, KindInspection } from '../engine/inspect-types.js';
import { exactCount } from './progress.js';
import { aligned, counted, instant, spansText } from './text-table.js';

/** Instruments of a kind with range, days and units, `most` of them. */
export function instrumentLines({ instruments }: KindInspection, most: number): string[] {
  const listed = instruments.slice(0, most);
  const cells = listed.map((instrument) => [
    instrument.name,
    counted(instrument.rows, 'row'),
    rangeText(instrument),
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

const rangeText = ({ first, last }: InstrumentInspection): string =>
  first === last ? instant(first) : `${instant(first)} to ${instant(last)}`;

/** The latest units, and whether they changed. */
function unitsText({ scales }: InstrumentInspection): string {
  const { price_unit, size_unit, tick, lot, contract, multiplier } = scales.at(-1) ?? {};
  const parts = [
    ...(price_unit === undefined ? [] : [`price ${tick === undefined ? 'in' : 'tick'} ${price_unit}`]),
    ...(size_unit === undefined ? [] : [`size ${lot === undefined ? 'in' : 'lot'} ${size_unit}`]),
    ...(contract === undefined ? [] : [contract]),
    ...(multiplier === undefined ? [] : [`multiplier ${multiplier}`]),
    ...(scales.length > 1 ? [`units changed ${counted(scales.length - 1, 'time')}`] : []),
  ];
  return parts.join(', ');
}
