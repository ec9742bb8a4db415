import { describe, expect, it } from 'vitest';
import {
  decimal,
  decimalText,
  decimalToNumber,
  gcd,
  parseDecimalText,
  reduceDecimal,
} from '../../src/core/decimal.js';
import { durationText, parseDuration } from '../../src/core/duration.js';
import { InputError } from '../../src/core/errors.js';
import { random } from '../support/random.js';

describe('parseDecimalText', () => {
  it.each([
    ['0', 0n, 0],
    ['-0', 0n, 0],
    ['0.000', 0n, 0],
    ['1.50', 15n, 1],
    ['+7', 7n, 0],
    ['-0.001', -1n, 3],
    ['.5', 5n, 1],
    ['5.', 5n, 0],
    ['1e3', 1000n, 0],
    ['1E-8', 1n, 8],
    ['12.5e1', 125n, 0],
    ['12.5e-2', 125n, 3],
    [' 2681.3961753 ', 26813961753n, 7],
    ['123456789012345678901234567890.12', 12345678901234567890123456789012n, 2],
    ['1e-400', 1n, 400],
  ])('%s', (text, unscaled, scale) => {
    expect(parseDecimalText(text)).toEqual({ unscaled, scale });
  });

  it.each(['', ' ', '.', '-', 'e5', '1e', '1,5', '0x10', '1_000', 'NaN', 'Infinity', '--1', '1.2.3', '1e9999', '9'.repeat(401)])(
    'refuses %j',
    (text) => {
      expect(parseDecimalText(text)).toBeUndefined();
    },
  );
});

describe('decimal', () => {
  it('takes a number for its shortest text', () => {
    expect(decimal(0.1)).toEqual({ coef: 1, scale: 1 });
    expect(decimal(1e-7)).toEqual({ coef: 1, scale: 7 });
    expect(decimal(0.1 + 0.2)).toEqual({ coef: 30000000000000004, scale: 17 } satisfies object as never);
  });
});
