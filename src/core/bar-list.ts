import { InputError } from './errors.js';
import { listItems, type Param } from './schema.js';

/** Whole numbers of bars in [min, max], ascending, each once; `name` says what one of them is. */
export function barList(options: {
  name: string;
  default: readonly number[];
  example: string;
  most: number;
  min: number;
  max: number;
  doc: string;
}): Param<number | string | readonly (number | string)[], readonly number[]> {
  const { name, most, min, max } = options;
  return {
    kind: 'list',
    values: `up to ${most} whole numbers of bars such as ${options.example}, each ${min} to ${max}`,
    doc: options.doc,
    default: options.default,
    check: (value, subject) => {
      const bars = listItems(value).map((item) => {
        const n = typeof item === 'string' && item.trim() !== '' ? Number(item) : item;
        if (typeof n !== 'number' || !Number.isInteger(n) || n < min || n > max)
          throw new InputError(subject, item, `must be whole numbers of bars, ${min} to ${max}`);
        // -0 is 0
        return n + 0;
      });
      if (bars.length === 0) throw new InputError(subject, '(empty)', `must name at least one ${name}`);
      const distinct = [...new Set(bars)].sort((a, b) => a - b);
      if (distinct.length > most)
        throw new InputError(subject, distinct.length, `${name}s must be at most ${most}`);
      return distinct;
    },
    print: (value) => value.join(','),
  };
}
