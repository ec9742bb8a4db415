// Moves the sums of each bar from the base to its pivot p, in place, one bar a thread:
// Σ q (d - p) = Σ q d - p Σ q and Σ q (d - p)² = Σ q d² - 2 p Σ q d + p² Σ q.
//#import grid
//#import i64
//#import mul128

struct Params {
  rows: u32,
}

override WG: u32 = 64u;

@group(0) @binding(0) var<uniform> params: Params;
// the four blocks of records that the pass before wrote
@group(0) @binding(1) var<storage, read_write> out: array<vec4<u32>>;

@compute @workgroup_size(WG)
fn about_pivot(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let bar = linear_thread(gid, groups, WG);
  if (bar >= params.rows) { return; }
  let counted = out[3u * params.rows + bar];
  let pivot = counted.zw;
  let far = abs64(pivot);
  let below = pivot.y >= 0x80000000u;
  let lots = out[bar].xy;
  let sum = out[params.rows + bar];
  let weight = mul128_64(vec4<u32>(lots, 0u, 0u), far);
  let cross = mul128_64(add128(sum, sum), far);
  let squares = add128(out[2u * params.rows + bar], mul128_64(weight, far));
  out[bar] = vec4<u32>(lots, sub64(out[bar].zw, mul64(pivot, counted.x)));
  out[params.rows + bar] = select(sub128(sum, weight), add128(sum, weight), below);
  out[2u * params.rows + bar] = select(sub128(squares, cross), add128(squares, cross), below);
}
