import { InputError } from './errors.js';
import type { FeeTier } from './fee-ladder.js';
import { gridStart } from './sessions.js';

/** An own fill: its notional in quote currency, converted at its time where the ladder counts another currency. */
export interface OwnFill {
  /** µs. */
  readonly time: number;
  readonly notional: number;
  readonly maker: boolean;
}

/** Own notional of the 30 days before each fill, or before its 00:00 UTC. */
export type FeeWindow = 'rolling_30d' | 'daily_snapshot';

/** What fills cost; the columns have a row a fill. */
export interface VolumeFees {
  readonly fee: Float64Array;
  readonly tier: Int32Array;
  /** Own notional that set the tier. */
  readonly trailing: Float64Array;
  /** Notional still missing to the next tier; null at the top. */
  readonly toNext: Float64Array;
  readonly total: number;
  /** Fees by notional, bps; null without fills. */
  readonly effectiveBps: number;
}

const DAY = 86_400_000_000;

/**
 * Fees of fills in order of time: fee = notional · rate(tier(R), maker) with R the own notional in [t - 30 d, t), so that a
 * fill which crosses a threshold is charged wholly at the old tier and reaching one counts. Fills of one time do not count
 * for one another. Rebates are negative. Errors: InputError for fills out of order, negative
 * notionals and a ladder without tiers.
 */
export function volumeFees(
  fills: readonly OwnFill[],
  ladder: readonly FeeTier[],
  window: FeeWindow = 'rolling_30d',
): VolumeFees {
  if (ladder.length === 0) throw new InputError('fee ladder', '(empty)', 'must have at least one tier');
  const rows = fills.length;
  const out = {
    fee: new Float64Array(rows),
    tier: new Int32Array(rows),
    trailing: new Float64Array(rows),
    toNext: new Float64Array(rows),
  };
  let from = 0;
  let to = 0;
  let total = 0;
  let turnover = 0;
  // the window's notional and what rounding took from it, so that what has left leaves nothing behind
  let high = 0;
  let low = 0;
  const add = (value: number): void => {
    const sum = high + value;
    const part = sum - high;
    low += high - (sum - part) + (value - part);
    high = sum;
  };
  fills.forEach(({ time, notional, maker }, i) => {
    if (!(notional >= 0)) throw new InputError('fill notional', notional, 'must be at least 0');
    if (i > 0 && !(time >= fills[i - 1]!.time))
      throw new InputError('fill time', time, `must not lie before the one before, ${fills[i - 1]!.time}`);
    const end = window === 'daily_snapshot' ? gridStart(time, DAY) : time;
    while (fills[to]!.time < end) add(fills[to++]!.notional);
    while (fills[from]!.time < end - 30 * DAY) add(-fills[from++]!.notional);
    const trailing = high + low;
    let tier = 0;
    while (tier + 1 < ladder.length && trailing >= ladder[tier + 1]!.threshold) tier++;
    const { maker: makerBps, taker: takerBps } = ladder[tier]!;
    out.fee[i] = (notional * (maker ? makerBps : takerBps)) / 1e4;
    out.tier[i] = tier;
    out.trailing[i] = trailing;
    out.toNext[i] = tier + 1 < ladder.length ? ladder[tier + 1]!.threshold - trailing : Number.NaN;
    total += out.fee[i]!;
    turnover += notional;
  });
  return { ...out, total, effectiveBps: turnover > 0 ? (total / turnover) * 1e4 : Number.NaN };
}

/**
 * What the next tier is worth on fills still expected: Σ notional · (rate now - rate there); 0 at the top. Errors: InputError for a tier
 * that the ladder lacks.
 */
export function nextTierValue(
  expected: readonly Pick<OwnFill, 'notional' | 'maker'>[],
  ladder: readonly FeeTier[],
  tier: number,
): number {
  if (!ladder[tier]) throw new InputError('fee tier', tier, `must be one of ${ladder.length}, from 0`);
  const [now, next] = [ladder[tier]!, ladder[tier + 1] ?? ladder[tier]!];
  return expected.reduce(
    (sum, { notional, maker }) =>
      sum + (notional * (maker ? now.maker - next.maker : now.taker - next.taker)) / 1e4,
    0,
  );
}
