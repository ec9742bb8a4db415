// Imbalance, its running sum and averages, one instrument a thread: recursions in f64, in the reference's order.
// Output is four f64 a bar, (VI, CVD, average of VI, average of volume), and VI in steps of 2^-38 counted from -1.
//#import grid
//#import ema

struct Params {
  instruments: u32,
  period: u32,
  // averages begin with: 1 the first value, 0 the mean of a period
  seed_first: u32,
}

override WG: u32 = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
@group(0) @binding(2) var<storage, read> session: array<u32>;
@group(0) @binding(3) var<storage, read> buy: array<vec2<u32>>;
@group(0) @binding(4) var<storage, read> sell: array<vec2<u32>>;
@group(0) @binding(5) var<storage, read> volume: array<vec2<u32>>;
@group(0) @binding(6) var<storage, read_write> steps: array<vec2<u32>>;
@group(0) @binding(7) var<storage, read_write> out: array<vec2<u32>>;

/// VI in steps from -1, halves away from zero. |VI| is at most 1: its exponent is at most 1023.
fn to_steps(vi: F64) -> vec2<u32> {
  let parts = f64_parts(vi);
  // |VI| · 2^38 = significand / 2^(1048 - exponent), whose last bit but one decides
  let shift = 1047 - parts.exponent;
  let doubled = select(shift_right64(parts.significand, u32(clamp(shift, 0, 63))), vec2<u32>(), shift > 63);
  let magnitude = shift_right64(add64(doubled, vec2<u32>(1u, 0u)), 1u);
  let origin = vec2<u32>(0u, 64u);
  return select(add64(origin, magnitude), sub64(origin, magnitude), vi.y >= F64_SIGN);
}

@compute @workgroup_size(WG)
fn flow(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let instrument = linear_thread(gid, groups, WG);
  if (instrument >= params.instruments) { return; }
  let first = offsets[instrument];
  var imbalances = ema_start(params.period, params.seed_first);
  var volumes = ema_start(params.period, params.seed_first);
  var cvd = F64();
  for (var i = first; i < offsets[instrument + 1u]; i++) {
    if (session[i] != session[max(i, first + 1u) - 1u]) { cvd = F64(); }
    let delta = f64_sub(buy[i], sell[i]);
    let unseen = f64_is_nan(delta);
    if (!unseen) { cvd = f64_add(cvd, delta); }
    let vi = f64_div(delta, f64_add(buy[i], sell[i]));
    steps[i] = select(to_steps(vi), vec2<u32>(0xffffffffu), f64_is_nan(vi));
    out[4u * i] = vi;
    out[4u * i + 1u] = select(cvd, F64_NAN, unseen);
    out[4u * i + 2u] = ema_next(&imbalances, vi);
    out[4u * i + 3u] = ema_next(&volumes, volume[i]);
  }
}
