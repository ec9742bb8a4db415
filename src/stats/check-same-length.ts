import { InputError } from '../core/errors.js';

/** Series that are read row by row together must be equally long. */
export function checkSameLength(subject: string, found: number, rows: number): void {
  if (found !== rows)
    throw new InputError(subject, found, `rows must be as many as the first series has, ${rows}`);
}
