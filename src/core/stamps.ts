/** Plausible stamps, 1980-01-01 to 2106-02-07; in s, ms, µs and ns their ranges never overlap. */
const FIRST_SECOND = 315_532_800;
const LAST_SECOND = 2 ** 32;

const DIGITS = /^\d{9,19}$/;
const DECIMAL = /^(\d{9,10})\.(\d{1,9})$/;

/**
 * µs of a whole number of seconds, milliseconds, microseconds or nanoseconds, told by magnitude (nanoseconds are
 * floored), or of decimal seconds; NaN for every other text.
 */
export function microsOfStamp(text: string): number {
  if (DIGITS.test(text)) {
    const value = Number(text);
    for (const perSecond of [1, 1e3, 1e6])
      if (value >= FIRST_SECOND * perSecond && value < LAST_SECOND * perSecond)
        return value * (1e6 / perSecond);
    // beyond 2^53 the last digits would be rounded: cut them off first
    if (value >= FIRST_SECOND * 1e9 && value < LAST_SECOND * 1e9) return Number(text.slice(0, -3));
    return Number.NaN;
  }
  const decimal = DECIMAL.exec(text);
  if (!decimal) return Number.NaN;
  const seconds = Number(decimal[1]);
  if (seconds < FIRST_SECOND || seconds >= LAST_SECOND) return Number.NaN;
  return seconds * 1e6 + Number(decimal[2]!.slice(0, 6).padEnd(6, '0'));
}

/** A finite number of plain or scientific notation; NaN for every other text, the empty one among them. */
export const numberOf = (text: string | undefined): number =>
  text !== undefined && text.length <= LONGEST && NUMBER.test(text) ? finite(Number(text)) : Number.NaN;

/** A whole number from 0 to 2^53; NaN for every other text. */
export const wholeOf = (text: string | undefined): number => {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return Number.NaN;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : Number.NaN;
};

/** No number is longer. */
const LONGEST = 400;
// one way to match each digit: `\d+\.?\d*` would take the square of a text's length
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i;
const finite = (value: number): number => (Number.isFinite(value) ? value : Number.NaN);
