import type { Bars } from './bars.js';
import { impactRate, share } from './money.js';
import type { Rules } from './rules.js';

/** Notional and sums from here on end a run: below, every product and sum is exact. */
const MOST_NOTIONAL = 2 ** 49;
const MOST_SUM = 2 ** 52;

/** Money of one run, in micro-quote; position in order lots. */
export interface Account {
  cash: number;
  position: number;
  /** Cash when the account was last flat. */
  flat: number;
  turnover: number;
  fees: number;
  spread: number;
  impact: number;
  funding: number;
  profit: number;
  loss: number;
  fills: number;
  trades: number;
  wins: number;
  overflow: boolean;
  /** Own fills, for the fee tier: bar and value of each. */
  readonly bars: Int32Array;
  readonly values: Float64Array;
  /** Fills `[tail, head)` are in the window, worth `trailing`; `end` are there. */
  tail: number;
  head: number;
  end: number;
  trailing: number;
}

/** What one fill was. */
export interface Fill {
  bar: number;
  decided: number;
  reason: number;
  side: number;
  lots: number;
  price: number;
  value: number;
  spread: number;
  impact: number;
  fee: number;
  tier: number;
  trailing: number;
  position: number;
}

/** An account that remembers the fills of so many bars: at most three a bar, one side closed, the other opened and stopped. */
export const newAccount = (bars: number): Account => ({
  ...{ cash: 0, position: 0, flat: 0, turnover: 0, fees: 0, spread: 0, impact: 0, funding: 0 },
  ...{ profit: 0, loss: 0, fills: 0, trades: 0, wins: 0, overflow: false },
  ...{ bars: new Int32Array(3 * bars), values: new Float64Array(3 * bars) },
  ...{ tail: 0, head: 0, end: 0, trailing: 0 },
});

/** Begins anew with so much cash. */
export function restart(account: Account, cash: number): void {
  account.cash = cash;
  account.position = 0;
  account.flat = cash;
  account.turnover = 0;
  account.fees = 0;
  account.spread = 0;
  account.impact = 0;
  account.funding = 0;
  account.profit = 0;
  account.loss = 0;
  account.fills = 0;
  account.trades = 0;
  account.wins = 0;
  account.overflow = false;
  account.tail = 0;
  account.head = 0;
  account.end = 0;
  account.trailing = 0;
}

/** Buys (side 1) or sells (-1) `lots` at `price` in bar t; `out` tells what it was. */
export function fill(
  account: Account,
  bars: Bars,
  rules: Rules,
  t: number,
  side: number,
  lots: number,
  price: number,
  out: Fill | undefined,
): void {
  const notional = lots * price;
  if (notional >= MOST_NOTIONAL) {
    account.overflow = true;
    return;
  }
  // a fill comes after its decision, so there is a bar before it
  const { impact: impacts, root } = bars.columns;
  const spread = share(notional, rules.halfSpread);
  const impact = share(notional, impactRate(impacts[t - 1]!, lots, root[t - 1]!));
  const value = notional + side * (spread + impact);
  const tier = rules.takers.length === 1 ? 0 : tierAt(account, bars, rules, t);
  const fee = share(value, rules.takers[tier]!);
  account.cash -= side * value + fee;
  account.position += side * lots;
  account.turnover += value;
  account.fees += fee;
  account.spread += spread;
  account.impact += impact;
  account.fills++;
  if (rules.takers.length > 1) {
    account.bars[account.end] = t;
    account.values[account.end++] = value;
  }
  if (account.position === 0) closeTrade(account);
  if (!out) return;
  out.bar = t;
  out.side = side;
  out.lots = lots;
  out.price = price;
  out.value = value;
  out.spread = spread;
  out.impact = impact;
  out.fee = fee;
  out.tier = tier;
  out.trailing = account.trailing;
  out.position = account.position;
}

/** The tier of own notional traded in the window before bar t, which a fill there does not belong to. */
function tierAt(account: Account, bars: Bars, rules: Rules, t: number): number {
  const { thresholds } = rules;
  const from = bars.columns.feeFrom[t]!;
  const to = bars.feeTo[t]!;
  for (; account.head < account.end && account.bars[account.head]! < to; account.head++)
    account.trailing += account.values[account.head]!;
  for (; account.tail < account.head && account.bars[account.tail]! < from; account.tail++)
    account.trailing -= account.values[account.tail]!;
  let tier = 0;
  while (tier + 1 < thresholds.length && account.trailing >= thresholds[tier + 1]!) tier++;
  return tier;
}

/** From flat to flat: everything that moved cash, costs and funding among it. */
function closeTrade(account: Account): void {
  // what a fill costs beyond all there is is not owed: the account is ruined, and its loss is what it had
  if (account.cash < 0) account.cash = 0;
  const result = account.cash - account.flat;
  account.trades++;
  if (result > 0) {
    account.wins++;
    account.profit += result;
  } else account.loss -= result;
  account.flat = account.cash;
}

/** At a price that leaves an equity of 0 or less the position is taken over, and nothing remains. */
export function goesBankrupt(account: Account, price: number): boolean {
  // beyond 2^53 the sum is inexact, but its sign is the position's
  if (account.position === 0 || account.cash + account.position * price > 0) return false;
  account.cash = 0;
  account.position = 0;
  closeTrade(account);
  return true;
}

/** Longs pay where the rate is positive. */
export function payFunding(account: Account, price: number, rate: number): void {
  const notional = Math.abs(account.position) * price;
  if (notional >= MOST_NOTIONAL) {
    account.overflow = true;
    return;
  }
  const amount = share(notional, rate) * (account.position > 0 ? 1 : -1);
  account.cash -= amount;
  account.funding += amount;
}

/** Whether a sum, or the position's notional, has grown past what stays exact. */
export const overflows = (account: Account, price: number): boolean =>
  account.overflow ||
  Math.abs(account.position) * price >= MOST_NOTIONAL ||
  account.turnover >= MOST_SUM ||
  account.profit >= MOST_SUM ||
  account.loss >= MOST_SUM ||
  Math.abs(account.cash) >= MOST_SUM ||
  Math.abs(account.funding) >= MOST_SUM;
