import { decimal, gcd } from '../../core/decimal.js';
import { InputError } from '../../core/errors.js';
import { type ParamsOf, param } from '../../core/schema.js';

/** Parameters that say when a cell is flagged (definitions §6, footprint.*). */
export const ruleParams = {
  measure: param.choice({
    values: ['volume', 'count'],
    default: 'volume',
    doc: 'What is compared: lots or trades (footprint.measure).',
  }),
  partner: param.choice({
    values: ['adjacent_price', 'adjacent_traded', 'same_price'],
    default: 'adjacent_price',
    doc:
      'What buying is compared with: selling one price row below, empty if that row did not trade; in the next traded ' +
      'row below; or in the same row. Selling is compared with buying above likewise (footprint.partner).',
  }),
  ratio: param.number({
    default: 3,
    min: 0.000001,
    max: 1000,
    doc: 'Least ratio of a side to its opposite, compared exactly; at most 6 decimals.',
  }),
  ratioForm: param.choice({
    values: ['factor', 'increase'],
    default: 'factor',
    doc: 'Whether a ratio of 3 means 3 times the opposite (300 % of it) or 300 % more, 4 times (footprint.ratio).',
  }),
  minVolume: param.integer({
    default: 1,
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
    doc: 'Least lots of the flagged side; least trades with measure count.',
  }),
  zero: param.choice({
    values: ['ignore', 'treat_as_inf', 'min_one_lot'],
    default: 'ignore',
    doc: 'A zero opposite: no flag, always a flag, or counted as 1 (footprint.zero).',
  }),
  edge: param.choice({
    values: ['exclude', 'zero'],
    default: 'exclude',
    doc: 'Rows outside the traded range of the bar: no comparison, or a zero opposite (footprint.edge).',
  }),
  stack: param.integer({
    default: 3,
    min: 1,
    max: 1_000_000,
    doc: 'Least price-adjacent rows flagged on one side that make a zone.',
  }),
};

export type Rules = ParamsOf<typeof ruleParams>;

/** The factor a side must reach, num / den in lowest terms; both below 2^32. */
export function factorOf({ ratio, ratioForm }: Pick<Rules, 'ratio' | 'ratioForm'>): {
  readonly num: number;
  readonly den: number;
} {
  const { coef, scale } = decimal(ratio);
  const unit = 10 ** scale;
  const num = ratioForm === 'increase' ? coef + unit : coef;
  const common = gcd(num, unit);
  return { num: num / common, den: unit / common };
}

/** Errors: InputError for a ratio that is too fine, or a factor below 1. */
export function checkRules({ ratio, ratioForm }: Pick<Rules, 'ratio' | 'ratioForm'>): void {
  if (decimal(ratio).scale > 6)
    throw new InputError('footprint ratio', ratio, 'must have at most 6 decimals');
  if (ratioForm === 'factor' && ratio < 1)
    throw new InputError('footprint ratio', ratio, 'must be at least 1 as a factor');
}
