import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { durationText } from '../core/duration.js';
import { InputError } from '../core/errors.js';
import { checkParams, type ParamsInput, type ParamsOf, printParams } from '../core/schema.js';
import type { Units } from '../dataset/block.js';
import { type SelectedPartition, selectPartitions } from '../dataset/select.js';
import {
  inWorkers,
  type ReplayResult,
  replayOptions,
  replayParams,
  type SequenceRule,
  sequenceRuleOf,
} from '../ingest/replay/index.js';
import { isoTime } from '../table/iso-time.js';
import { mostStates } from './most-states.js';
import { type InstrumentDeltas, surveyDeltas } from './replay-deltas.js';
import { type ReplayInputOptions, replayInput } from './replay-input.js';
import { type InstrumentReplayJob, replayInstrument } from './replay-instrument.js';

/** µs: datasets hold stamps from 1970-01-01 to 2106-02-07. */
const LAST_TIME = 2 ** 32 * 1e6;

export interface ReplayBooksOptions extends ReplayInputOptions {
  /** Levels, event or grid, and policies: see `replayParams`. */
  readonly params?: ParamsInput<typeof replayParams>;
  /** Levels of a side that a column `depth` of the states is measured on; none by default. */
  readonly depthLevels?: number;
  /** Whether the grid goes on after the end until the last state is stale: who looks later must not take an older one. */
  readonly untilStale?: boolean;
  /** How messages name what they follow; told from the venue of each instrument by default. */
  readonly rule?: SequenceRule;
  /** Names, `venue:symbol`; all by default. */
  readonly instruments?: readonly string[];
  /** µs: states and coverage from then on. What came before is replayed, as the book needs it, but not given. */
  readonly fromTime?: number;
  /** µs, exclusive: nothing that was known then or later is read, and the grid and coverage end there. */
  readonly until?: number;
  /** Threads, each with an instrument at a time; 0 or 1 replays inline. Results do not depend on it. */
  readonly workers?: number;
  /** Cells of states held at most, 4·levels + 4 a state; more are an InputError. Default 2^28, 2 GiB. */
  readonly mostCells?: number;
}

/** One instrument's replay: states, coverage and gaps, with the units of its ticks and lots. */
export interface ReplayedInstrument extends ReplayResult {
  /** `venue:symbol`. */
  readonly instrument: string;
  readonly rule: SequenceRule;
  readonly units: Units;
  /** Rows of book changes read. */
  readonly deltas: number;
}

export interface ReplayedBooks {
  /** The dataset or the files, as shown. */
  readonly input: string;
  /** By name. */
  readonly instruments: readonly ReplayedInstrument[];
  readonly levels: number;
  /** Parameters and times as text, defaults among them. */
  readonly params: Readonly<Record<string, string>>;
  /** SHA-256 over the content of the partitions read. */
  readonly inputHash: string;
  /** Rows of native files that cannot be used, by reason; empty for a dataset, whose import told of them. */
  readonly rejected: Readonly<Record<string, number>>;
  /** Time it took to open the input, native files being imported, and to replay it. */
  readonly openSeconds: number;
  readonly seconds: number;
}

/**
 * Rebuilds the books of a dataset, or of native files, from snapshots and changes: a state at L levels at every message or on a time grid. Sequence
 * rules are the venue's, sizes of 0 delete, and after a missing message a book is a gap until the next snapshot.
 *
 * Grid and coverage of all instruments end together: at `until`, or when the last message of any was known. Of an
 * instrument's rows a record batch is in memory at a time, of the states all.
 *
 * Errors: InputError for inputs without book changes, unknown instruments, damaged files, rows out of order, and for
 * more states than `mostCells`.
 */
