import { describe, expect, it } from 'vitest';
import { decimal, parseDecimalText } from '../../src/core/decimal.js';
import { createRandom } from '../../src/core/random.js';
import type { RawNumbers } from '../../src/core/raw.js';
import { BAD, GOOD, INEXACT, NumberEncoder, OFF_UNIT } from '../../src/table/number-encoder.js';

const CODES = [GOOD, BAD, OFF_UNIT, INEXACT];

interface Encoded {
  readonly code: number;
  /** Value as digits and scale, trailing zeros removed. */
  readonly value: string;
}

/** Encodes numbers in batches of random length; rows that are kept raise the scale, as the stages do. */
function encoded(
  encoder: NumberEncoder,
  numbers: Exclude<RawNumbers, { kind: 'decimal' }>,
  rows: number,
  cut: () => number,
): Encoded[] {
  const out: Encoded[] = [];
  for (let from = 0; from < rows; ) {
    const to = Math.min(rows, from + cut());
    const n = to - from;
    const reject = new Uint8Array(n);
    const units = new Float64Array(n);
    const scale = new Uint8Array(n);
    const wide = new Map<number, { unscaled: bigint; scale: number }>();
    const part: RawNumbers =
      numbers.kind === 'f64'
        ? { kind: 'f64', values: numbers.values.subarray(from, to) }
        : { kind: 'text', values: (numbers.values as readonly string[]).slice(from, to) };
    encoder.encode(part, undefined, new Uint32Array(n), n, CODES, reject, units, scale, wide);
    for (let i = 0; i < n; i++) {
      if (reject[i] === GOOD && scale[i]! > encoder.scale[0]!) encoder.scale[0] = scale[i]!;
      const exact = wide.get(i) ?? { unscaled: BigInt(reject[i] === GOOD ? units[i]! : 0), scale: scale[i]! };
      const { unscaled, scale: digits } = parseDecimalText(`${exact.unscaled}e-${exact.scale}`)!;
      out.push({ code: reject[i]!, value: reject[i] === GOOD ? `${unscaled}e-${digits}` : '' });
    }
    from = to;
  }
  return out;
}

const random = createRandom(11, 0);
const decimals = Array.from({ length: 4000 }, () => {
  const digits = 1 + random.below(15);
  const scale = random.below(13);
  let text = '';
  for (let d = 0; d < digits; d++) text += String(d === 0 ? 1 + random.below(9) : random.below(10));
  return `${text}e-${scale}`;
});
const plain = (text: string): string => {
  const { unscaled, scale } = parseDecimalText(text)!;
  return `${unscaled}e-${scale}`;
};

describe('f64 as decimals', () => {
  const encoder = (unit?: string): NumberEncoder => {
    const made = new NumberEncoder();
    made.add(0, unit === undefined ? undefined : decimal(unit));
    return made;
  };

  it('an f64 of up to 15 digits is its decimal, and the scale is the most digits of any, however batches are cut', () => {
    for (const list of [decimals, [...decimals].reverse()]) {
      const floats = encoder();
      const got = encoded(
        floats,
        { kind: 'f64', values: Float64Array.from(list, Number) },
        list.length,
        () => 1 + random.below(300),
      );
      expect(got).toEqual(list.map((text) => ({ code: GOOD, value: plain(text) })));
      expect(floats.scale[0]).toBe(Math.max(...list.map((text) => parseDecimalText(text)!.scale)));
    }
  });

  it('a rejected row raises no scale, whatever was tried for it', () => {
    const floats = encoder();
    const values = Float64Array.of(0.123456789, 5);
    const out = new Float64Array(2);
    const scale = new Uint8Array(2);
    floats.encode(
      { kind: 'f64', values },
      undefined,
      new Uint32Array(2),
      2,
      CODES,
      new Uint8Array(2),
      out,
      scale,
      new Map(),
    );
    // the first row falls for its other number, so nothing raises the scale: the second still has none
    expect([out[1], scale[1]]).toEqual([5, 0]);
  });

  it('declared units take from f64 what they take from text', () => {
    for (const unit of ['0.01', '0.5', '0.00025', '1000', '3']) {
      const texts = [...decimals, '0.015', '0.0149999999', '1500', '2999.999999', '1e-300', '-5', '0'].map(
        (text) => String(Number(text)),
      );
      const floats = { kind: 'f64', values: Float64Array.from(texts, Number) } as const;
      const cut = (): number => 1 + random.below(300);
      const a = encoded(encoder(unit), floats, texts.length, cut);
      const b = encoded(encoder(unit), { kind: 'text', values: texts }, texts.length, cut);
      expect(a, unit).toEqual(b);
    }
  });

  it('two units in the last place off a decimal of 12 digits is that decimal; five are not, nor more digits', () => {
    const bits = new Float64Array(1);
    const words = new BigInt64Array(bits.buffer);
    const moved = (value: number, units: bigint): number => {
      bits[0] = value;
      words[0]! += units;
      return bits[0]!;
    };
    const short = decimals.filter((text) => {
      const digits = String(parseDecimalText(text)!.unscaled).replace(/0+$/, '').length;
      return digits <= 12 && Number(text) < 1e12 && Number(text) > 1e-9;
    });
    expect(short.length).toBeGreaterThan(1000);
    for (const [units, code] of [
      [1n, GOOD],
      [-1n, GOOD],
      [2n, GOOD],
      [-2n, GOOD],
      [5n, INEXACT],
      [-5n, INEXACT],
    ] as const) {
      const values = Float64Array.from(short, (text) => moved(Number(text), units));
      const got = encoded(encoder(), { kind: 'f64', values }, values.length, () => 100);
      // five units off may be a decimal of 15 digits, which then stands for itself
      const own = (i: number): boolean => Number(values[i]!.toPrecision(15)) === values[i];
      expect(got).toEqual(
        short.map((text, i) =>
          code === GOOD
            ? { code, value: plain(text) }
            : own(i)
              ? { code: GOOD, value: plain(values[i]!.toPrecision(15)) }
              : { code, value: '' },
        ),
      );
    }
    const long = ['0.1234567890123', '1234567.8901234', '98765432.1098765'].map((text) =>
      moved(Number(text), 1n),
    );
    const got = encoded(encoder(), { kind: 'f64', values: Float64Array.from(long) }, 3, () => 3);
    expect(got.map(({ code }) => code)).toEqual([INEXACT, INEXACT, INEXACT]);
  });

  it('a text that prints such an f64 is that decimal too, in any notation; other long texts are exact', () => {
    const texts = [
      '0.21100000000000002',
      '5.2000000000000004e-05',
      '-0.3',
      '123456789.12345678',
      '0.21100000000000001',
    ];
    const got = encoded(encoder(), { kind: 'text', values: texts }, texts.length, () => 3);
    expect(got.map(({ value }) => value)).toEqual([
      ...['211e-3', '52e-6', '', '12345678912345678e-8', '21100000000000001e-17'],
    ]);
  });

  it('few random numbers come so near by chance: below one in a thousand', () => {
    const rows = 100_000;
    const values = Float64Array.from(
      { length: rows },
      () => (random.bits() + random.bits() / 4294967296) / 7,
    );
    const got = encoded(encoder(), { kind: 'f64', values }, rows, () => rows);
    // those of at most 15 digits stand for themselves
    const near = got.filter(
      ({ code }, i) => code === GOOD && Number(values[i]!.toPrecision(15)) !== values[i],
    );
    expect(near.length).toBeLessThan(rows / 1000);
    expect(got.filter(({ code }) => code === INEXACT).length).toBeGreaterThan(rows * 0.9);
  });
});
