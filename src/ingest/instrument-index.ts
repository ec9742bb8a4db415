import { type ImportContext, type InstrumentInfo, NO_INSTRUMENT } from '../core/importer.js';

/** Instruments of a file that names them row by row: a declaration each, and the last one remembered. */
export class InstrumentIndex {
  #venue = '';
  #symbol = '';
  #last = NO_INSTRUMENT;
  readonly #known = new Map<string, Map<string, number>>();

  constructor(readonly context: ImportContext) {}

  /** Index of an instrument declared before, else NO_INSTRUMENT. */
  find(venue: string, symbol: string): number {
    if (symbol === this.#symbol && venue === this.#venue) return this.#last;
    const found = this.#known.get(venue)?.get(symbol);
    return found === undefined ? NO_INSTRUMENT : this.#remember(venue, symbol, found);
  }

  /** Index of an instrument of which nothing but its name is known; declares it at its first row. */
  named(venue: string, symbol: string): number {
    const found = this.find(venue, symbol);
    return found === NO_INSTRUMENT ? this.declare({ venue, symbol }) : found;
  }

  declare(info: InstrumentInfo): number {
    const { venue, symbol } = info;
    const index = this.context.instrument(info);
    let symbols = this.#known.get(venue);
    if (symbols === undefined) {
      symbols = new Map();
      this.#known.set(venue, symbols);
    }
    symbols.set(symbol, index);
    return this.#remember(venue, symbol, index);
  }

  #remember(venue: string, symbol: string, index: number): number {
    this.#venue = venue;
    this.#symbol = symbol;
    this.#last = index;
    return index;
  }
}
