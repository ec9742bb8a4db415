// One (instrument, trial) a thread walks the instrument's bars; the steps are those of the analytic's notes. Trials of
// an instrument are neighbours, so that they read the same bars.
//#import grid
//#import sweep-bar
//#import sweep-decision

struct Params {
  runs: u32,
  instruments: u32,
  trials: u32,
  capital: u32,
  max_weight: u32,
  half_spread: u32,
  funding: i32,
  // falls that end the day or the run, two words each
  loss_low: u32,
  loss_high: u32,
  kill_low: u32,
  kill_high: u32,
  reverses: u32,
  // what is listed: 1 trades, 2 equity, 4 periods
  lists: u32,
  tiers: u32,
  // own fills that a run remembers
  memory: u32,
  // where the periods begin in `series`
  periods_at: u32,
}

override WG: u32 = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> bars: array<Bar>;
@group(0) @binding(2) var<storage, read> fee_to: array<u32>;
// by instrument: first bar, bars, first period, periods; then by tier: threshold (two words), rate
@group(0) @binding(3) var<storage, read> spans: array<vec4<u32>>;
@group(0) @binding(4) var<storage, read> trials: array<Trial>;
@group(0) @binding(5) var<storage, read_write> outcomes: array<u32>;
// own fills of the fee window: bar, value (two words)
@group(0) @binding(6) var<storage, read_write> past: array<u32>;
@group(0) @binding(7) var<storage, read_write> fills: array<u32>;
@group(0) @binding(8) var<storage, read_write> series: array<u32>;

var<private> index: u32;
var<private> span: vec4<u32>;
// of the run among the tile's runs, in bars
var<private> first_row: u32;

fn past_at(n: u32) -> u32 { return 3u * (index * params.memory + n % params.memory); }
fn past_value(n: u32) -> vec2<u32> { return vec2<u32>(past[past_at(n) + 1u], past[past_at(n) + 2u]); }

/// The tier of own value in the window before bar t, which what fills in the bar is not of.
fn tier_at(t: u32) -> u32 {
  let until = fee_to[span.x + t];
  let since = bars[span.x + t].fee_from;
  for (; run.head < run.end && past[past_at(run.head)] < until; run.head++) {
    run.trailing = add64(run.trailing, past_value(run.head));
  }
  for (; run.tail < run.head && past[past_at(run.tail)] < since; run.tail++) {
    run.trailing = sub64(run.trailing, past_value(run.tail));
  }
  var tier = 0u;
  while (tier + 1u < params.tiers && !less64(run.trailing, spans[params.instruments + tier + 1u].xy)) { tier++; }
  return tier;
}

fn execute(t: u32, buys: bool, lots: u32, price: u32, decided: u32, reason: u32) {
  if (lots == 0u) { return; }
  let tier = tier_at(t);
  let before = bars[span.x + t - 1u];
  let impact = impact_rate(before.impact, lots, before.root);
  let fill = trade(&account, buys, lots, price, params.half_spread, impact, spans[params.instruments + tier].z);
  run.room -= lots;
  if (account.overflow) { return; }
  if (params.tiers > 1u) {
    let at = past_at(run.end);
    past[at] = t;
    past[at + 1u] = fill.value.x;
    past[at + 2u] = fill.value.y;
    run.end++;
  }
  if ((params.lists & 1u) == 0u) { return; }
  let side = select(0xffffffffu, 1u, buys);
  let sums = array(fill.value, fill.spread, fill.impact, fill.fee, run.trailing);
  let row = array(t, decided, reason, side, lots, price, tier, bitcast<u32>(account.position));
  let at = 18u * (3u * first_row + account.fills - 1u);
  for (var i = 0u; i < 8u; i++) { fills[at + i] = row[i]; }
  for (var i = 0u; i < 10u; i++) { fills[at + 8u + i] = sums[i / 2u][i % 2u]; }
}

/// Step 3: what reduces, then what opens.
fn fill_order(t: u32, open: u32) {
  let closing = closing_lots();
  run.waits = closing > run.room;
  run.due = t + 1u;
  execute(t, account.position < 0, min(closing, run.room), open, run.decided, run.reason);
  let opening = min(u32(abs(run.wanted)), run.room);
  if (run.waits || account.position != 0 || opening == 0u || run.status != 0u || run.locked || is_ruined()) { return; }
  execute(t, run.wanted > 0, opening, open, run.decided, run.reason);
  opened(t, open, bars[span.x + run.decided].range);
}

/// Profit of the period that ends with bar t, if one does.
fn step(t: u32, now: Bar, limits: Limits) -> vec2<u32> {
  begin_bar(now, params.funding);
  if (run.waits && t >= run.due && now.open > 0u) { fill_order(t, now.open); }
  fund_inside(now, params.funding);
  let hit = level_hit(now);
  if (hit.price > 0u) {
    execute(t, account.position < 0, min(u32(abs(account.position)), run.room), hit.price, run.entered, hit.reason);
    order(run.entered, t + 1u, 0, hit.reason);
    run.waits = account.position != 0;
  }
  mark_to_market(now, limits);
  var profit = vec2<u32>();
  if ((now.events & PERIOD_END) != 0u && run.status != OVERFLOWN) { profit = end_period(limits); }
  if (run.status != OVERFLOWN) { decide(t, now, limits); }
  return profit;
}

@compute @workgroup_size(WG)
fn walk(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  index = linear_thread(gid, groups, WG);
  if (index >= params.runs) { return; }
  let number = index % params.trials;
  span = spans[index / params.trials];
  first_row = span.x * params.trials + number * span.y;
  trial = trials[number];
  let falls = vec4<u32>(params.loss_low, params.loss_high, params.kill_low, params.kill_high);
  let limits = Limits(params.capital, params.max_weight, falls.xy, falls.zw, params.reverses == 1u);
  start_run(params.capital);
  var period = params.periods_at + 2u * (span.z * params.trials + number * span.w);
  for (var t = 0u; t < span.y; t++) {
    let i = span.x + t;
    let idle = is_idle(bars[i].events, entry_side(bars[i].z, bars[i].relative, bars[i].spread, bars[i].trends));
    var profit = vec2<u32>();
    if (run.status != OVERFLOWN && !idle) { profit = step(t, bars[i], limits); }
    if ((params.lists & 2u) != 0u) {
      let row = vec3<u32>(run.equity, bitcast<u32>(account.position));
      for (var n = 0u; n < 3u; n++) { series[3u * (first_row + t) + n] = row[n]; }
    }
    if ((params.lists & 4u) != 0u && (bars[i].events & PERIOD_END) != 0u) {
      series[period] = profit.x;
      series[period + 1u] = profit.y;
      period += 2u;
    }
  }
  let result = outcome();
  for (var i = 0u; i < 32u; i++) { outcomes[32u * index + i] = result[i]; }
}
