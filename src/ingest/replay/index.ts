export { type BookRows, joinRows } from './book-rows.js';
export { BOOK_STATES, type BookState, type StatePolicy } from './book-state.js';
export type { CoverageSpan, GapEntry } from './coverage.js';
export type { DeltaColumns, Numbers } from './delta-columns.js';
export { BookReplay, type ReplayResult, type ReplaySummary, replayBook } from './replay.js';
export { type ReplayPool, replayInstruments } from './replay-instruments.js';
export type { ReplayJob } from './replay-job.js';
export { type ReplayOptions, replayOptions, replayParams } from './replay-options.js';
export { type SequenceRule, sequenceRuleOf } from './sequence-rule.js';
