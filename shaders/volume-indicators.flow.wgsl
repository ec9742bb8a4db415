// ADL and the Chaikin oscillator. One thread walks the bars of an instrument, and leaves money flow volumes in the third
// column of `work` for the window of CMF.
//#import grid
//#import ema
//#import f64-compare

struct Params {
  rows: u32,
  instruments: u32,
  seed_first: u32,
  fast: u32,
  slow: u32,
}

override WG: u32 = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
@group(0) @binding(2) var<storage, read> high: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read> low: array<vec2<u32>>;
@group(0) @binding(4) var<storage, read> close: array<vec2<u32>>;
@group(0) @binding(5) var<storage, read> volume: array<vec2<u32>>;
@group(0) @binding(6) var<storage, read_write> work: array<vec2<u32>>;
@group(0) @binding(7) var<storage, read_write> out: array<vec2<u32>>;

/// MFM · V; 0 where high = low, and where there is no price, of which nothing is less.
fn money_flow(i: u32) -> F64 {
  let range = f64_sub(high[i], low[i]);
  if (!f64_less(F64(), range)) { return F64(); }
  let above_low = f64_sub(close[i], low[i]);
  let below_high = f64_sub(high[i], close[i]);
  return f64_mul(f64_div(f64_sub(above_low, below_high), range), volume[i]);
}

@compute @workgroup_size(WG)
fn flow(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let instrument = linear_thread(gid, groups, WG);
  if (instrument >= params.instruments) { return; }
  let end = offsets[instrument + 1u];
  var total = F64();
  var fast = ema_start(params.fast, params.seed_first);
  var slow = ema_start(params.slow, params.seed_first);
  for (var i = offsets[instrument]; i < end; i++) {
    let flow_volume = money_flow(i);
    work[2u * params.rows + i] = flow_volume;
    total = f64_add(total, flow_volume);
    out[i] = total;
    let quick = ema_next(&fast, total);
    out[params.rows + i] = f64_sub(quick, ema_next(&slow, total));
  }
}
