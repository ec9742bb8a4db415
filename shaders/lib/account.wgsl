// A trading account in whole 10^-6 of quote currency, two words a sum; lots are so sized that a lot gains one a tick.
//#import div64
//#import sqrt64

struct Account {
  cash: vec2<u32>,
  // cash when it was last flat
  flat_cash: vec2<u32>,
  turnover: vec2<u32>,
  fees: vec2<u32>,
  spread: vec2<u32>,
  impact: vec2<u32>,
  funding: vec2<u32>,
  profit: vec2<u32>,
  loss: vec2<u32>,
  position: i32,
  fills: u32,
  trades: u32,
  wins: u32,
  overflow: bool,
}

struct Fill {
  value: vec2<u32>,
  spread: vec2<u32>,
  impact: vec2<u32>,
  fee: vec2<u32>,
}

const RATE_UNIT = 100000000u;
const MOST_RATE = 1u << 25u;
// 2^49 and 2^52 in the upper word
const MOST_NOTIONAL = 1u << 17u;
const MOST_SUM = 1u << 20u;

fn share_of(amount: vec2<u32>, rate: u32) -> vec2<u32> {
  return mul_div_round64(amount, rate, RATE_UNIT);
}

/// Yσ√(q / V) in 10^-8: `impact` is Yσ, `root` 2^5 √V.
fn impact_rate(impact: u32, lots: u32, root: u32) -> u32 {
  if (root == 0u) { return min(MOST_RATE, impact); }
  let order = sqrt64(shift_left64(vec2<u32>(lots, 0u), 20u));
  let rate = mul_div64(shift_right64(mul_wide(impact, order), 5u), 1u, root);
  return select(min(MOST_RATE, rate.x), MOST_RATE, rate.y != 0u);
}

fn notional(position: i32, price: u32) -> vec2<u32> {
  return mul_wide(u32(abs(position)), price);
}

/// Equity at a price.
fn equity_at(account: ptr<private, Account>, price: u32) -> vec2<u32> {
  return add64((*account).cash, mul_signed64((*account).position, price));
}

/// At a price that leaves an equity of 0 or less the position is taken over, and nothing remains.
fn goes_bankrupt(account: ptr<private, Account>, price: u32) -> bool {
  if ((*account).position == 0 || less_signed64(vec2<u32>(), equity_at(account, price))) { return false; }
  (*account).cash = vec2<u32>();
  (*account).position = 0;
  close_trade(account);
  return true;
}

/// Longs pay where the rate is positive.
fn pay_funding(account: ptr<private, Account>, price: u32, rate: i32) {
  let base = notional((*account).position, price);
  if (base.y >= MOST_NOTIONAL) {
    (*account).overflow = true;
    return;
  }
  let size = share_of(base, u32(abs(rate)));
  let paid = select(neg64(size), size, (rate > 0) == ((*account).position > 0));
  (*account).cash = sub64((*account).cash, paid);
  (*account).funding = add64((*account).funding, paid);
}

/// Half spread and impact move the value against the trader; the fee is of that value.
fn trade(
  account: ptr<private, Account>,
  buys: bool,
  lots: u32,
  price: u32,
  half_spread: u32,
  impact: u32,
  fee: u32,
) -> Fill {
  var fill: Fill;
  let base = mul_wide(lots, price);
  if (base.y >= MOST_NOTIONAL) {
    (*account).overflow = true;
    return fill;
  }
  fill.spread = share_of(base, half_spread);
  fill.impact = share_of(base, impact);
  let costs = add64(fill.spread, fill.impact);
  fill.value = select(sub64(base, costs), add64(base, costs), buys);
  fill.fee = share_of(fill.value, fee);
  (*account).cash = sub64((*account).cash, add64(select(neg64(fill.value), fill.value, buys), fill.fee));
  (*account).position += select(-i32(lots), i32(lots), buys);
  (*account).turnover = add64((*account).turnover, fill.value);
  (*account).fees = add64((*account).fees, fill.fee);
  (*account).spread = add64((*account).spread, fill.spread);
  (*account).impact = add64((*account).impact, fill.impact);
  (*account).fills += 1u;
  if ((*account).position == 0) { close_trade(account); }
  return fill;
}

/// From flat to flat.
fn close_trade(account: ptr<private, Account>) {
  // nothing is owed beyond all there is
  if (less_signed64((*account).cash, vec2<u32>())) { (*account).cash = vec2<u32>(); }
  let result = sub64((*account).cash, (*account).flat_cash);
  (*account).trades += 1u;
  if (less_signed64(vec2<u32>(), result)) {
    (*account).wins += 1u;
    (*account).profit = add64((*account).profit, result);
  } else {
    (*account).loss = sub64((*account).loss, result);
  }
  (*account).flat_cash = (*account).cash;
}

/// Whether a sum, or the position's notional, has grown past what stays exact elsewhere.
fn account_overflows(account: ptr<private, Account>, price: u32) -> bool {
  let sums = max(vec2<u32>((*account).turnover.y, (*account).profit.y), vec2<u32>((*account).loss.y));
  let signed = max(abs64((*account).cash).y, abs64((*account).funding).y);
  return (*account).overflow || max(max(sums.x, sums.y), signed) >= MOST_SUM ||
    notional((*account).position, price).y >= MOST_NOTIONAL;
}
