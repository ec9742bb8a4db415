import type { Params } from './rules.js';

/**
 * What is known of a state, in slots: spread (ticks), mid (half ticks from tick 0), bid and ask depth of each band (lots),
 * then imbalances, of each number of levels and of each band. A slot that is not covered has no value.
 */
export interface Slots {
  readonly count: number;
  readonly levels: number;
  readonly bands: number;
  /** Bid depth of band 0; its ask depth follows, then band 1. */
  readonly depth: number;
  /** Imbalance of the first number of levels: from here on slots are ratios in [-1, 1]. */
  readonly ofLevels: number;
  /** Imbalance of band 0. */
  readonly ofBands: number;
}

export const SPREAD = 0;
export const MID = 1;

export function slotsOf({ levels, bands }: Params): Slots {
  const ofLevels = 2 + 2 * bands.length;
  const ofBands = ofLevels + levels.length;
  return {
    ...{ count: ofBands + bands.length, levels: levels.length, bands: bands.length },
    ...{ depth: 2, ofLevels, ofBands },
  };
}

/** Ratios add up as multiples of 2^-52. */
export const RATIO_BITS = 52;
/** Values add up by limbs of so many bits, sign and magnitude: three of them hold any. */
export const LIMB = 2 ** 21;

/**
 * Sums over the time of a piece, a cell a piece and slot. Limbs: Σ of each limb of the value times µs, all below 2^53.
 */
export interface Measures {
  readonly top: Float64Array;
  readonly middle: Float64Array;
  readonly low: Float64Array;
  /** µs with a value. */
  readonly covered: Uint32Array;
  /** Of levels: fewest levels on the thinner side, NOT_COVERED without a value. Of bands: µs in which levels ended inside. */
  readonly extra: Uint32Array;
  /** Ratios: of the first state, and of the last one that has a value; NaN without. */
  readonly first: Float64Array;
  readonly last: Float64Array;
}

export const NOT_COVERED = 0xffffffff;

/** What is carried from tile to tile: the last state of each instrument, and when all so far was known. */
export const carrySpec = {
  values: { type: 'f64', stride: (p: Params) => slotsOf(p).count, initial: Number.NaN },
  extra: { type: 'u32', stride: (p: Params) => slotsOf(p).count, initial: 0 },
  time: { type: 'f64', stride: 1, initial: Number.NaN },
  usable: { type: 'u32', stride: 1, initial: 0 },
  known: { type: 'f64', stride: 1, initial: 0 },
} as const;
