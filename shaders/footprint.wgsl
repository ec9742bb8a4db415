// Pass 1: imbalance flags, a cell of a footprint at a time. Cells are the price rows that traded, ascending within
// their bar; a position counts rows from the bar's lowest, so 0 begins a bar and rows without a trade are the gaps.
//#import grid
//#import u128

struct Params {
  cells: u32,
  // a side must reach ratio_num / ratio_den times its opposite
  ratio_num: u32,
  ratio_den: u32,
  // least of the flagged side, two words
  least_low: u32,
  least_high: u32,
}

override WG: u32 = 64u;
// words of one value: 1, 2 or 4
override WORDS: u32 = 2u;
// compared with: 0 the adjacent price, 1 the adjacent traded row, 2 the same price
override PARTNER: u32 = 0u;
// zero opposite: 0 no flag, 1 a flag, 2 counts as one
override ZERO: u32 = 0u;
// 1: rows outside the bar's range are zero opposites, else they are not compared
override EDGE_ZERO: u32 = 0u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> position: array<u32>;
@group(0) @binding(2) var<storage, read> buy: array<u32>;
@group(0) @binding(3) var<storage, read> sell: array<u32>;
@group(0) @binding(4) var<storage, read_write> flags: array<u32>;

fn buys(i: u32) -> vec4<u32> {
  let at = i * WORDS;
  if (WORDS == 1u) { return vec4<u32>(buy[at], 0u, 0u, 0u); }
  if (WORDS == 2u) { return vec4<u32>(buy[at], buy[at + 1u], 0u, 0u); }
  return vec4<u32>(buy[at], buy[at + 1u], buy[at + 2u], buy[at + 3u]);
}

fn sells(i: u32) -> vec4<u32> {
  let at = i * WORDS;
  if (WORDS == 1u) { return vec4<u32>(sell[at], 0u, 0u, 0u); }
  if (WORDS == 2u) { return vec4<u32>(sell[at], sell[at + 1u], 0u, 0u); }
  return vec4<u32>(sell[at], sell[at + 1u], sell[at + 2u], sell[at + 3u]);
}

fn dominates(own: vec4<u32>, other: vec4<u32>) -> bool {
  if (less128(own, vec4<u32>(params.least_low, params.least_high, 0u, 0u))) { return false; }
  var opposite = other;
  if (all(other == vec4<u32>())) {
    if (ZERO == 0u) { return false; }
    if (ZERO == 1u) { return true; }
    opposite.x = 1u;
  }
  // sums stay below 2^94, the words of the ratio below 2^32: no product wraps
  return !less128(mul128(own, params.ratio_den), mul128(opposite, params.ratio_num));
}

/// Whether traded neighbours `lower` and `lower` + 1 of one bar are partners.
fn partners(lower: u32) -> bool {
  return PARTNER == 1u || position[lower] + 1u == position[lower + 1u];
}

/// Bits: buy, sell, buy and sell in the same row.
fn flags_of(i: u32) -> u32 {
  let b = buys(i);
  let s = sells(i);
  let same_buy = dominates(b, s);
  let same_sell = dominates(s, b);
  var buy_flag = same_buy;
  var sell_flag = same_sell;
  if (PARTNER != 2u) {
    let bottom = position[i] == 0u;
    var top = true;
    if (i + 1u < params.cells) { top = position[i + 1u] == 0u; }
    // what did not trade sold and bought nothing
    var below = vec4<u32>();
    var above = vec4<u32>();
    if (!bottom) {
      if (partners(i - 1u)) { below = sells(i - 1u); }
    }
    if (!top) {
      if (partners(i)) { above = buys(i + 1u); }
    }
    buy_flag = (!bottom || EDGE_ZERO == 1u) && dominates(b, below);
    sell_flag = (!top || EDGE_ZERO == 1u) && dominates(s, above);
  }
  return u32(buy_flag) | (u32(sell_flag) << 1u) | (u32(same_buy) << 2u) | (u32(same_sell) << 3u);
}

@compute @workgroup_size(WG)
fn flag_cells(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let stride = thread_count(groups, WG);
  for (var i = linear_thread(gid, groups, WG); i < params.cells; i += stride) { flags[i] = flags_of(i); }
}
