import type { LedgerReason } from '../core/raw.js';
import { RowBatch } from './row-batch.js';

/** A batch that tells whether its newest row was rejected: a rejected row must not carry a snapshot's reset. */
export class NotedBatch extends RowBatch {
  rejected = false;

  override add(instrument: number, record: number, source: string): number {
    this.rejected = false;
    return super.add(instrument, record, source);
  }

  override reject(i: number, reason: LedgerReason): void {
    this.rejected = true;
    super.reject(i, reason);
  }
}
