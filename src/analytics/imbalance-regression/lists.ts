import { InputError } from '../../core/errors.js';
import { microsOfIso } from '../../core/parse-iso.js';
import type { Param } from '../../core/schema.js';

const MOST_HORIZONS = 16;
const LONGEST_HORIZON = 10_000;

const items = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [value];

/** Each value once, ascending. */
const ascending = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

/** Horizons in bars, ascending. */
export function horizonList(options: {
  default: readonly number[];
  doc: string;
}): Param<number | string | readonly (number | string)[], readonly number[]> {
  return {
    kind: 'list',
    values: `up to ${MOST_HORIZONS} whole numbers of bars such as 1,12, each 1 to ${LONGEST_HORIZON}`,
    doc: options.doc,
    default: options.default,
    check: (value, subject) => {
      const horizons = items(value).map((item) => {
        const n = typeof item === 'string' && item.trim() !== '' ? Number(item) : item;
        if (typeof n !== 'number' || !Number.isInteger(n) || n < 1 || n > LONGEST_HORIZON)
          throw new InputError(subject, item, `must be whole numbers of bars, 1 to ${LONGEST_HORIZON}`);
        return n;
      });
      if (horizons.length === 0) throw new InputError(subject, '(empty)', 'must name at least one horizon');
      const distinct = ascending(horizons);
      if (distinct.length > MOST_HORIZONS)
        throw new InputError(subject, distinct.length, `horizons must be at most ${MOST_HORIZONS}`);
      return distinct;
    },
    print: (value) => value.join(','),
  };
}

/** Times in µs, ascending; none by default. */
export function timeList(options: { doc: string }): Param<string | readonly string[], readonly number[]> {
  return {
    kind: 'list',
    values: 'ISO times such as 2024-01-01T13:30:00Z,2024-02-01T13:30:00Z',
    doc: options.doc,
    default: [],
    check: (value, subject) =>
      ascending(
        items(value).map((item) => {
          const micros = typeof item === 'string' ? microsOfIso(item) : Number.NaN;
          if (Number.isNaN(micros))
            throw new InputError(subject, item, 'must be ISO times, such as 2024-01-01T13:30:00Z');
          return micros;
        }),
      ),
    print: (value) => value.map(isoOf).join(','),
  };
}

/** ISO text to the µs, of which a Date knows only the ms. */
function isoOf(micros: number): string {
  const second = new Date(Math.floor(micros / 1e6) * 1000).toISOString().slice(0, 19);
  const rest = ((micros % 1e6) + 1e6) % 1e6;
  return rest === 0 ? `${second}Z` : `${second}.${String(rest).padStart(6, '0')}Z`;
}
