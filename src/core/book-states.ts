/**
 * States of a book. `locked` is a valid book of spread 0. `stale`: its last update is older than the age allowed.
 * `gap`: no snapshot yet, or a message is missing since.
 */
export const BOOK_STATES = ['ok', 'empty', 'one_sided', 'locked', 'crossed', 'stale', 'gap'] as const;
export type BookState = (typeof BOOK_STATES)[number];

/** Age of the last update, µs, beyond which a book is stale unless a replay or an analytic says otherwise. */
export const BOOK_MAX_AGE = 5_000_000;

/** Codes of the states, as a `state` column holds them. */
export const OK = 0;
export const EMPTY = 1;
export const ONE_SIDED = 2;
export const LOCKED = 3;
export const CROSSED = 4;
export const STALE = 5;
export const GAP = 6;
