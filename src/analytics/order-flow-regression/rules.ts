import type { BookRequest } from '../../core/analytic.js';
import { CROSSED, LOCKED, OK } from '../../core/book-states.js';
import { parseDuration } from '../../core/duration.js';
import { type ParamsOf, param } from '../../core/schema.js';
import { MOST_LAGS } from '../../stats/pair-sums.js';

export const params = {
  every: param.duration({ default: '10s', min: '1ms', doc: 'Width of the bars.' }),
  levels: param.integer({
    default: 10,
    min: 1,
    max: 100,
    doc: 'Levels of a side that the integrated flow weighs; level 1 is the best price.',
  }),
  trainBars: param.integer({
    default: 60,
    min: 2,
    max: 1_000_000,
    doc: "An instrument's first bars with a flow at every level, on which alone the weights of the levels are fitted.",
  }),
  minRows: param.integer({
    default: 30,
    min: 3,
    max: 1_000_000_000,
    doc: 'Fewest bars of a regression; with fewer all it gives is null.',
  }),
  hacLags: param.integer({
    default: undefined,
    min: 0,
    max: MOST_LAGS,
    doc: 'Newey-West lags in bars. Default ⌊4(n/100)^{2/9}⌋ of n bars (Newey and West 1994).',
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
};

export type Params = ParamsOf<typeof params>;

/** The books that depth is read from: those of the flow. */
export const request = ({ levels, crossed, maxAge }: Params): BookRequest => ({
  ...{ levels, repair: crossed === 'repair' },
  ...(maxAge === undefined ? {} : { maxAge: parseDuration(maxAge)! }),
});

/** Whether a book in this state is an observation. */
export const isObserved = (state: number, { crossed }: Pick<Params, 'crossed'>): boolean =>
  state === OK || state === LOCKED || (state === CROSSED && crossed === 'keep');
