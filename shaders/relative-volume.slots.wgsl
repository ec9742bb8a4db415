// The same slot of earlier sessions, one bar a thread: `before` leads from a bar to the nearest earlier one of its slot
// and lane, NONE at the first. Output is three pairs a bar: sum of the slot's volumes, sum of its cumulative volumes,
// and how many of each there are.
//#import grid
//#import i64

struct Params {
  rows: u32,
  // keys of sessions in the baseline are at most this much less
  span: u32,
}

override WG: u32 = 64u;
const MISSING = 0x200000u;
const NONE = 0xffffffffu;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> volume: array<vec2<u32>>;
@group(0) @binding(2) var<storage, read> cumulative: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read> key: array<u32>;
@group(0) @binding(4) var<storage, read> before: array<u32>;
@group(0) @binding(5) var<storage, read_write> out: array<vec2<u32>>;

@compute @workgroup_size(WG)
fn slots(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let bar = linear_thread(gid, groups, WG);
  if (bar >= params.rows) { return; }
  var sum = vec2<u32>();
  var total = vec2<u32>();
  var counts = vec2<u32>();
  for (var i = before[bar]; i != NONE; i = before[i]) {
    let back = key[bar] - key[i];
    if (back > params.span) { break; }
    // an hour that the clock repeats has the slot twice in one session
    if (back == 0u) { continue; }
    if (volume[i].y != MISSING) {
      sum = add64(sum, volume[i]);
      counts.x += 1u;
    }
    if (cumulative[i].y != MISSING) {
      total = add64(total, cumulative[i]);
      counts.y += 1u;
    }
  }
  out[3u * bar] = sum;
  out[3u * bar + 1u] = total;
  out[3u * bar + 2u] = counts;
}
