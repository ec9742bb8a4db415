import { InputError } from '../core/errors.js';
import { createRandom } from '../core/random.js';
import { checkWhole } from './check-whole.js';

export interface BootstrapOptions {
  /** Resamples; 1,000 unless given. */
  readonly samples?: number;
  /** Mean block length in rows, at least 1; ⌈rows^{1/3}⌉ unless given. 1 is the bootstrap of independent rows. */
  readonly meanBlock?: number;
  /** Whole number, 0 to 2^32 - 1; 1 unless given. */
  readonly seed?: number;
}

/** Resamples of a series as runs of consecutive rows, the first row following the last. */
export interface Resamples {
  readonly rows: number;
  readonly samples: number;
  readonly meanBlock: number;
  /** Blocks of sample s are `offsets[s] .. offsets[s + 1]`. */
  readonly offsets: Uint32Array;
  /** First row of each block, and its rows, 1 to `rows`. */
  readonly start: Uint32Array;
  readonly length: Uint32Array;
}

/** The generator's whole numbers below a bound are even up to here. */
const MOST_ROWS = 2 ** 21;

/**
 * Stationary bootstrap of Politis & Romano (1994), JASA 89: blocks start at any row with equal chance and each row is
 * followed by the next with chance 1 - 1/meanBlock, the series closed to a circle, until there are as many rows as
 * before. The same options give the same resamples everywhere.
 */
export function stationaryBootstrap(rows: number, options: BootstrapOptions = {}): Resamples {
  checkWhole('bootstrap rows', rows, 1, MOST_ROWS);
  const samples = checkWhole('bootstrap samples', options.samples ?? 1000, 1, 1_000_000);
  const seed = checkWhole('bootstrap seed', options.seed ?? 1, 0, 4294967295);
  const meanBlock = options.meanBlock ?? Math.ceil(Math.cbrt(rows));
  if (!(meanBlock >= 1 && meanBlock < Number.POSITIVE_INFINITY))
    throw new InputError('bootstrap mean block', meanBlock, 'must be at least 1 and finite');
  const random = createRandom(seed, 0);
  const newBlock = 1 / meanBlock;
  const offsets = new Uint32Array(samples + 1);
  const start: number[] = [];
  const length: number[] = [];
  for (let s = 0; s < samples; s++) {
    let run = 0;
    for (let t = 0; t < rows; t++) {
      if (t === 0 || random.unit() < newBlock) {
        if (run > 0) length.push(run);
        run = 0;
        start.push(random.below(rows));
      }
      run++;
    }
    length.push(run);
    offsets[s + 1] = start.length;
  }
  return {
    rows,
    samples,
    meanBlock,
    offsets,
    start: Uint32Array.from(start),
    length: Uint32Array.from(length),
  };
}
