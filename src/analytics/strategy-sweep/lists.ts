import { decimal } from '../../core/decimal.js';
import { InputError } from '../../core/errors.js';
import { listItems, type Param } from '../../core/schema.js';

/** EMA lengths of a trend: sign(EMA_fast - EMA_slow). */
export interface TrendPair {
  readonly fast: number;
  readonly slow: number;
}

/** A list without repeats: a value given twice would count the same trial twice. */
function distinct(texts: readonly string[], subject: string): void {
  if (texts.length === 0) throw new InputError(subject, '(empty)', 'must have at least one value');
  const twice = texts.find((text, i) => texts.indexOf(text) < i);
  if (twice !== undefined) throw new InputError(subject, twice, 'must be listed once');
}

/** One axis of the grid: decimals in the order given, each in [min, max], whole numbers where `whole`. */
export function numberList(options: {
  default: readonly number[];
  min: number;
  max: number;
  whole?: true;
  doc: string;
}): Param<number | string | readonly (number | string)[], readonly number[]> {
  const { min, max } = options;
  return {
    kind: 'list',
    values: `${options.whole ? 'whole numbers' : 'decimals'} such as 1,2, each ${min} to ${max}`,
    doc: options.doc,
    default: options.default,
    check: (value, subject) => {
      const numbers = listItems(value).map((item) => {
        decimal(item as number | string, subject);
        const n = Number(item);
        if (options.whole && !Number.isInteger(n)) throw new InputError(subject, n, 'must be whole numbers');
        if (n < min) throw new InputError(subject, n, `must be at least ${min}`);
        if (n > max) throw new InputError(subject, n, `must be at most ${max}`);
        return n;
      });
      distinct(numbers.map(String), subject);
      return numbers;
    },
    print: (value) => value.join(','),
  };
}

/** Trends: pairs fast/slow in the order given. */
export function trendList(options: {
  default: readonly TrendPair[];
  doc: string;
}): Param<string | readonly string[], readonly TrendPair[]> {
  const print = (pairs: readonly TrendPair[]): string =>
    pairs.map(({ fast, slow }) => `${fast}/${slow}`).join(',');
  return {
    kind: 'list',
    values: `up to ${MOST_TRENDS} pairs fast/slow such as 20/50,10/30`,
    doc: options.doc,
    default: options.default,
    check: (value, subject) => {
      const pairs = listItems(value).map((item): TrendPair => {
        const match = /^\s*(\d{1,4})\/(\d{1,4})\s*$/.exec(String(item));
        const [fast, slow] = [Number(match?.[1]), Number(match?.[2])];
        if (!(fast >= 1 && fast < slow))
          throw new InputError(subject, item, 'must be fast/slow with 1 <= fast < slow, such as 20/50');
        return { fast, slow };
      });
      distinct(
        pairs.map((pair) => print([pair])),
        subject,
      );
      if (pairs.length > MOST_TRENDS)
        throw new InputError(subject, pairs.length, `pairs must be at most ${MOST_TRENDS}`);
      return pairs;
    },
    print,
  };
}

/** Two bits a trend in one word of a bar. */
const MOST_TRENDS = 15;
