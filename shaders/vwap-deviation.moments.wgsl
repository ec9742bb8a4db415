// What each bar brings to a VWAP, one bar a thread: Σ q d and Σ q d² of its volume at its typical price, whose signed
// distance from the instrument's base is d.
//#import grid
//#import i64
//#import mul128

struct Params {
  rows: u32,
}

override WG: u32 = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> volume: array<vec2<u32>>;
@group(0) @binding(2) var<storage, read> price: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read_write> first: array<vec4<u32>>;
@group(0) @binding(4) var<storage, read_write> second: array<vec4<u32>>;

@compute @workgroup_size(WG)
fn moments(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let bar = linear_thread(gid, groups, WG);
  if (bar >= params.rows) { return; }
  let d = price[bar];
  let far = abs64(d);
  let weighted = mul128_64(vec4<u32>(far, 0u, 0u), volume[bar]);
  first[bar] = select(weighted, sub128(vec4<u32>(), weighted), d.y >= 0x80000000u);
  second[bar] = mul128_64(weighted, far);
}
