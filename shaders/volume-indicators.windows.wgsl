// CMF, VWMA, MFI and ease of movement with its mean: sums over the last bars. One thread walks the bars of an
// instrument. A window is the end of one block of `period` terms and the start of the next, so nothing is subtracted:
// `work` holds the terms of the block being filled, and of the block before the sums from each term to its end.
//#import grid
//#import f64-mul
//#import f64-div
//#import f64-compare

struct Params {
  rows: u32,
  instruments: u32,
  period: u32,
}

override WG: u32 = 64u;
// money flow index where nothing flowed: 0 null, 1 a hundred, 2 zero
override BOTH_ZERO: u32 = 0u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
@group(0) @binding(2) var<storage, read> high: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read> low: array<vec2<u32>>;
// money flow volume, close or typical price
@group(0) @binding(4) var<storage, read> input: array<vec2<u32>>;
@group(0) @binding(5) var<storage, read> volume: array<vec2<u32>>;
@group(0) @binding(6) var<storage, read_write> work: array<vec2<u32>>;
@group(0) @binding(7) var<storage, read_write> out: array<vec2<u32>>;

struct Window {
  // where its terms stand in `work`
  first: u32,
  terms: u32,
  head: F64,
}

/// Sum of the last `period` terms; null before there are as many.
fn window_sum(w: ptr<function, Window>, term: F64) -> F64 {
  let next = (*w).first + (*w).terms;
  let place = (*w).terms % params.period;
  if (place == 0u) {
    (*w).head = F64();
    if ((*w).terms > 0u) {
      var tail = F64();
      for (var back = 1u; back < params.period; back++) {
        tail = f64_add(tail, work[next - back]);
        work[next - back] = tail;
      }
    }
  }
  work[next] = term;
  (*w).head = f64_add((*w).head, term);
  (*w).terms += 1u;
  if ((*w).terms < params.period) { return F64_NAN; }
  if (place + 1u == params.period) { return (*w).head; }
  return f64_add(work[next + 1u - params.period], (*w).head);
}

/// First and last bar (exclusive) of the thread's instrument; none beyond the last instrument.
fn bars_of(gid: vec3<u32>, groups: vec3<u32>) -> vec2<u32> {
  let instrument = linear_thread(gid, groups, WG);
  if (instrument >= params.instruments) { return vec2<u32>(); }
  return vec2<u32>(offsets[instrument], offsets[instrument + 1u]);
}

@compute @workgroup_size(WG)
fn cmf(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let bars = bars_of(gid, groups);
  var flow = Window(bars.x, 0u, F64());
  var traded = Window(params.rows + bars.x, 0u, F64());
  for (var i = bars.x; i < bars.y; i++) {
    let flow_sum = window_sum(&flow, input[i]);
    out[i] = f64_div(flow_sum, window_sum(&traded, volume[i]));
  }
}

@compute @workgroup_size(WG)
fn vwma(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let bars = bars_of(gid, groups);
  var value = Window(bars.x, 0u, F64());
  var traded = Window(params.rows + bars.x, 0u, F64());
  for (var i = bars.x; i < bars.y; i++) {
    // without volume there may be no price
    var term = F64();
    if (f64_less(F64(), volume[i])) { term = f64_mul(input[i], volume[i]); }
    let value_sum = window_sum(&value, term);
    out[params.rows + i] = f64_div(value_sum, window_sum(&traded, volume[i]));
  }
}

/// 100 up / (up + down).
fn index_of(up: F64, down: F64) -> F64 {
  let total = f64_add(up, down);
  if (f64_less(F64(), total)) { return f64_mul(f64_from_u32(100u), f64_div(up, total)); }
  if (f64_is_nan(total) || BOTH_ZERO == 0u) { return F64_NAN; }
  return select(F64(), f64_from_u32(100u), BOTH_ZERO == 1u);
}

@compute @workgroup_size(WG)
fn mfi(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let bars = bars_of(gid, groups);
  var up = Window(bars.x, 0u, F64());
  var down = Window(params.rows + bars.x, 0u, F64());
  var before = F64_NAN;
  for (var i = bars.x; i < bars.y; i++) {
    let p = input[i];
    var index = F64_NAN;
    // changes begin with the bar after the first price
    if (!f64_is_nan(before)) {
      let flow = f64_mul(p, volume[i]);
      let up_sum = window_sum(&up, select(F64(), flow, f64_less(before, p)));
      index = index_of(up_sum, window_sum(&down, select(F64(), flow, f64_less(p, before))));
    }
    if (!f64_is_nan(p)) { before = p; }
    out[2u * params.rows + i] = index;
  }
}

@compute @workgroup_size(WG)
fn emv(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let bars = bars_of(gid, groups);
  var values = Window(bars.x, 0u, F64());
  var before = F64_NAN;
  for (var i = bars.x; i < bars.y; i++) {
    let middle = f64_add(high[i], low[i]);
    var value = F64_NAN;
    if (f64_less(F64(), volume[i])) {
      value = f64_div(f64_mul(f64_sub(middle, before), f64_sub(high[i], low[i])), volume[i]);
    }
    if (!f64_is_nan(middle)) { before = middle; }
    var mean = F64_NAN;
    if (!f64_is_nan(value)) { mean = f64_div(window_sum(&values, value), f64_from_u32(params.period)); }
    out[3u * params.rows + i] = value;
    out[4u * params.rows + i] = mean;
  }
}
