import { SIDE_BUY, SIDE_SELL, SIDE_UNKNOWN } from '../core/columns.js';
import { InputError } from '../core/errors.js';
import type { SideMeaning } from './column-guess.js';
import { SIDE_BARE, sideCode, sideOfNumber } from './side-codes.js';
import { isNull, type SourceColumn } from './source-column.js';

/** Aggressor sides of one input's side column, batch by batch. */
export class Sides {
  /** A buy or a sell was seen. */
  #known = false;
  /** A bare true or false was seen. */
  #bare = false;

  constructor(
    readonly input: string,
    readonly column: string,
    readonly meaning: SideMeaning,
  ) {}

  /** Codes of a batch; undefined if the column's type holds no sides. */
  codes(column: SourceColumn, rows: number): Uint8Array | undefined {
    const { meaning } = this;
    const out = new Uint8Array(rows);
    if (column.kind === 'codes') {
      const codes = Uint8Array.from(column.texts, (text) => sideCode(text, meaning));
      const at = column.codes;
      if (column.valid === undefined) for (let i = 0; i < rows; i++) out[i] = codes[at[i]!]!;
      else for (let i = 0; i < rows; i++) out[i] = isNull(column, i) ? SIDE_UNKNOWN : codes[at[i]!]!;
    } else if (column.kind === 'texts')
      for (let i = 0; i < rows; i++) out[i] = sideCode(column.texts[i], meaning);
    else if (column.kind === 'numbers' || column.kind === 'words')
      for (let i = 0; i < rows; i++) {
        const value =
          column.kind === 'numbers'
            ? column.values[i]!
            : column.words[2 * i + 1]! * 4294967296 + (column.words[2 * i]! >>> 0);
        const none = isNull(column, i) || Number.isNaN(value);
        out[i] = none ? SIDE_UNKNOWN : sideOfNumber(value, meaning);
      }
    else return undefined;
    for (let i = 0; i < rows && !this.#known; i++) {
      if (out[i] === SIDE_BUY || out[i] === SIDE_SELL) this.#known = true;
      else if (out[i] === SIDE_BARE) this.#bare = true;
    }
    return out;
  }

  /** Fails if nothing but true and false came and the column's name does not say what is true. */
  close(): void {
    if (this.#bare && !this.#known)
      throw new InputError(
        `${this.input} column ${this.column}`,
        'true, false',
        'must say of whom: pass --map maker=<column> where true means that the buyer is the maker, ' +
          'else name the column is_buy or hold buy and sell',
      );
  }
}
