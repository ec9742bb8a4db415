// Sums of pairs of series. One thread owns one pair: it reads its rows one after another, so that its sums have the
// reference's order whatever the workgroup.
//#import grid
//#import pair-sums

struct Params {
  pairs: u32,
}

override WG: u32 = 64u;

@group(0) @binding(0) var<uniform> params: Params;
// x row, y row and rows of each pair
@group(0) @binding(1) var<storage, read> pairs: array<u32>;
@group(0) @binding(2) var<storage, read> values: array<vec2<u32>>;
// lags of a long-run variance by number of pairs
@group(0) @binding(3) var<storage, read> lags: array<u32>;
@group(0) @binding(4) var<storage, read_write> counts: array<u32>;
// xx, yy, xy and windows of each pair
@group(0) @binding(5) var<storage, read_write> sums: array<vec2<u32>>;

@compute @workgroup_size(WG)
fn correlate(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let pair = linear_thread(gid, groups, WG);
  if (pair >= params.pairs) { return; }
  let at = PairRows(pairs[3u * pair], pairs[3u * pair + 1u], pairs[3u * pair + 2u]);
  let found = pair_sums(&values, &values, &lags, at);
  counts[pair] = found.n;
  sums[4u * pair] = found.xx;
  sums[4u * pair + 1u] = found.yy;
  sums[4u * pair + 2u] = found.xy;
  sums[4u * pair + 3u] = found.windows;
}
