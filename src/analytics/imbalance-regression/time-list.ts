import { InputError } from '../../core/errors.js';
import { microsOfIso } from '../../core/parse-iso.js';
import { listItems, type Param } from '../../core/schema.js';

/** Times in µs, ascending, each once; none by default. */
export function timeList(options: { doc: string }): Param<string | readonly string[], readonly number[]> {
  return {
    kind: 'list',
    values: 'ISO times such as 2024-01-01T13:30:00Z,2024-02-01T13:30:00Z',
    doc: options.doc,
    default: [],
    check: (value, subject) => {
      const times = listItems(value).map((item) => {
        const micros = typeof item === 'string' ? microsOfIso(item) : Number.NaN;
        if (Number.isNaN(micros))
          throw new InputError(subject, item, 'must be ISO times, such as 2024-01-01T13:30:00Z');
        return micros;
      });
      return [...new Set(times)].sort((a, b) => a - b);
    },
    print: (value) => value.map(isoOf).join(','),
  };
}

/** ISO text to the µs, of which a Date knows only the ms. */
function isoOf(micros: number): string {
  const second = new Date(Math.floor(micros / 1e6) * 1000).toISOString().slice(0, 19);
  const rest = ((micros % 1e6) + 1e6) % 1e6;
  return rest === 0 ? `${second}Z` : `${second}.${String(rest).padStart(6, '0')}Z`;
}
