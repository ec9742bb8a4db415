// Klinger's volume force, third column of `terms`. One thread walks the bars of an instrument.
//#import grid
//#import f64-mul
//#import f64-div
//#import f64-compare

struct Params {
  rows: u32,
  instruments: u32,
}

override WG: u32 = 64u;
// 1: |2 (dm / cm - 1)|, else |2 dm / cm - 1|
override OUTER: u32 = 1u;
// 1: volume force is 0 while cm is 0, else null
override ZERO_RANGE: u32 = 0u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
@group(0) @binding(2) var<storage, read> high: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read> low: array<vec2<u32>>;
@group(0) @binding(4) var<storage, read> close: array<vec2<u32>>;
@group(0) @binding(5) var<storage, read> volume: array<vec2<u32>>;
@group(0) @binding(6) var<storage, read_write> terms: array<vec2<u32>>;

/// 100 V |2 dm - cm or 2 cm| / cm, without the sign of the trend.
fn force_size(v: F64, range: F64, cumulative: F64) -> F64 {
  if (!f64_less(F64(), cumulative)) { return select(F64_NAN, F64(), ZERO_RANGE == 1u); }
  var compared = cumulative;
  if (OUTER == 1u) { compared = f64_add(cumulative, cumulative); }
  let distance = f64_abs(f64_sub(f64_add(range, range), compared));
  return f64_mul(f64_mul(f64_from_u32(100u), v), f64_div(distance, cumulative));
}

@compute @workgroup_size(WG)
fn klinger(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let instrument = linear_thread(gid, groups, WG);
  if (instrument >= params.instruments) { return; }
  let end = offsets[instrument + 1u];
  var prices = 0u;
  var before = F64();
  var rising = false;
  var range = F64();
  var cumulative = F64();
  for (var i = offsets[instrument]; i < end; i++) {
    let level = f64_add(f64_add(high[i], low[i]), close[i]);
    if (!f64_is_nan(level)) {
      let own = f64_sub(high[i], low[i]);
      let up = f64_less(before, level);
      if (prices > 1u) { cumulative = f64_add(select(range, cumulative, up == rising), own); }
      if (prices > 0u) { rising = up; }
      range = own;
      before = level;
      prices += 1u;
    }
    // the trend is known at the second price, the cumulative range from the third
    var force = F64_NAN;
    if (prices > 2u) { force = force_size(volume[i], range, cumulative); }
    terms[2u * params.rows + i] = select(f64_neg(force), force, rising);
  }
}
