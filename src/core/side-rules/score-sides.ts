import { SIDE_BUY, SIDE_SELL, SIDE_UNKNOWN } from '../columns.js';
import { LotSum } from '../lot-sum.js';

/** A rule beside the exchange's flags, over the trades that have one. Volumes and deltas in lots, exact. */
export interface SideScore {
  /** Trades with a flag. */
  readonly trades: number;
  /** Of these, trades the rule gives a side. */
  readonly classified: number;
  /** Of these, trades it gives the flag's side. */
  readonly correct: number;
  /** Trades by flag, then by what the rule says. */
  readonly confusion: {
    readonly buy: { readonly buy: number; readonly sell: number; readonly unknown: number };
    readonly sell: { readonly buy: number; readonly sell: number; readonly unknown: number };
  };
  readonly volume: bigint;
  readonly volumeClassified: bigint;
  readonly volumeCorrect: bigint;
  /** Σ signed lots by the flags, and by the rule (a trade it leaves unknown adds 0). */
  readonly delta: bigint;
  readonly inferredDelta: bigint;
  /** Largest |inferred - true| cumulative delta after any trade. */
  readonly maxError: bigint;
}

/** Scores inferred sides of rows `[from, to)` against the flags in the low bits of `size`. */
export function scoreSides(
  size: Uint32Array,
  sizeHi: Uint32Array | undefined,
  inferred: Uint8Array,
  from: number,
  to: number,
): SideScore {
  // by flag · 3 + inferred
  const counts = new Float64Array(9);
  const volumes = Array.from({ length: 9 }, () => new LotSum());
  const error = new LotSum();
  let worst = 0;
  let worstExact = 0n;
  for (let i = from; i < to; i++) {
    const flag = size[i]! & 3;
    if (flag === SIDE_UNKNOWN) continue;
    const hi = sizeHi ? sizeHi[i]! : 0;
    const cell = flag * 3 + inferred[i]!;
    counts[cell]!++;
    volumes[cell]!.add(1, size[i]!, hi);
    if (inferred[i] === flag) continue;
    error.add(flag === SIDE_BUY ? -1 : 1, size[i]!, hi);
    // a side taken for the other counts twice, one left unknown once
    if (inferred[i] !== SIDE_UNKNOWN) error.add(flag === SIDE_BUY ? -1 : 1, size[i]!, hi);
    const now = Math.abs(error.value);
    if (now < worst) continue;
    // rounding keeps order, so only equal roundings need the exact values
    const exact = error.exact < 0n ? -error.exact : error.exact;
    if (exact > worstExact) worstExact = exact;
    worst = now;
  }
  const count = (flag: number, as: number): number => counts[flag * 3 + as]!;
  const lots = (flag: number, as: number): bigint => volumes[flag * 3 + as]!.exact;
  const row = (flag: number): SideScore['confusion']['buy'] => ({
    buy: count(flag, SIDE_BUY),
    sell: count(flag, SIDE_SELL),
    unknown: count(flag, SIDE_UNKNOWN),
  });
  const buys = lots(SIDE_BUY, SIDE_BUY) + lots(SIDE_BUY, SIDE_SELL) + lots(SIDE_BUY, SIDE_UNKNOWN);
  const sells = lots(SIDE_SELL, SIDE_BUY) + lots(SIDE_SELL, SIDE_SELL) + lots(SIDE_SELL, SIDE_UNKNOWN);
  const unknown = lots(SIDE_BUY, SIDE_UNKNOWN) + lots(SIDE_SELL, SIDE_UNKNOWN);
  const confusion = { buy: row(SIDE_BUY), sell: row(SIDE_SELL) };
  const trades = counts.reduce((sum, n) => sum + n, 0);
  return {
    trades,
    classified: trades - confusion.buy.unknown - confusion.sell.unknown,
    correct: confusion.buy.buy + confusion.sell.sell,
    confusion,
    volume: buys + sells,
    volumeClassified: buys + sells - unknown,
    volumeCorrect: lots(SIDE_BUY, SIDE_BUY) + lots(SIDE_SELL, SIDE_SELL),
    delta: buys - sells,
    inferredDelta:
      lots(SIDE_BUY, SIDE_BUY) +
      lots(SIDE_SELL, SIDE_BUY) -
      lots(SIDE_BUY, SIDE_SELL) -
      lots(SIDE_SELL, SIDE_SELL),
    maxError: worstExact,
  };
}
