import { type Account, type Fill, fill, goesBankrupt, overflows, payFunding, restart } from './account.js';
import type { Bars } from './bars.js';
import { FUNDING_AT_OPEN, FUNDING_INSIDE, NEW_DAY, PERIOD_END, WARNS_LONG, WARNS_SHORT } from './layout.js';
import { quotient } from './money.js';
import { level, size } from './orders.js';
import { addReturn, clear, type Outcome } from './outcome.js';
import { MICROS, type Rules } from './rules.js';
import { ACTIVE, KILLED, OVERFLOW, REASONS } from './states.js';

/** Where a run's rows go; a list that nobody asked for is empty. */
export interface Listing {
  readonly fill: ((fill: Fill) => void) | undefined;
  /** By bar, from row `bar` on: micro-quote and order lots. */
  readonly equity: Float64Array;
  readonly position: Float64Array;
  bar: number;
  /** By period, from row `period` on: micro-quote. */
  readonly profit: Float64Array;
  period: number;
}

/** The fill being made. */
const made: Fill = {
  ...{ bar: 0, decided: 0, reason: 0, side: 0, lots: 0, price: 0, value: 0, spread: 0, impact: 0 },
  ...{ fee: 0, tier: 0, trailing: 0, position: 0 },
};

/**
 * One trial over one instrument, bar by bar: the steps of the analytic's notes, in their order. `entries[t]` is the first
 * bar from t on whose signals enter: a flat account that has nothing to count goes there at once.
 */
