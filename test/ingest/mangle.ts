import { InputError } from '../../src/core/errors.js';
import type { Importer } from '../../src/core/importer.js';
import { integerIn, random } from '../support/random.js';
import { readWith } from './import-support.js';

const HOSTILE = [
  ...['', 'NaN', '1e999', '-1', '-0', '1e-400', 'Infinity', 'null', 'true', '__proto__', 'constructor', '..'],
  ...['../../x', '"', '""', '"a', ',', ',,,,,,,,,,,,', '\u0000', '\ufeff', '\ufffd', ' ', '\t', '\r'],
  ...[
    '9007199254740993',
    '123456789012345678901234567890.123456789012345678',
    '[',
    ']',
    '{',
    '}',
    '[]',
    '{}',
  ],
  ...['\\', '\\"', '\n', '\n\n', 'false', '0', '0.0000000000000000000000001', '99999999999999999999'],
];

/** A text with a few seeded faults: hostile words, lost, doubled and swapped pieces, flipped characters. */
function mangled(text: string, seed: number): string {
  const next = random(seed);
  let out = text;
  for (let faults = integerIn(next, 1, 4); faults > 0; faults--) {
    const at = integerIn(next, 0, out.length);
    const length = integerIn(next, 0, 12);
    const word = HOSTILE[integerIn(next, 0, HOSTILE.length - 1)]!;
    switch (integerIn(next, 0, 4)) {
      case 0:
        out = out.slice(0, at) + word + out.slice(at);
        break;
      case 1:
        out = out.slice(0, at) + word + out.slice(at + length);
        break;
      case 2:
        out = out.slice(0, at) + out.slice(at + length);
        break;
      case 3:
        out = out.slice(0, at) + out.slice(Math.max(0, at - 3 * length), at) + out.slice(at);
        break;
      default:
        out = `${out.slice(0, at)}${String.fromCharCode(integerIn(next, 1, 0x2ff))}${out.slice(at + 1)}`;
    }
  }
  return out === '' ? ' ' : out;
}

export interface Survived {
  /** Inputs that were refused as a whole. */
  readonly refused: number;
  /** Inputs that were read, with rejected rows or without. */
  readonly read: number;
  readonly rejected: number;
}

/**
 * Reads `count` mangled copies of a file. Whatever is in them ends in rows, rejects, skips or an InputError of one line;
 * `records` gives how many records a text holds, where that can be told; all of them must be accounted for.
 */
export async function survive(
  importer: Importer,
  write: (name: string, text: string) => string,
  name: string,
  sample: string,
  count: number,
  records: (text: string) => number | undefined,
  beside: readonly string[] = [],
): Promise<Survived> {
  let [refused, read, rejected] = [0, 0, 0];
  for (let seed = 1; seed <= count; seed++) {
    const text = mangled(sample, seed);
    const path = write(name, text);
    try {
      const { rows, skipped } = await readWith(importer, [path, ...beside]);
      const seen = new Set(rows.map((row) => row.record)).size;
      const expected = records(text);
      if (expected !== undefined && seen + skipped !== expected)
        throw new Error(
          `${importer.name} seed ${seed}: ${seen} records and ${skipped} skipped of ${expected} in ${JSON.stringify(text)}`,
        );
      for (const row of rows)
        if (row.reject === undefined && row.symbol === undefined)
          throw new Error(`${importer.name} seed ${seed}: a good row without instrument`);
      rejected += rows.filter((row) => row.reject !== undefined).length;
      read++;
    } catch (error) {
      if (!(error instanceof InputError) || error.message.includes('\n')) throw error;
      refused++;
    }
  }
  return { refused, read, rejected };
}

/** Lines that are not blank, as the contract of `SourceFile.lines` cuts them. */
export const linesOf = (text: string): number =>
  text
    .replace(/^\ufeff/, '')
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line !== '').length;
