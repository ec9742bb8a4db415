import type { BookRequest } from '../../core/analytic.js';
import { CROSSED, LOCKED, OK } from '../../core/book-states.js';
import { parseDuration } from '../../core/duration.js';
import { type ParamsOf, param } from '../../core/schema.js';

export const params = {
  every: param.durations({
    default: ['1m'],
    min: '1ms',
    doc: 'Bar widths. The finest common width is computed once, the others are rolled up from it exactly.',
  }),
  levels: param.integer({
    default: 10,
    min: 1,
    max: 100,
    doc: 'Levels of a side, each with its own flow; level 1 is the best price.',
  }),
  first: param.choice({
    values: ['null', 'zero'],
    default: 'null',
    doc: 'First observation, and the first after a reset: no event, or an event of 0.',
  }),
  sameTs: param.choice({
    values: ['message', 'last'],
    default: 'message',
    doc: 'Of states of equal time, every one is an observation, or only the last.',
  }),
  crossed: param.choice({
    values: ['null', 'keep', 'repair'],
    default: 'null',
    doc: 'Crossed book: no observation, one like any other, or one without the levels opposite to the last update that cross it.',
  }),
  maxAge: param.text({
    pattern: /^[1-9]\d{0,8}(us|ms|s|m|h|d)$/,
    values: 'a duration such as 5s',
    doc: 'A book whose last update is older is stale; default 5s.',
  }),
  events: param.flag({ doc: 'Also every single event, level by level.' }),
};

export type Params = ParamsOf<typeof params>;

/** The books to be rebuilt. */
export const request = ({ levels, crossed, maxAge }: Params): BookRequest => ({
  ...{ levels, repair: crossed === 'repair' },
  ...(maxAge === undefined ? {} : { maxAge: parseDuration(maxAge)! }),
});

/** Whether a book in this state is an observation; any other ends the series, and the next one begins anew. */
export const isObserved = (state: number, { crossed }: Pick<Params, 'crossed'>): boolean =>
  state === OK || state === LOCKED || (state === CROSSED && crossed === 'keep');
