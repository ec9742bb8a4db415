import type { WorstCell } from '../engine/compare.js';

/** The worst cell in one line: where it is, what both sides say, what was allowed. */
export function worstLine(worst: WorstCell): string {
  const at = [worst.instrument, worst.time].filter((part) => part !== '').join(' at ');
  const where = worst.column === '' ? worst.table : `${worst.table}.${worst.column}`;
  return `worst: ${where}${at === '' ? '' : ` of ${at}`}: got ${worst.got}, want ${worst.want}, bound ${worst.bound}`;
}
