import {
  BookReplay,
  type BookRows,
  joinRows,
  type ReplayOptions,
  type ReplayResult,
} from '../ingest/replay/index.js';
import { type DeltaPart, deltaColumns } from './replay-deltas.js';

/** One instrument to replay from the partitions of a dataset. */
export interface InstrumentReplayJob {
  readonly parts: readonly DeltaPart[];
  readonly options: ReplayOptions;
  /** Only rows known before are read; µs, infinity for all. */
  readonly until: number;
  /** Time at which states and coverage end, µs. */
  readonly end: number;
}

/** Replays an instrument, a record batch at a time: of its rows no more is in memory at once, states are collected. */
export async function replayInstrument(
  job: InstrumentReplayJob,
  signal?: AbortSignal,
): Promise<ReplayResult> {
  const { parts, options, until, end } = job;
  const states: BookRows[] = [];
  const replay = new BookReplay(options, (rows) => states.push(rows));
  for await (const columns of deltaColumns(parts, until)) {
    signal?.throwIfAborted();
    replay.push(columns);
  }
  const summary = replay.finish(end);
  return { ...summary, states: joinRows(states, options) };
}
