// Marks and decisions of a strategy run: steps 6 to 8.
//#import order-size
//#import sweep-bar
//#import sweep-state

struct Limits {
  capital: u32,
  max_weight: u32,
  loss: vec2<u32>,
  kill: vec2<u32>,
  reverses: bool,
}

fn mark_to_market(now: Bar, limits: Limits) {
  ruin_at(now.mark);
  if (account_overflows(&account, now.mark)) {
    run.status = OVERFLOWN;
    return;
  }
  run.equity = equity_at(&account, now.mark);
  run.exposure += select(0u, 1u, account.position != 0);
  if (less_signed64(run.peak, run.equity)) { run.peak = run.equity; }
  let fall = sub64(run.peak, run.equity);
  if (less64(run.fall, fall)) { run.fall = fall; }
  if (run.status == 0u && !less64(fall, limits.kill)) { run.status = ENDED; }
  if (!less_signed64(sub64(run.day_start, run.equity), limits.loss)) { run.locked = true; }
}

/// Profit of the period that ends here.
fn end_period(limits: Limits) -> vec2<u32> {
  let profit = sub64(run.equity, run.period_start);
  run.period_start = run.equity;
  if (!add_return(&returns, profit, limits.capital)) { run.status = OVERFLOWN; }
  return profit;
}

fn sized(now: Bar, limits: Limits) -> i32 {
  if (trial.stop + trial.goal > 0u && now.range == 0u) { return 0; }
  return i32(order_size(limits.capital, limits.max_weight, trial.volatility, now.sigma, now.mark, now.most_order));
}

fn order(t: u32, due: u32, wanted: i32, reason: u32) {
  run.waits = true;
  run.due = due;
  run.wanted = wanted;
  run.decided = t;
  run.reason = reason;
}

fn decide(t: u32, now: Bar, limits: Limits) {
  if (run.waits) { return; }
  if (account.position == 0) {
    let side = entry_side(now.z, now.relative, now.spread, now.trends);
    if (side == 0 || run.status != 0u || run.locked) { return; }
    let lots = sized(now, limits);
    if (lots > 0) { order(t, now.fill_bar, side * lots, 1u); }
    return;
  }
  let long = account.position > 0;
  if (run.status == ENDED) {
    order(t, now.fill_bar, 0, 8u);
  } else if (run.locked) {
    order(t, now.fill_bar, 0, 7u);
  } else if (trial.time_stop > 0u && t + 1u - run.entered >= trial.time_stop) {
    order(t, now.fill_bar, 0, 6u);
  } else {
    let flagged = (now.events & select(WARNS_SHORT, WARNS_LONG, long)) != 0u;
    if (!flagged && select(now.z, -now.z, long) < trial.warn) { return; }
    if (!run.warned || t - run.warned_at > trial.window) {
      order(t, now.fill_bar, account.position / 2, 2u);
    } else if (limits.reverses) {
      order(t, now.fill_bar, select(1, -1, long) * sized(now, limits), 3u);
    } else {
      order(t, now.fill_bar, 0, 3u);
    }
    run.warned = true;
    run.warned_at = t;
  }
}
