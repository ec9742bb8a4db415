// Force index of 2 and 13 bars, the volume oscillator with its signal, and the volume rate of change. One thread walks
// the bars of an instrument.
//#import grid
//#import ema
//#import f64-compare

struct Params {
  rows: u32,
  instruments: u32,
  seed_first: u32,
  fast: u32,
  slow: u32,
  signal: u32,
  // bars back that volume is compared with
  back: u32,
}

override WG: u32 = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
@group(0) @binding(2) var<storage, read> close: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read> volume: array<vec2<u32>>;
@group(0) @binding(4) var<storage, read_write> out: array<vec2<u32>>;

/// 100 (value - base) / base; null unless the base is positive.
fn percent_above(value: F64, base: F64) -> F64 {
  if (!f64_less(F64(), base)) { return F64_NAN; }
  return f64_mul(f64_from_u32(100u), f64_div(f64_sub(value, base), base));
}

@compute @workgroup_size(WG)
fn averages(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let instrument = linear_thread(gid, groups, WG);
  if (instrument >= params.instruments) { return; }
  let first = offsets[instrument];
  let end = offsets[instrument + 1u];
  var force2 = ema_start(2u, params.seed_first);
  var force13 = ema_start(13u, params.seed_first);
  var fast = ema_start(params.fast, params.seed_first);
  var slow = ema_start(params.slow, params.seed_first);
  var signal = ema_start(params.signal, params.seed_first);
  var before = F64_NAN;
  for (var i = first; i < end; i++) {
    let c = close[i];
    let v = volume[i];
    // a bar without a price changes nothing, which is 0 once there was one
    var raw = select(F64(), F64_NAN, f64_is_nan(before));
    if (!f64_is_nan(c)) {
      raw = f64_mul(f64_sub(c, before), v);
      before = c;
    }
    out[i] = ema_next(&force2, raw);
    out[params.rows + i] = ema_next(&force13, raw);
    let quick = ema_next(&fast, v);
    let pvo = percent_above(quick, ema_next(&slow, v));
    out[2u * params.rows + i] = pvo;
    out[3u * params.rows + i] = ema_next(&signal, pvo);
    var change = F64_NAN;
    if (i - first >= params.back) { change = percent_above(v, volume[i - params.back]); }
    out[4u * params.rows + i] = change;
  }
}
