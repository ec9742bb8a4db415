import { CROSSED, LOCKED, OK, ONE_SIDED } from '../../core/book-states.js';

export interface StatePolicy {
  /** null: a crossed book has no levels; keep: it has; repair: crossing levels opposite to the last update are dropped. */
  readonly crossed: 'null' | 'keep' | 'repair';
  /** strict: a book without bids or without asks has no levels; extreme: it has those of its one side. */
  readonly oneSided: 'strict' | 'extreme';
  /** A book whose last update is older, µs, is stale. */
  readonly maxAge: number;
}

/** True if the levels of a book in this state are shown; else they are null. */
export function showsLevels(state: number, { crossed, oneSided }: StatePolicy): boolean {
  if (state === OK || state === LOCKED) return true;
  return (state === CROSSED && crossed === 'keep') || (state === ONE_SIDED && oneSided === 'extreme');
}
