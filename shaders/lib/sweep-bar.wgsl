// What a bar does to a strategy run before it is marked: steps 1 to 5 without their fills.
//#import order-size
//#import sweep-state

/// 1 if the signals of a bar enter long, -1 short, else 0.
fn entry_side(z: i32, relative: i32, spread: u32, trends: u32) -> i32 {
  if (relative < trial.relative || spread > trial.limit) { return 0; }
  let trend = (trends >> trial.trend) & 3u;
  if (z >= trial.entry && trend == 1u) { return 1; }
  return select(0, -1, z <= -trial.entry && trend == 2u);
}

/// Whether a bar changes nothing: flat, without an order or an entry, and nothing that a day or period would settle.
fn is_idle(events: u32, side: i32) -> bool {
  if (account.position != 0 || run.waits || side != 0) { return false; }
  let settled = all(run.equity == run.day_start) && all(run.equity == run.period_start);
  return (events & (NEW_DAY | PERIOD_END)) == 0u || (settled && returns.previous == 0 && !run.locked);
}

/// Prices of funding: the open, or the last close where nothing traded.
fn funding_price(now: Bar) -> u32 {
  return select(now.open, now.mark, now.open == 0u);
}

/// Steps 1 and 2, and what the bar can fill.
fn begin_bar(now: Bar, funding: i32) {
  if ((now.events & NEW_DAY) != 0u) {
    run.day_start = run.equity;
    run.locked = false;
  }
  if (now.open > 0u) { ruin_at(now.open); }
  if (account.position != 0 && (now.events & FUNDING_AT_OPEN) != 0u) {
    pay_funding(&account, funding_price(now), funding);
  }
  run.room = now.most_fill;
}

/// Step 4.
fn fund_inside(now: Bar, funding: i32) {
  let times = i32(now.events >> 8u);
  if (account.position != 0 && times > 0) { pay_funding(&account, funding_price(now), times * funding); }
}

/// Lots of the order that reduce the position.
fn closing_lots() -> u32 {
  let held = account.position;
  let keep = select(0, run.wanted, (held > 0) == (run.wanted > 0));
  return select(u32(abs(held - keep)), 0u, held == 0);
}

/// A position opened at the open of bar t, its levels by the range at the decision.
fn opened(t: u32, open: u32, range: u32) {
  let buys = run.wanted > 0;
  run.entered = t;
  run.warned = false;
  run.stop = level_at(open, !buys, range, trial.stop);
  run.goal = level_at(open, buys, range, trial.goal);
}

struct Hit {
  price: u32,
  reason: u32,
}

/// The stop, else the target, if the bar's range reaches it; price 0 if not.
fn level_hit(now: Bar) -> Hit {
  if (account.position == 0 || now.open == 0u) { return Hit(); }
  let long = account.position > 0;
  let stopped = trial.stop > 0u && select(now.high >= run.stop, now.low <= run.stop, long);
  let reached = trial.goal > 0u && select(now.low <= run.goal, now.high >= run.goal, long);
  if (!stopped && !reached) { return Hit(); }
  let level = select(run.goal, run.stop, stopped);
  // a stop is no better than the open, a target no worse
  let price = select(max(now.open, level), min(now.open, level), long == stopped);
  return Hit(price, select(5u, 4u, stopped));
}
