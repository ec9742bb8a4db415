// What the bars add up to: OBV, PVT, NVI, PVI, ADL, and raw force and money flow volume for the passes after. One thread
// walks the bars of an instrument; changes are against the last close there was.
//#import grid
//#import f64-mul
//#import f64-div
//#import f64-compare

struct Params {
  rows: u32,
  instruments: u32,
}

override WG: u32 = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
@group(0) @binding(2) var<storage, read> high: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read> low: array<vec2<u32>>;
@group(0) @binding(4) var<storage, read> close: array<vec2<u32>>;
@group(0) @binding(5) var<storage, read> volume: array<vec2<u32>>;
@group(0) @binding(6) var<storage, read_write> terms: array<vec2<u32>>;
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
fn totals(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let instrument = linear_thread(gid, groups, WG);
  if (instrument >= params.instruments) { return; }
  let end = offsets[instrument + 1u];
  var obv = F64();
  var pvt = F64();
  var nvi = f64_from_u32(1000u);
  var pvi = nvi;
  var adl = F64();
  var before = F64_NAN;
  var volume_before = F64_NAN;
  for (var i = offsets[instrument]; i < end; i++) {
    let c = close[i];
    let v = volume[i];
    // a bar without a price changes nothing, which is 0 once there was one
    var force = select(F64(), F64_NAN, f64_is_nan(before));
    if (!f64_is_nan(c)) {
      let change = f64_sub(c, before);
      force = f64_mul(change, v);
      if (f64_less(before, c)) {
        obv = f64_add(obv, v);
      } else if (f64_less(c, before)) {
        obv = f64_sub(obv, v);
      }
      if (f64_less(F64(), c) && f64_less(F64(), before)) {
        pvt = f64_add(pvt, f64_mul(f64_div(change, before), v));
        let growth = f64_div(c, before);
        if (f64_less(v, volume_before)) {
          nvi = f64_mul(nvi, growth);
        } else if (f64_less(volume_before, v)) {
          pvi = f64_mul(pvi, growth);
        }
      }
      before = c;
    }
    volume_before = v;
    let flow = money_flow(i);
    adl = f64_add(adl, flow);
    terms[i] = flow;
    terms[params.rows + i] = force;
    out[i] = obv;
    out[params.rows + i] = pvt;
    out[2u * params.rows + i] = nvi;
    out[3u * params.rows + i] = pvi;
    out[4u * params.rows + i] = adl;
  }
}
