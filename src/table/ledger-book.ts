import type { Ledger, LedgerReason, LedgerRow } from '../core/raw.js';

/** Rows kept in memory; counts go on beyond. */
const MAX_ROWS = 1_000_000;

/** Reject codes 1 … by position; 0 is a good row. */
export const REASONS: readonly LedgerReason[] = [
  ...(['bad_row', 'bad_instrument', 'bad_time', 'bad_price', 'bad_size', 'bad_side'] as const),
  ...([
    'off_tick',
    'off_lot',
    'tick_overflow',
    'size_overflow',
    'inexact',
    'duplicate',
    'bad_value',
    'conflict',
    'bad_message',
  ] as const),
];
export const codeOf = (reason: LedgerReason): number => REASONS.indexOf(reason) + 1;
/** Left out by a filter: counted, no ledger row. */
export const FILTERED = 255;

/** Collects the quality ledger. */
export class LedgerBook {
  rowsRead = 0;
  filtered = 0;
  readonly #counts = new Float64Array(REASONS.length + 1);
  readonly #rows: LedgerRow[] = [];
  #cut = 0;

  add(input: string, row: number, code: number): void {
    if (code === FILTERED) {
      this.filtered++;
      return;
    }
    this.#counts[code]!++;
    if (this.#rows.length < MAX_ROWS) this.#rows.push({ input, row, reason: REASONS[code - 1]! });
    else this.#cut++;
  }

  /** Rows a filter left out before they were read. */
  unread(rows: number): void {
    this.rowsRead += rows;
    this.filtered += rows;
  }

  close(kept: { rows: number; outOfOrder: number; clockSkew: number }): Ledger {
    const counts: Partial<Record<LedgerReason, number>> = {};
    REASONS.forEach((reason, i) => {
      if (this.#counts[i + 1]! > 0) counts[reason] = this.#counts[i + 1]!;
    });
    return {
      rowsRead: this.rowsRead,
      rowsKept: kept.rows,
      filtered: this.filtered,
      counts,
      outOfOrder: kept.outOfOrder,
      clockSkew: kept.clockSkew,
      rows: this.#rows,
      ...(this.#cut > 0 ? { cut: this.#cut } : {}),
    };
  }
}
