import { InputError } from '../core/errors.js';

/** A whole number in [min, max], or an InputError. */
export function checkWhole(subject: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value)) throw new InputError(subject, value, 'must be a whole number');
  if (value < min) throw new InputError(subject, value, `must be at least ${min}`);
  if (value > max) throw new InputError(subject, value, `must be at most ${max}`);
  return value;
}
