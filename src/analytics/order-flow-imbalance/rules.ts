import { observationParams } from '../../core/book-observations.js';
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
  ...observationParams,
  events: param.flag({ doc: 'Also every single event, level by level.' }),
};

export type Params = ParamsOf<typeof params>;
