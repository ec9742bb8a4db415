import { observationParams } from '../../core/book-observations.js';
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
  ...observationParams,
};

export type Params = ParamsOf<typeof params>;
