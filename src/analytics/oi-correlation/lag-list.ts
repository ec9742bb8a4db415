import { InputError } from '../../core/errors.js';
import type { Param } from '../../core/schema.js';

/** Those of -12 … 12. */
const MOST_LAGS = 25;
const LONGEST_LAG = 1000;

/** Lags in bars, ascending, each once. */
export function lagList(options: {
  default: readonly number[];
  doc: string;
}): Param<number | string | readonly (number | string)[], readonly number[]> {
  return {
    kind: 'list',
    values: `up to ${MOST_LAGS} whole numbers of bars such as -1,0,1, each ${-LONGEST_LAG} to ${LONGEST_LAG}`,
    doc: options.doc,
    default: options.default,
    check: (value, subject) => {
      const given: readonly unknown[] =
        typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [value];
      if (given.length === 0) throw new InputError(subject, '(empty)', 'must name at least one lag');
      const lags = new Set(given.map((item) => lagOf(item, subject)));
      if (lags.size > MOST_LAGS)
        throw new InputError(subject, lags.size, `lags must be at most ${MOST_LAGS}`);
      return [...lags].sort((a, b) => a - b);
    },
    print: (value) => value.join(','),
  };
}

function lagOf(item: unknown, subject: string): number {
  const lag = typeof item === 'string' && item.trim() !== '' ? Number(item) : item;
  if (typeof lag !== 'number' || !Number.isInteger(lag) || Math.abs(lag) > LONGEST_LAG)
    throw new InputError(subject, item, `must be whole numbers of bars, ${-LONGEST_LAG} to ${LONGEST_LAG}`);
  // -0 is 0
  return lag + 0;
}