export function walk(
  bars: Bars,
  rules: Rules,
  number: number,
  entries: Int32Array,
  account: Account,
  outcome: Outcome,
  listing: Listing,
): void {
  const { columns, count } = bars;
  const { events, open: opens, mark, z, mostFill, fillBar, range } = columns;
  const trial = rules.trials[number]!;
  const { warn, timeStop, window } = trial;
  const { capital, dailyLoss, drawdownKill, funding } = rules;
  const lists = listing.equity.length > 0;
  const { profit: profits } = listing;
  restart(account, capital * MICROS);
  clear(outcome);
  let equity = account.cash;
  let peak = equity;
  let fall = 0;
  let dayEquity = equity;
  let periodEquity = equity;
  let { period } = listing;
  let previous = 0;
  let exposure = 0;
  let locked = false;
  let status = ACTIVE;
  // the order: bar it is due from (-1: none), position it wants, where and why it was decided
  let due = -1;
  let wanted = 0;
  let decided = 0;
  let reason = 0;
  // the position
  let entered = 0;
  let warned = -1;
  let stop = 0;
  let target = 0;

  for (let t = 0; t < count; t++) {
    if (account.position === 0 && due < 0 && equity === periodEquity && previous === 0 && !lists) {
      const next = status === ACTIVE ? entries[t]! : count;
      // days on the way begin with this equity, and their periods end with it
      for (let u = t; u < next && (profits.length > 0 || equity !== dayEquity || locked); u++) {
        if (events[u]! & PERIOD_END) period++;
        if (events[u]! & NEW_DAY) {
          dayEquity = equity;
          locked = false;
        }
      }
      t = next;
      if (t === count) break;
    }
    const event = events[t]!;
    const open = opens[t]!;
    // 1. a new day
    if (event & NEW_DAY) {
      dayEquity = equity;
      locked = false;
    }
    // 2. ruin by the open, then funding there, of the position held before it
    if (account.position !== 0 && open > 0 && goesBankrupt(account, open)) {
      status = KILLED;
      due = -1;
    }
    if (funding !== 0 && account.position !== 0 && event & FUNDING_AT_OPEN)
      payFunding(account, open || mark[t]!, funding);
    // 3. the order: what reduces, then what opens
    let room = mostFill[t]!;
    if (due >= 0 && t >= due && open > 0) {
      const held = account.position;
      const keep = held > 0 === wanted > 0 ? wanted : 0;
      const closing = held === 0 ? 0 : Math.abs(held - keep);
      const closed = Math.min(closing, room);
      if (closed > 0)
        execute(account, bars, rules, t, held > 0 ? -1 : 1, closed, open, decided, reason, listing);
      room -= closed;
      due = closed === closing ? -1 : t + 1;
      const opening = Math.min(Math.abs(wanted), room);
      // an order from before the limit was hit closes what it can and opens nothing
      const opens = status === ACTIVE && !locked && opening > 0 && account.cash > 0;
      if (due < 0 && account.position === 0 && opens) {
        const side = wanted > 0 ? 1 : -1;
        execute(account, bars, rules, t, side, opening, open, decided, reason, listing);
        room -= opening;
        entered = t;
        warned = -1;
        stop = level(open, -side, range[decided]!, trial.stop);
        target = level(open, side, range[decided]!, trial.target);
      }
    }
    // 4. funding inside the bar, of the position held after its open
    const inside = event >> FUNDING_INSIDE;
    if (funding !== 0 && account.position !== 0 && inside > 0)
      payFunding(account, open || mark[t]!, inside * funding);
    // 5. the stop, else the target
    if (account.position !== 0 && open > 0) {
      const held = account.position;
      const low = columns.low[t]!;
      const high = columns.high[t]!;
      let price = 0;
      let why: number = REASONS.stop;
      if (trial.stop > 0 && (held > 0 ? low <= stop : high >= stop))
        price = held > 0 ? Math.min(open, stop) : Math.max(open, stop);
      else if (trial.target > 0 && (held > 0 ? high >= target : low <= target)) {
        price = held > 0 ? Math.max(open, target) : Math.min(open, target);
        why = REASONS.target;
      }
      if (price > 0) {
        const lots = Math.min(Math.abs(held), room);
        if (lots > 0) execute(account, bars, rules, t, held > 0 ? -1 : 1, lots, price, entered, why, listing);
        // what the bar cannot fill goes on at the opens that follow
        due = account.position === 0 ? -1 : t + 1;
        wanted = 0;
        decided = entered;
        reason = why;
      }
    }
    // 6. marks
    if (account.position === 0 ? account.cash === 0 : goesBankrupt(account, mark[t]!)) {
      status = KILLED;
      due = -1;
    }
    if (overflows(account, mark[t]!)) status = OVERFLOW;
    else {
      equity = account.cash + account.position * mark[t]!;
      if (account.position !== 0) exposure++;
      if (equity > peak) peak = equity;
      if (peak - equity > fall) fall = peak - equity;
      if (status === ACTIVE && peak - equity >= drawdownKill) status = KILLED;
      if (dayEquity - equity >= dailyLoss) locked = true;
    }
    // 7. the end of a period
    if (event & PERIOD_END && status !== OVERFLOW) {
      const profit = equity - periodEquity;
      if (profits.length > 0) profits[period++] = profit;
      periodEquity = equity;
      const before = previous;
      previous = quotient(profit, capital);
      if (!addReturn(outcome, previous, before)) status = OVERFLOW;
    }
    if (lists) {
      // a run that overflows stays where it was
      const end = status === OVERFLOW ? count : t + 1;
      listing.equity.fill(equity, listing.bar + t, listing.bar + end);
      listing.position.fill(account.position, listing.bar + t, listing.bar + end);
    }
    if (status === OVERFLOW) break;
    // 8. the decision
    if (due >= 0) continue;
    const held = account.position;
    if (held === 0) {
      if (status !== ACTIVE || locked || entries[t] !== t) continue;
      const lots = size(columns, t, rules, trial);
      if (lots === 0) continue;
      wanted = z[t]! > 0 ? lots : -lots;
      reason = REASONS.entry;
    } else if (status === KILLED || locked) {
      wanted = 0;
      reason = status === KILLED ? REASONS.kill : REASONS.loss;
    } else if (timeStop > 0 && t - entered + 1 >= timeStop) {
      wanted = 0;
      reason = REASONS.time;
    } else {
      const against = held > 0 ? -z[t]! : z[t]!;
      if (against < warn && (event & (held > 0 ? WARNS_LONG : WARNS_SHORT)) === 0) continue;
      if (warned < 0 || t - warned > window) {
        wanted = Math.trunc(held / 2);
        reason = REASONS.warning;
      } else {
        const lots = rules.reverses ? size(columns, t, rules, trial) : 0;
        wanted = held > 0 ? -lots : lots;
        reason = REASONS.reversal;
      }
      warned = t;
    }
    due = fillBar[t]!;
    decided = t;
  }
  outcome.equity = equity;
  outcome.fall = fall;
  outcome.exposure = exposure;
  outcome.status = status;
}

/** A fill, and its row where fills are listed. */
function execute(
  account: Account,
  bars: Bars,
  rules: Rules,
  t: number,
  side: number,
  lots: number,
  price: number,
  decided: number,
  reason: number,
  listing: Listing,
): void {
  fill(account, bars, rules, t, side, lots, price, listing.fill && made);
  if (account.overflow || !listing.fill) return;
  made.decided = decided;
  made.reason = reason;
  listing.fill(made);
}
