import type { ClockReport } from './inspect-types.js';

/** Steps of an octave: a value is known to 1 part in 256, so that its middle is within 0.4 %. */
const STEPS = 128;
const OCTAVES = 53;

/** Local stamps beside the exchange's: counts, extremes, and medians by a histogram of fixed size. */
export class Clock {
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #early = 0;
  #rows = 0;
  /** Magnitudes of delays, in logarithmic bins: of those below 0, and of the others. */
  readonly #below = new Float64Array(OCTAVES * STEPS);
  readonly #above = new Float64Array(OCTAVES * STEPS);

  /** Adds recv_ts - ts, µs; NaN, where one of them is missing, is not counted. */
  add(delay: number): void {
    if (Number.isNaN(delay)) return;
    this.#rows++;
    if (delay < this.#min) this.#min = delay;
    if (delay > this.#max) this.#max = delay;
    if (delay < 0) {
      this.#early++;
      this.#below[binOf(-delay)]!++;
    } else this.#above[binOf(delay)]!++;
  }

  /** Null if no row has both stamps. */
  report(): ClockReport | null {
    if (this.#rows === 0) return null;
    return {
      rows: this.#rows,
      delay: { min: this.#min, median: this.#ranked((this.#rows - 1) >> 1), max: this.#max },
      skew:
        this.#early === 0
          ? null
          : { rows: this.#early, median: this.#ranked((this.#early - 1) >> 1), extreme: this.#min },
    };
  }

  /** The delay of rank `rank` from 0, the lower of two middle ones at an even count, as its bin's middle. */
  #ranked(rank: number): number {
    let left = rank;
    for (let bin = this.#below.length - 1; bin >= 0; bin--) {
      left -= this.#below[bin]!;
      if (left < 0) return Math.max(-middleOf(bin), this.#min);
    }
    for (let bin = 0; bin < this.#above.length; bin++) {
      left -= this.#above[bin]!;
      if (left < 0) return Math.min(middleOf(bin), this.#max);
    }
    return this.#max;
  }
}

/** Bins are 0, 1, 2 … up to 2 · STEPS, and then STEPS an octave. */
function binOf(magnitude: number): number {
  const n = Math.floor(magnitude);
  if (n < STEPS) return n;
  const octave = Math.floor(Math.log2(n));
  const shift = octave - Math.log2(STEPS);
  const bin = STEPS * (shift + 1) + Math.floor(n / 2 ** shift) - STEPS;
  return Math.min(bin, OCTAVES * STEPS - 1);
}

function middleOf(bin: number): number {
  if (bin < 2 * STEPS) return bin;
  const shift = Math.floor(bin / STEPS) - 1;
  return Math.round(((bin % STEPS) + STEPS + 0.5) * 2 ** shift);
}
