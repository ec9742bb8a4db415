import { NO_INSTRUMENT } from '../core/importer.js';
import { textOf } from './row-cells.js';
import { isNull, type SourceColumn } from './source-column.js';

/**
 * Indexes of the instruments that a column names, NO_INSTRUMENT where it names none; false if the column's type holds
 * no names. `code` is asked once for each entry of a dictionary that occurs.
 */
export function fillInstruments(
  out: Uint32Array,
  column: SourceColumn,
  rows: number,
  code: (name: string) => number,
): boolean {
  const codeOf = (text: string | null | undefined): number => {
    const name = text?.trim() ?? '';
    return name === '' ? NO_INSTRUMENT : code(name);
  };
  if (column.kind === 'codes') {
    const { codes, texts } = column;
    const UNKNOWN = -1;
    const known = new Float64Array(texts.length).fill(UNKNOWN);
    const nulls = column.valid !== undefined;
    let [last, index] = [UNKNOWN, 0];
    for (let i = 0; i < rows; i++) {
      if (nulls && isNull(column, i)) {
        out[i] = NO_INSTRUMENT;
        continue;
      }
      const at = codes[i]!;
      if (at !== last) {
        // a dictionary may hold names that no row has
        if (known[at] === UNKNOWN) known[at] = codeOf(texts[at]);
        last = at;
        index = known[at]!;
      }
      out[i] = index;
    }
    return true;
  }
  if (column.kind !== 'texts' && column.kind !== 'numbers' && column.kind !== 'words') return false;
  for (let i = 0; i < rows; i++) out[i] = codeOf(textOf(column, i));
  return true;
}