export async function replayBooks(
  inputs: readonly string[],
  options: ReplayBooksOptions = {},
): Promise<ReplayedBooks> {
  const started = performance.now();
  const { fromTime = 0, until = Number.POSITIVE_INFINITY, depthLevels = 0, progress, signal } = options;
  const real = until === Number.POSITIVE_INFINITY || (Number.isSafeInteger(until) && until <= LAST_TIME);
  if (!real || until <= fromTime)
    throw new InputError(
      'replay until',
      until,
      `must lie after ${fromTime} and before 2106-02-07, in whole µs`,
    );
  const params = checkParams('replay', replayParams, options.params ?? {});
  const input = await replayInput(inputs, options);
  const opened = performance.now();
  try {
    const { partitions, names } = await selectPartitions(input.folder, {
      kind: 'book_delta',
      ...(options.instruments ? { instruments: options.instruments } : {}),
      until,
    });
    known(options.instruments, names);
    const report = (rows: number): void => progress?.({ stage: 'survey', rows });
    const found = await surveyDeltas(partitions, until, report, signal);
    if (found.length === 0)
      throw new InputError('input', input.label, 'holds no book changes of these instruments and times');
    const ends = until < Number.POSITIVE_INFINITY;
    const last = found.reduce((most, { lastKnown }) => Math.max(most, lastKnown), 0);
    const jobs = found.map((deltas): InstrumentReplayJob => {
      const rule = options.rule ?? sequenceRuleOf(deltas.venue, deltas.sequenced);
      const given = replayOptions(rule, params);
      const mostRows = mostStates(given.levels, options.mostCells);
      const more = options.untilStale ? given.maxAge + 1 + given.every : 0;
      return {
        parts: deltas.parts,
        options: { ...given, depthLevels, from: fromTime, mostRows, ...(ends ? { to: until + more } : {}) },
        until,
        end: (ends ? until : last) + more,
      };
    });
    const results = await replayAll(found, jobs, options);
    return {
      input: input.label,
      instruments: results.map((result, i) => ({
        ...result,
        ...{ instrument: found[i]!.name, rule: jobs[i]!.options.rule },
        ...{ units: found[i]!.units, deltas: found[i]!.rows },
      })),
      levels: params.levels,
      params: paramTexts(params, options),
      inputHash: hashOf(partitions),
      rejected: input.rejected,
      openSeconds: (opened - started) / 1000,
      seconds: (performance.now() - opened) / 1000,
    };
  } finally {
    await input.close();
  }
}

function paramTexts(
  params: ParamsOf<typeof replayParams>,
  { fromTime, until }: ReplayBooksOptions,
): Record<string, string> {
  const { every, maxAge } = replayOptions('none', params);
  return {
    ...printParams(replayParams, params),
    at: every === 0 ? 'event' : durationText(every),
    maxAge: durationText(maxAge),
    ...(fromTime === undefined ? {} : { fromTime: isoTime(fromTime) }),
    ...(until === undefined ? {} : { until: isoTime(until) }),
  };
}

async function replayAll(
  found: readonly InstrumentDeltas[],
  jobs: readonly InstrumentReplayJob[],
  { workers = availableParallelism(), progress, signal }: ReplayBooksOptions,
): Promise<ReplayResult[]> {
  if (!Number.isSafeInteger(workers) || workers < 0)
    throw new InputError('replay workers', workers, 'must be a whole number from 0');
  const results: ReplayResult[] = [];
  const total = found.reduce((sum, { rows }) => sum + rows, 0);
  let read = 0;
  let states = 0;
  const done = (result: ReplayResult, at: number): void => {
    results[at] = result;
    read += found[at]!.rows;
    states += result.rows;
    const most = jobs[at]!.options.mostRows;
    if (states > most)
      throw new InputError(
        'replay',
        `${states} states`,
        `must be at most ${most}: ask for fewer levels, a wider grid, fewer instruments or a shorter time`,
      );
    progress?.({ stage: 'replay', rows: read, total });
  };
  // workers are modules of the build: from TypeScript sources everything runs inline
  const threads = import.meta.url.endsWith('.ts') ? 1 : Math.min(workers, jobs.length);
  if (threads > 1) {
    await inWorkers(new URL('./replay-worker.js', import.meta.url), jobs, threads, done, signal);
    return results;
  }
  for (const [at, job] of jobs.entries()) done(await replayInstrument(job, signal), at);
  return results;
}

function known(asked: readonly string[] | undefined, names: readonly string[]): void {
  const missing = asked?.find((name) => !names.includes(name));
  if (missing === undefined) return;
  const some = names.slice(0, 20).join(', ') + (names.length > 20 ? ', …' : '');
  throw new InputError('instrument', missing, `is not in the input; it has ${some}`);
}

const hashOf = (partitions: readonly SelectedPartition[]): string =>
  createHash('sha256')
    .update(JSON.stringify(partitions.map(({ entry }) => [entry.group, entry.day, entry.sha256])))
    .digest('hex');
