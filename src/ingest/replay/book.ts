import { CROSSED, EMPTY, LOCKED, OK, ONE_SIDED } from '../../core/book-states.js';
import type { MessageStore } from './message-store.js';
import { PriceLevels } from './price-levels.js';

/** Both sides of one instrument's book. */
export class Book {
  readonly bids = new PriceLevels(1);
  readonly asks = new PriceLevels(-1);

  clear(): void {
    this.bids.clear();
    this.asks.clear();
  }

  /** Sets the levels of message m. */
  apply({ tick, lots, side, from }: MessageStore, m: number): void {
    for (let i = from[m]!; i < from[m + 1]!; i++) {
      // the one row of a message without levels has no side
      if (side[i]! > 0) this.bids.set(tick[i]!, lots[i]!);
      else if (side[i]! < 0) this.asks.set(tick[i]!, lots[i]!);
    }
  }

  /**
   * Drops what crosses opposite to the last update: the last level of message m that takes part in the cross is
   * believed, levels of the other side beyond it are leftovers of missed deletions. Equal prices stay, they lock.
   * Judged by message, not by level: inside one the order of sides means nothing. Returns the levels dropped.
   */
  repair({ tick, lots, side, from }: MessageStore, m: number): number {
    const { bids, asks } = this;
    const before = bids.size + asks.size;
    for (let i = from[m + 1]! - 1; i >= from[m]! && bids.best > asks.best; i--) {
      if (lots[i] === 0) continue;
      // beyond the best: set and deleted again in the same message
      if (side[i]! > 0 && tick[i]! <= bids.best) while (asks.best < tick[i]!) asks.removeBest();
      else if (side[i]! < 0 && tick[i]! >= asks.best) while (bids.best > tick[i]!) bids.removeBest();
    }
    return before - bids.size - asks.size;
  }

  /** State by its levels alone. */
  shape(): number {
    const { bids, asks } = this;
    if (bids.size === 0 || asks.size === 0) return bids.size + asks.size === 0 ? EMPTY : ONE_SIDED;
    return bids.best < asks.best ? OK : bids.best === asks.best ? LOCKED : CROSSED;
  }
}
