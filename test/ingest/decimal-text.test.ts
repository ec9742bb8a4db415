import { describe, expect, it } from 'vitest';
import { parseDecimalText } from '../../src/core/decimal.js';
import { multiplyText, subtractText } from '../../src/core/decimal-text.js';
import { microsOfIso } from '../../src/core/parse-iso.js';
import { numberOf } from '../../src/core/stamps.js';

/** Value of a plain decimal text in units of 1e-30, an oracle that shares no code with the source. */
function units(text: string): bigint {
  const [whole, fraction = ''] = text.replace('-', '').split('.');
  const n = BigInt(whole!) * 10n ** 30n + BigInt(fraction.padEnd(30, '0'));
  return text.startsWith('-') ? -n : n;
}

describe('subtractText', () => {
  it.each([
    ['54182.925011', '27455.801725', '26727.123286'],
    // 0.3 − 0.1 is 0.19999999999999998 in f64
    ['0.3', '0.1', '0.2'],
    ['10.50', '4.5', '6'],
    ['5', '5.00', '0'],
    ['0', '0.000', '0'],
    ['1', '1.25', '-0.25'],
    ['100', '0', '100'],
    ['1000', '10', '990'],
    ['20279992.26', '9096169.67', '11183822.59'],
    // beyond 2^53
    ['9007199254740993', '1', '9007199254740992'],
    [
      '123456789012345678901234567890',
      '0.000000000000000001',
      '123456789012345678901234567889.999999999999999999',
    ],
    // fifteen digits each, but thirty beside each other
    ['999999999999999', '0.00000000000001', '999999999999998.99999999999999'],
    ['1e3', '2.5e-1', '999.75'],
    ['.5', '+0.25', '0.25'],
  ])('%s − %s = %s', (a, b, want) => {
    expect(subtractText(a, b)).toBe(want);
  });

  it('equals integer arithmetic on seeded decimals of every length', () => {
    let seed = 7;
    const random = (n: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * n);
    };
    const digits = (n: number): string => Array.from({ length: n }, () => random(10)).join('');
    const text = (): string => {
      const fraction = digits(random(14));
      return digits(1 + random(14)) + (fraction === '' ? '' : `.${fraction}`);
    };
    for (let i = 0; i < 20_000; i++) {
      const [a, b] = [text(), text()];
      const got = subtractText(a, b)!;
      expect([a, b, units(got)]).toEqual([a, b, units(a) - units(b)]);
      expect(got).toMatch(/^-?\d+(\.\d*[1-9])?$/);
      expect(got).not.toBe('-0');
    }
  });

  it('is undefined where a text is no decimal', () => {
    for (const bad of [
      '',
      ' ',
      'x',
      'NaN',
      'Infinity',
      '1e9999',
      '0x10',
      '1,5',
      '1.2.3',
      '-',
      '.',
      '1_000',
      '9'.repeat(500),
    ])
      expect([bad, subtractText('1', bad), subtractText(bad, '1')]).toEqual([bad, undefined, undefined]);
  });
});

describe('multiplyText', () => {
  it.each([
    ['206', 100, '20600'],
    ['0.05', 10, '0.5'],
    ['1.5', 10, '15'],
    ['-2', 10, '-20'],
    ['0', 100, '0'],
    ['90071992547409931', 100, '9007199254740993100'],
  ] as const)('%s · %i = %s', (text, factor, want) => {
    expect(multiplyText(text, factor)).toBe(want);
  });
  it('is undefined where the text is no decimal', () => {
    for (const bad of ['', 'x', '1e9999']) expect(multiplyText(bad, 10)).toBeUndefined();
  });
});

it('a text of millions of digits or blanks is told to be no number or time in linear time', () => {
  // the square of the length would be hours, past the limit of any test
  for (const filler of ['9', ' ', '0'])
    for (const text of [`${filler.repeat(2_000_000)}x`, `1.${filler.repeat(2_000_000)}x`]) {
      expect(numberOf(text)).toBeNaN();
      expect(parseDecimalText(text)).toBeUndefined();
      expect(subtractText(text, '1')).toBeUndefined();
      expect(microsOfIso(`2024-01-05${text}`)).toBeNaN();
    }
});
