import { InputError } from '../core/errors.js';

/** A whole number in [min, max], or an InputError. */
export function checkWhole(subject: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value)) throw new InputError(subject, value, 'must be a whole number');
  if (value < min) throw new InputError(subject, value, `must be at least ${min}`);
  if (value > max) throw new InputError(subject, value, `must be at most ${max}`);
  return value;
}

/** A confidence level strictly between 0 and 1, or an InputError. */
export function checkLevel(subject: string, level: number): number {
  if (!(level > 0 && level < 1)) throw new InputError(subject, level, 'must lie strictly between 0 and 1');
  return level;
}

/** Series that are read row by row together must be equally long. */
export function checkSameLength(subject: string, found: number, rows: number): void {
  if (found !== rows)
    throw new InputError(subject, found, `rows must be as many as the first series has, ${rows}`);
}
