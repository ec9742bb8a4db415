import type { BookRequest } from '../../core/analytic.js';
import { bookRequest, crossedParam, isObserved, maxAgeParam } from '../../core/book-observations.js';
import { ONE_SIDED } from '../../core/book-states.js';
import { InputError } from '../../core/errors.js';
import { type Param, type ParamsOf, param } from '../../core/schema.js';

/** Distinct numbers of a text or an array, ascending. */
function list(options: {
  values: string;
  default: readonly number[];
  doc: string;
  holds: (n: number) => boolean;
}): Param<string | number | readonly number[], readonly number[]> {
  const { values, doc, holds } = options;
  return {
    ...{ kind: 'list', values, doc, default: options.default },
    check: (value, subject) => {
      const items: unknown[] = Array.isArray(value) ? value : String(value).split(',');
      const numbers = items.map((item) => (String(item).trim() === '' ? Number.NaN : Number(item)));
      const odd = numbers.findIndex((n) => !holds(n));
      if (odd >= 0) throw new InputError(subject, items[odd], `must be ${values}`);
      if (numbers.length === 0 || numbers.length > MOST_ITEMS)
        throw new InputError(subject, `of ${numbers.length} items`, `must be 1 to ${MOST_ITEMS} items`);
      return [...new Set(numbers)].sort((a, b) => a - b);
    },
    print: (value) => value.join(','),
  };
}

const MOST_ITEMS = 32;
const MOST_LEVELS = 1000;
/** Bands are counted in thousandths of a basis point. */
const BAND_UNIT = 1000;
/** Of them, the whole mid. */
const WHOLE = 10_000 * BAND_UNIT;

export const params = {
  every: param.durations({
    default: ['1m'],
    min: '1ms',
    doc: 'Bar widths. The finest common width is computed once, the others are rolled up from it exactly.',
  }),
  levels: list({
    values: `whole numbers from 1 to ${MOST_LEVELS}, such as 1,5,10`,
    default: [1, 5, 10, 20],
    doc: 'Numbers of best levels L to take the imbalance of.',
    holds: (n) => Number.isInteger(n) && n >= 1 && n <= MOST_LEVELS,
  }),
  weights: param.choice({
    values: ['uniform', 'harmonic', 'exponential', 'linear'],
    default: 'uniform',
    doc: 'Weight of level l: 1, 1/l, exp(-decay (l-1)), or L-l+1.',
  }),
  decay: param.number({ default: 0.5, min: 0, max: 100, doc: 'Decay of exponential weights, a level.' }),
  bands: list({
    values: 'distances in basis points up to 10000, of at most three decimals, such as 10,50,100',
    default: [10, 50, 100, 250],
    doc: 'Bands |p - m| ≤ x m about the mid m, in basis points.',
    holds: (n) => n > 0 && n <= 10_000 && Number.isInteger(Math.round(n * BAND_UNIT * 1e6) / 1e6),
  }),
  depth: param.integer({
    default: 20,
    min: 1,
    max: MOST_LEVELS,
    doc: 'Levels of a side that bands look at.',
  }),
  measure: param.choice({
    values: ['base', 'notional'],
    default: 'base',
    doc: 'What the imbalance in bands weighs: sizes, or sizes times prices.',
  }),
  crossed: crossedParam(
    'not covered, taken like any other, or taken without the levels opposite to the last update that cross it.',
  ),
  oneSided: param.choice({
    values: ['strict', 'extreme', 'zero'],
    default: 'strict',
    doc: 'Book without bids or without asks: not covered, imbalance of -1 or 1, or imbalance of 0.',
  }),
  maxAge: maxAgeParam,
  events: param.flag({ doc: 'Also every single state, by number of levels.' }),
};

export type Params = ParamsOf<typeof params>;

/** Levels that any of the level counts looks at. */
export const deepest = ({ levels }: Params): number => levels.at(-1)!;

/** The books to be rebuilt. */
export const request = (p: Params): BookRequest => bookRequest(Math.max(deepest(p), p.depth), p);

/** Weights of levels 1, 2, …; linear ones depend on L and are made by adding up twice. */
export const weightsOf = (p: Params): Float64Array =>
  Float64Array.from({ length: deepest(p) }, (_, l) =>
    p.weights === 'harmonic' ? 1 / (l + 1) : p.weights === 'exponential' ? Math.exp(-p.decay * l) : 1,
  );

/** A band as a fraction of the mid. */
export const bandFraction = (band: number) => ({ num: Math.round(band * BAND_UNIT), den: WHOLE });

/** Bits: 1 for states whose both sides are taken, 2 for those of one side. */
export const sidesTaken = (state: number, p: Params): number =>
  isObserved(state, p) ? 1 : state === ONE_SIDED && p.oneSided !== 'strict' ? 2 : 0;
