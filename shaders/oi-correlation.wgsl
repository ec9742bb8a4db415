// Sums of two series of an instrument at a lag. One thread owns one instrument and lag: it reads its rows one after
// another, so that its sums have the reference's order whatever the workgroup.
//#import grid
//#import pair-sums

struct Params {
  instruments: u32,
  max_lag: u32,
}

override WG: u32 = 64u;

@group(0) @binding(0) var<uniform> params: Params;
// first row and end of each instrument
@group(0) @binding(1) var<storage, read> spans: array<vec2<u32>>;
@group(0) @binding(2) var<storage, read> x: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read> y: array<vec2<u32>>;
// lags of a long-run variance by number of pairs
@group(0) @binding(4) var<storage, read> hac_lags: array<u32>;
@group(0) @binding(5) var<storage, read_write> counts: array<u32>;
// xx, yy, xy and windows of each instrument and lag
@group(0) @binding(6) var<storage, read_write> sums: array<vec2<u32>>;

@compute @workgroup_size(WG)
fn lagged(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let cell = linear_thread(gid, groups, WG);
  let lags = 2u * params.max_lag + 1u;
  if (cell >= params.instruments * lags) { return; }
  let span = spans[cell / lags];
  // x leads by as much as the place passes the middle, and trails by what it lacks
  let place = cell % lags;
  let leads = max(place, params.max_lag) - params.max_lag;
  let trails = params.max_lag - min(place, params.max_lag);
  let bars = span.y - span.x;
  let rows = bars - min(bars, leads + trails);
  let found = pair_sums(&x, &y, &hac_lags, PairRows(span.x + trails, span.x + leads, rows));
  counts[cell] = found.n;
  sums[4u * cell] = found.xx;
  sums[4u * cell + 1u] = found.yy;
  sums[4u * cell + 2u] = found.xy;
  sums[4u * cell + 3u] = found.windows;
}
