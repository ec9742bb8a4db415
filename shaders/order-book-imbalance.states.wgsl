// Pass 1: one thread owns one row and writes its slots: value (f64 bits of ratios, else 64-bit integers), 1 if there is a
// value, and an extra. The slots of states carried in lie before those of the rows.
//#import grid
//#import f64
//#import f64-mul
//#import f64-div
//#import f64-fixed
//#import div64

struct Params {
  rows: u32,
  instruments: u32,
  // levels a row has; that bands look at; that counts look at
  stride: u32,
  depth: u32,
  deepest: u32,
  slots: u32,
  counts: u32,
  bands: u32,
  // bit c: of a book of state c both sides are taken, or one
  both: u32,
  one: u32,
}

override WG: u32 = 64u;
override LOT_WORDS: u32 = 1u;
// 0 plain sums, 1 weighted, 2 sums of sums
override WEIGHTS: u32 = 0u;
override ONE_SIDED_ZERO: u32 = 0u;
override NOTIONAL: u32 = 0u;
override WHOLE: u32 = 10000000u;

@group(0) @binding(0) var<uniform> params: Params;
// offsets, bases (two words), counts of levels, weights (f64), bands in units of mid / WHOLE
@group(0) @binding(1) var<storage, read> lists: array<u32>;
@group(0) @binding(2) var<storage, read> state: array<u32>;
@group(0) @binding(3) var<storage, read> bid_tick: array<i32>;
@group(0) @binding(4) var<storage, read> bid_lots: array<u32>;
@group(0) @binding(5) var<storage, read> ask_tick: array<i32>;
@group(0) @binding(6) var<storage, read> ask_lots: array<u32>;
@group(0) @binding(7) var<storage, read_write> values: array<vec4<u32>>;

/// Size at a place of the bids (side 0) or asks.
fn size_at(side: u32, at: u32) -> F64 {
  if (LOT_WORDS == 1u) { return f64_from_u32(select(ask_lots[at], bid_lots[at], side == 0u)); }
  if (side == 0u) { return vec2<u32>(bid_lots[2u * at], bid_lots[2u * at + 1u]); }
  return vec2<u32>(ask_lots[2u * at], ask_lots[2u * at + 1u]);
}

fn tick_at(side: u32, at: u32) -> vec2<u32> {
  let tick = select(ask_tick[at], bid_tick[at], side == 0u);
  return vec2<u32>(bitcast<u32>(tick), bitcast<u32>(tick >> 31u));
}

fn put(row: u32, slot: u32, value: vec2<u32>, extra: u32) {
  values[(params.instruments + row) * params.slots + slot] = vec4<u32>(value, 1u, extra);
}

fn imbalance(bids: F64, asks: F64) -> F64 {
  return f64_div(f64_sub(bids, asks), f64_add(bids, asks));
}

fn put_levels(row: u32, zero: bool) {
  let counts = 3u * params.instruments + 1u;
  let weights = counts + params.counts;
  let first = 2u + 2u * params.bands;
  var plain = array<F64, 2>();
  var sums = array<F64, 2>();
  var used = vec2<u32>();
  var next = 0u;
  for (var level = 0u; level < params.deepest; level++) {
    for (var side = 0u; side < 2u; side++) {
      var q = F64();
      if (level < params.stride) { q = size_at(side, row * params.stride + level); }
      used[side] += select(0u, 1u, any(q != F64()));
      plain[side] = f64_add(plain[side], q);
      var term = q;
      if (WEIGHTS == 2u) { term = plain[side]; }
      let at = weights + 2u * level;
      if (WEIGHTS == 1u) { term = f64_mul(vec2<u32>(lists[at], lists[at + 1u]), q); }
      sums[side] = f64_add(sums[side], term);
    }
    if (level + 1u == lists[counts + next]) {
      put(row, first + next, select(imbalance(sums[0], sums[1]), F64(), zero), min(used.x, used.y));
      next += 1u;
    }
  }
}

struct Side { depth: F64, worth: F64, cut: u32 }

/// Levels of a side no farther from the mid than `reach` half ticks; `twice` is bid + ask about the base.
fn within(side: u32, row: u32, base: vec2<u32>, twice: vec2<u32>, reach: vec2<u32>) -> Side {
  var found: Side;
  let deep = min(params.depth, params.stride);
  for (var level = 0u; level < deep; level++) {
    let at = row * params.stride + level;
    let q = size_at(side, at);
    let tick = tick_at(side, at);
    let distance = abs64(sub64(shift_left64(tick, 1u), twice));
    if (all(q == F64()) || less64(reach, distance)) { continue; }
    found.depth = f64_add(found.depth, q);
    if (NOTIONAL == 1u) { found.worth = f64_add(found.worth, f64_mul(f64_from_i64(add64(base, tick)), q)); }
    if (level + 1u == deep) { found.cut = 1u; }
  }
  if (NOTIONAL == 0u) { found.worth = found.depth; }
  return found;
}

fn put_mid(row: u32, instrument: u32) {
  let at = params.instruments + 1u + 2u * instrument;
  let base = vec2<u32>(lists[at], lists[at + 1u]);
  let bid = tick_at(0u, row * params.stride);
  let ask = tick_at(1u, row * params.stride);
  let twice = add64(bid, ask);
  let mid = add64(shift_left64(base, 1u), twice);
  put(row, 0u, sub64(ask, bid), 0u);
  put(row, 1u, mid, 0u);
  if (mid.y >= 0x80000000u || all(mid == vec2<u32>())) { return; }
  let bands = 3u * params.instruments + 1u + params.counts + 2u * params.deepest;
  for (var band = 0u; band < params.bands; band++) {
    let reach = mul_div64(mid, lists[bands + band], WHOLE).xy;
    let bids = within(0u, row, base, twice, reach);
    let asks = within(1u, row, base, twice, reach);
    put(row, 2u + 2u * band, f64_fixed(bids.depth, 0u), 0u);
    put(row, 3u + 2u * band, f64_fixed(asks.depth, 0u), 0u);
    // without a level in the band there is no imbalance
    if (all((bids.worth | asks.worth) == F64())) { continue; }
    put(row, 2u + 2u * params.bands + params.counts + band, imbalance(bids.worth, asks.worth), bids.cut | asks.cut);
  }
}

@compute @workgroup_size(WG)
fn states(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let row = linear_thread(gid, groups, WG);
  if (row >= params.rows) { return; }
  var low = 0u;
  var high = params.instruments;
  while (high - low > 1u) {
    let middle = (low + high) / 2u;
    if (lists[middle] <= row) { low = middle; } else { high = middle; }
  }
  let first = (params.instruments + row) * params.slots;
  for (var slot = 0u; slot < params.slots; slot++) { values[first + slot] = vec4<u32>(); }
  let there = vec2<bool>(any(size_at(0u, row * params.stride) != F64()), any(size_at(1u, row * params.stride) != F64()));
  let both = ((params.both >> state[row]) & 1u) == 1u && all(there);
  let one = ((params.one >> state[row]) & 1u) == 1u && any(there);
  if (both || one) { put_levels(row, one && ONE_SIDED_ZERO == 1u); }
  if (both) { put_mid(row, low); }
}
