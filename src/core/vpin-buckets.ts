import { InputError } from './errors.js';

/** Volume buckets; a row a bucket, the last one null (NaN) throughout where it is not full yet. */
export interface VpinBuckets {
  /** Lots bought by takers, and sold: together the bucket's size. */
  readonly buy: Float64Array;
  readonly sell: Float64Array;
  /** Row of the trade that filled the bucket: the bucket is available when that trade is. */
  readonly filledBy: Float64Array;
  /** Σ|B-S| of the last n buckets by n·size, in [0, 1]; null before there are n. */
  readonly vpin: Float64Array;
  /** Lots in the bucket that is not full: Σ(buy + sell) + remainder = Σ|lots|. */
  readonly remainder: number;
}

/** 2 GiB a column. */
const MOST_BUCKETS = 2 ** 28;

/**
 * Buckets of `size` lots (VBS) in order of trades, and VPIN = Σ_n|B-S|/(n·VBS) over `n` of them. Lots are integers, buys
 * positive and sells negative; a trade is split exactly where a bucket fills, over as many as it fills. B, S and the sums
 * are exact, VPIN is rounded once. A bucket, once full, never moves. Errors: InputError for a size or n that is not an
 * integer of at least 1, lots that are no integers or reach 2^53 in total, more than 2^28 buckets. Source: Easley, López
 * de Prado & O'Hara (2012), Review of Financial Studies 25(5).
 */
export function vpinBuckets(lots: ArrayLike<number>, size: number, n: number): VpinBuckets {
  checkPositive('VPIN bucket size', size);
  checkPositive('VPIN buckets', n);
  let total = 0;
  for (let i = 0; i < lots.length; i++) {
    if (!Number.isSafeInteger(lots[i]!)) throw new InputError('VPIN lots', lots[i], 'must be an integer');
    total += Math.abs(lots[i]!);
    if (total > Number.MAX_SAFE_INTEGER)
      throw new InputError('VPIN lots', total, 'must stay below 2^53 in total');
  }
  const rows = Math.ceil(total / size);
  if (rows > MOST_BUCKETS)
    throw new InputError('VPIN bucket size', size, `makes ${rows} buckets, not at most 2^28`);
  const buy = new Float64Array(rows).fill(Number.NaN);
  const sell = new Float64Array(rows).fill(Number.NaN);
  const filledBy = new Float64Array(rows).fill(Number.NaN);
  let bucket = 0;
  let bought = 0;
  let held = 0;
  for (let i = 0; i < lots.length; i++) {
    let left = Math.abs(lots[i]!);
    while (left > 0) {
      const part = Math.min(left, size - held);
      left -= part;
      held += part;
      if (lots[i]! > 0) bought += part;
      if (held < size) continue;
      buy[bucket] = bought;
      sell[bucket] = size - bought;
      filledBy[bucket++] = i;
      bought = held = 0;
    }
  }
  return { buy, sell, filledBy, vpin: rollingVpin(buy, sell, bucket, size, n), remainder: held };
}

/** The window's sum is of integers below 2^53: what leaves it leaves no rounding behind. */
function rollingVpin(
  buy: Float64Array,
  sell: Float64Array,
  full: number,
  size: number,
  n: number,
): Float64Array {
  const out = new Float64Array(buy.length).fill(Number.NaN);
  let sum = 0;
  for (let i = 0; i < full; i++) {
    sum += Math.abs(buy[i]! - sell[i]!);
    if (i >= n) sum -= Math.abs(buy[i - n]! - sell[i - n]!);
    if (i >= n - 1) out[i] = sum / (n * size);
  }
  return out;
}

function checkPositive(subject: string, value: number): void {
  if (!(Number.isSafeInteger(value) && value >= 1))
    throw new InputError(subject, value, 'must be an integer of at least 1');
}
