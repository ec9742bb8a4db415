import type { BookRequest } from './analytic.js';
import { CROSSED, LOCKED, OK } from './book-states.js';
import { parseDuration } from './duration.js';
import { type ParamsOf, param } from './schema.js';

/** What becomes of a crossed book; `doc` says it in the words of the analytic. */
export const crossedParam = (doc: string) =>
  param.choice({ values: ['null', 'keep', 'repair'], default: 'null', doc: `Crossed book: ${doc}` });

export const maxAgeParam = param.text({
  pattern: /^[1-9]\d{0,8}(us|ms|s|m|h|d)$/,
  values: 'a duration such as 5s',
  doc: 'A book whose last update is older is stale; default 5s.',
});

/** Parameters of every analytic that compares a book with the one before it. */
export const observationParams = {
  sameTs: param.choice({
    values: ['message', 'last'],
    default: 'message',
    doc: 'Of states of equal time, every one is an observation, or only the last.',
  }),
  crossed: crossedParam(
    'no observation, one like any other, or one without the levels opposite to the last update that cross it.',
  ),
  maxAge: maxAgeParam,
};

type ObservationParams = ParamsOf<typeof observationParams>;

/** The books to be rebuilt. */
export const bookRequest = (
  levels: number,
  { crossed, maxAge }: Omit<ObservationParams, 'sameTs'>,
): BookRequest => ({
  ...{ levels, repair: crossed === 'repair' },
  ...(maxAge === undefined ? {} : { maxAge: parseDuration(maxAge)! }),
});

/** Whether a book in this state is an observation, of both its sides. */
export const isObserved = (state: number, { crossed }: Pick<ObservationParams, 'crossed'>): boolean =>
  state === OK || state === LOCKED || (state === CROSSED && crossed === 'keep');

/** Whether a later state of the same time takes the place of row i, of an instrument that ends at `end`. */
export const isSuperseded = (time: Float64Array, i: number, end: number, merged: boolean): boolean =>
  merged && i + 1 < end && time[i + 1] === time[i];
