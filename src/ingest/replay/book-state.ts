/**
 * States of a book. `locked` is a valid book of spread 0. `stale`: its last update is older than the age allowed.
 * `gap`: no snapshot yet, or a message is missing since.
 */
export const BOOK_STATES = ['ok', 'empty', 'one_sided', 'locked', 'crossed', 'stale', 'gap'] as const;
export type BookState = (typeof BOOK_STATES)[number];

/** Codes of the states, as the `state` column holds them. */
export const OK = 0;
export const EMPTY = 1;
export const ONE_SIDED = 2;
export const LOCKED = 3;
export const CROSSED = 4;
export const STALE = 5;
export const GAP = 6;

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
