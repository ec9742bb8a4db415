// What a strategy run reads and where it stands; the host fills Bar and Trial word by word.
//#import account
//#import returns

struct Bar {
  // 0 where nothing traded
  open: u32,
  high: u32,
  low: u32,
  // last known close
  mark: u32,
  z: i32,
  relative: i32,
  // 10^-4 bps; more than any limit where it is not known
  spread: u32,
  // two bits a trend: up, down
  trends: u32,
  events: u32,
  sigma: u32,
  range: u32,
  // Yσ in 10^-8, 2^5 √V
  impact: u32,
  root: u32,
  most_order: u32,
  most_fill: u32,
  fill_bar: u32,
  fee_from: u32,
}

const NEW_DAY = 1u;
const PERIOD_END = 2u;
const WARNS_LONG = 4u;
const WARNS_SHORT = 8u;
const FUNDING_AT_OPEN = 16u;

struct Trial {
  entry: i32,
  warn: i32,
  relative: i32,
  limit: u32,
  trend: u32,
  stop: u32,
  goal: u32,
  time_stop: u32,
  volatility: u32,
  window: u32,
}

const ENDED = 1u;
const OVERFLOWN = 2u;

struct Run {
  equity: vec2<u32>,
  peak: vec2<u32>,
  fall: vec2<u32>,
  day_start: vec2<u32>,
  period_start: vec2<u32>,
  exposure: u32,
  locked: bool,
  status: u32,
  // the order: from bar `due` on
  waits: bool,
  due: u32,
  wanted: i32,
  decided: u32,
  reason: u32,
  // the position
  entered: u32,
  warned: bool,
  warned_at: u32,
  stop: u32,
  goal: u32,
  // lots that the bar can still fill
  room: u32,
  // own fills, for the fee tier: [tail, head) are of its window
  tail: u32,
  head: u32,
  end: u32,
  trailing: vec2<u32>,
}

var<private> account: Account;
var<private> returns: Returns;
var<private> run: Run;
var<private> trial: Trial;

fn start_run(capital: u32) {
  let money = mul_wide(capital, 1000000u);
  account.cash = money;
  account.flat_cash = money;
  run.equity = money;
  run.peak = money;
  run.day_start = money;
  run.period_start = money;
}

fn is_ruined() -> bool {
  return account.position == 0 && all(account.cash == vec2<u32>());
}

/// Ends the run where a price, or a close before it, ruins it.
fn ruin_at(price: u32) {
  if (goes_bankrupt(&account, price) || is_ruined()) {
    run.status = ENDED;
    run.waits = false;
  }
}

/// What the host reads of a run: sums of two words, then counts.
fn outcome() -> array<u32, 32> {
  let a = account;
  let r = returns;
  let sums = array(
    run.equity, a.turnover, a.fees, a.spread, a.impact, a.funding, a.profit, a.loss, run.fall,
    r.total, r.squares, r.downside, r.lagged,
  );
  let counts = array(bitcast<u32>(a.position), a.fills, a.trades, a.wins, run.exposure, run.status);
  var words: array<u32, 32>;
  for (var i = 0u; i < 26u; i++) { words[i] = sums[i / 2u][i % 2u]; }
  for (var i = 0u; i < 6u; i++) { words[26u + i] = counts[i]; }
  return words;
}
