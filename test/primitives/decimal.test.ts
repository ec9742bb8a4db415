import { describe, expect, it } from 'vitest';
import { decimal, decimalText, decimalToNumber, gcd, parseDecimalText } from '../../src/core/decimal.js';
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

  it.each([
    '',
    ' ',
    '.',
    '-',
    'e5',
    '1e',
    '1,5',
    '0x10',
    '1_000',
    'NaN',
    'Infinity',
    '--1',
    '1.2.3',
    '1e9999',
    '9'.repeat(401),
  ])('refuses %j', (text) => {
    expect(parseDecimalText(text)).toBeUndefined();
  });
});

const caught = (body: () => unknown): InputError => {
  try {
    body();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('decimal', () => {
  it('takes a number for its shortest text', () => {
    expect(decimal(0.1)).toEqual({ coef: 1, scale: 1 });
    expect(decimal(1e-7)).toEqual({ coef: 1, scale: 7 });
    expect(decimal(-2.5)).toEqual({ coef: -25, scale: 1 });
    expect(decimal(1e15)).toEqual({ coef: 1e15, scale: 0 });
  });

  it('holds integers up to 2^53 - 1 and scales up to 22, not one more', () => {
    expect(decimal('9007199254740991').coef).toBe(Number.MAX_SAFE_INTEGER);
    expect(decimal('1e-22')).toEqual({ coef: 1, scale: 22 });
    for (const text of ['9007199254740992', '-9007199254740992', '1e-23', '1e16', String(0.1 + 0.2)])
      expect(caught(() => decimal(text)).bound, text).toBe(
        'must stay below 2^53 without its point, and have at most 22 decimals',
      );
  });

  it('names subject, value and bound of what is no decimal', () => {
    expect(caught(() => decimal('abc', 'BTC tick')).message).toBe('BTC tick abc must be a decimal number');
    expect(caught(() => decimal(Number.NaN, 'row')).message).toBe('row NaN must be a decimal number');
    expect(caught(() => decimal('1\n2', 'row')).message).toBe('row 1 2 must be a decimal number');
  });

  it('is the nearest f64 and plain text again', () => {
    const next = random(3);
    for (let i = 0; i < 2000; i++) {
      const scale = Math.floor(next() * 23);
      const coef = Math.floor((next() * 2 - 1) * 2 ** (1 + Math.floor(next() * 52)));
      const text = decimalText({ coef, scale });
      expect(text).toMatch(/^-?\d+(\.\d+)?$/);
      // the parser's number of the text is the correctly rounded one
      expect(decimalToNumber({ coef, scale }) + 0).toBe(Number(text) + 0);
      const back = decimal(text);
      expect(BigInt(back.coef) * 10n ** BigInt(scale)).toBe(BigInt(coef) * 10n ** BigInt(back.scale));
    }
  });

  it('gcd', () => {
    expect([gcd(12, 18), gcd(-12, 18), gcd(0, 5), gcd(5, 0), gcd(7, 11)]).toEqual([6, 6, 5, 5, 1]);
  });
});

describe('durations', () => {
  it.each([
    ['1us', 1],
    ['500ms', 500_000],
    ['1s', 1_000_000],
    ['1m', 60_000_000],
    ['8h', 28_800_000_000],
    ['1d', 86_400_000_000],
    [' 1 w ', 604_800_000_000],
  ])('%s', (text, micros) => {
    expect(parseDuration(text)).toBe(micros);
  });

  it.each(['', '0s', '1', 'm', '1.5h', '-1m', '1M', '1 month', '9999999999s', '999999999w'])(
    'refuses %j',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  it('prints the shortest text, which reads back', () => {
    expect([7 * 86_400_000_000, 90_000_000, 1_500_000, 1_001].map(durationText)).toEqual([
      '1w',
      '90s',
      '1500ms',
      '1001us',
    ]);
    for (const text of ['1us', '7ms', '30s', '5m', '8h', '3d', '2w'])
      expect(durationText(parseDuration(text)!)).toBe(text);
  });
});
