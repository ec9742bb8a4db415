import { InputError } from '../core/errors.js';

/** A confidence level strictly between 0 and 1, or an InputError. */
export function checkLevel(subject: string, level: number): void {
  if (!(level > 0 && level < 1)) throw new InputError(subject, level, 'must lie strictly between 0 and 1');
}
