import { BOOK_MAX_AGE } from '../../core/book-states.js';
import { parseDuration } from '../../core/duration.js';
import { InputError } from '../../core/errors.js';
import { type ParamsOf, param } from '../../core/schema.js';
import type { StatePolicy } from './book-state.js';
import { SEQUENCE_RULES, type SequenceRule } from './sequence-rule.js';

const DURATION = String.raw`[1-9]\d{0,8}(us|ms|s|m|h|d|w)`;

/** Parameters of a replay as users give them: flags and docs come from here. */
export const replayParams = {
  levels: param.integer({ default: 10, min: 1, max: 1000, doc: 'levels of a side' }),
  at: param.text({
    pattern: new RegExp(`^(event|${DURATION})$`),
    values: 'event, or the width of a time grid such as 100ms',
    doc: 'when states are given: at every message (default) or on a grid of UTC times',
  }),
  crossed: param.choice({
    values: ['null', 'keep', 'repair'],
    default: 'null',
    doc: 'crossed book: no levels, its levels, or without the levels opposite to the last update that cross it',
  }),
  oneSided: param.choice({
    values: ['strict', 'extreme'],
    default: 'strict',
    doc: 'book without bids or without asks: no levels, or those of its one side',
  }),
  maxAge: param.text({
    pattern: new RegExp(`^${DURATION}$`),
    values: 'a duration such as 5s',
    doc: 'a book whose last update is older is stale, default 5s',
  }),
};

export interface ReplayOptions extends StatePolicy {
  readonly rule: SequenceRule;
  readonly levels: number;
  /** Levels of a side that a column `depth` is measured on, null where they end within its band; 0 for no such column. */
  readonly depthLevels: number;
  /** 0: a row at every message that changes the book and where it becomes stale or a gap; else the grid's width, µs. */
  readonly every: number;
  /** µs: states and coverage are given from then on; what was known before is applied and not shown. */
  readonly from: number;
  /** µs, exclusive: no state of that time or later is given. */
  readonly to: number;
  /** Rows of messages that may wait for a snapshot. */
  readonly waitingRows: number;
  /** More rows than this are an InputError: a stamp far off would ask for a grid without end. */
  readonly mostRows: number;
}

const DEFAULTS: Omit<ReplayOptions, 'rule'> = {
  levels: 10,
  depthLevels: 0,
  every: 0,
  crossed: 'null',
  oneSided: 'strict',
  maxAge: BOOK_MAX_AGE,
  from: 0,
  to: Number.MAX_SAFE_INTEGER,
  waitingRows: 1 << 20,
  mostRows: 100_000_000,
};

/** Options of checked `replayParams`. */
export function replayOptions(
  rule: SequenceRule,
  params: Partial<ParamsOf<typeof replayParams>> = {},
): ReplayOptions {
  const { at, maxAge, ...rest } = params;
  return checkedOptions({
    ...{ rule, ...rest },
    ...(at === undefined || at === 'event' ? {} : { every: parseDuration(at)! }),
    ...(maxAge === undefined ? {} : { maxAge: parseDuration(maxAge)! }),
  });
}

/** Options with defaults filled in; InputError at one out of range. */
export function checkedOptions(given: Partial<ReplayOptions> & Pick<ReplayOptions, 'rule'>): ReplayOptions {
  const options = { ...DEFAULTS, ...given };
  const whole = (
    name: 'levels' | 'depthLevels' | 'every' | 'maxAge' | 'from' | 'to' | 'waitingRows' | 'mostRows',
    min: number,
    max: number,
  ) => {
    const value = options[name];
    if (!Number.isSafeInteger(value) || value < min || value > max)
      throw new InputError(`replay ${name}`, value, `must be a whole number from ${min} to ${max}`);
  };
  whole('levels', 1, 1000);
  whole('depthLevels', 0, 1000);
  whole('every', 0, Number.MAX_SAFE_INTEGER);
  whole('maxAge', 1, Number.MAX_SAFE_INTEGER);
  whole('from', 0, Number.MAX_SAFE_INTEGER);
  whole('to', 0, Number.MAX_SAFE_INTEGER);
  whole('waitingRows', 0, 1 << 28);
  whole('mostRows', 1, Number.MAX_SAFE_INTEGER);
  const choice = (name: 'rule' | 'crossed' | 'oneSided', values: readonly string[]) => {
    if (!values.includes(options[name]))
      throw new InputError(`replay ${name}`, options[name], `must be one of ${values.join(', ')}`);
  };
  choice('rule', SEQUENCE_RULES);
  choice('crossed', ['null', 'keep', 'repair']);
  choice('oneSided', ['strict', 'extreme']);
  return options;
}
