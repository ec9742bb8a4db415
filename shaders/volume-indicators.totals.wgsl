// OBV, PVT, NVI and PVI: totals and indexes that every change of the close moves. One thread walks the bars of an
// instrument; changes are against the last close there was.
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
@group(0) @binding(2) var<storage, read> close: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read> volume: array<vec2<u32>>;
@group(0) @binding(4) var<storage, read_write> out: array<vec2<u32>>;

@compute @workgroup_size(WG)
fn totals(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let instrument = linear_thread(gid, groups, WG);
  if (instrument >= params.instruments) { return; }
  let end = offsets[instrument + 1u];
  var obv = F64();
  var pvt = F64();
  var nvi = f64_from_u32(1000u);
  var pvi = nvi;
  var before = F64_NAN;
  var volume_before = F64_NAN;
  for (var i = offsets[instrument]; i < end; i++) {
    let c = close[i];
    let v = volume[i];
    if (!f64_is_nan(c)) {
      if (f64_less(before, c)) {
        obv = f64_add(obv, v);
      } else if (f64_less(c, before)) {
        obv = f64_sub(obv, v);
      }
      if (f64_less(F64(), c) && f64_less(F64(), before)) {
        pvt = f64_add(pvt, f64_mul(f64_div(f64_sub(c, before), before), v));
        let change = f64_div(c, before);
        if (f64_less(v, volume_before)) {
          nvi = f64_mul(nvi, change);
        } else if (f64_less(volume_before, v)) {
          pvi = f64_mul(pvi, change);
        }
      }
      before = c;
    }
    volume_before = v;
    out[i] = obv;
    out[params.rows + i] = pvt;
    out[2u * params.rows + i] = nvi;
    out[3u * params.rows + i] = pvi;
  }
}
