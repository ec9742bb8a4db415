import { InputError } from '../core/errors.js';
import { ascending } from './ascending.js';

/** Positions of the p-values that are not null, smallest first; an InputError for one outside [0, 1]. */
export function orderedPValues(p: Float64Array): Uint32Array {
  for (let i = 0; i < p.length; i++)
    if (p[i]! < 0 || p[i]! > 1) throw new InputError('p-value', p[i], 'must lie in [0, 1]');
  return ascending(p);
}
