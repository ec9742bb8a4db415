// Volume of each bar in a window of bars before it: one thread a bar sums the window alone, so nothing can drift.
// A bar that was not observed has volume MISSING. Output is two records a bar: (sum low, sum high, count, rank),
// the rank being twice the volumes below the bar's own and once those equal to it, and n · Σ x² - (Σ x)².
//#import grid
//#import owner
//#import i64
//#import mul128

struct Params {
  rows: u32,
  instruments: u32,
  bars: u32,
  // 1 if the window ends with the bar itself, 0 if before it
  own: u32,
}

override WG: u32 = 64u;
// high word of a volume that nobody saw: 2^53, above every volume
const MISSING = 0x200000u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
@group(0) @binding(2) var<storage, read> volume: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4<u32>>;

@compute @workgroup_size(WG)
fn window(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let bar = linear_thread(gid, groups, WG);
  if (bar >= params.rows) { return; }
  let instrument = owner_of(&offsets, params.instruments, bar);
  let end = bar + params.own;
  let first = max(offsets[instrument], end - min(end, params.bars));
  let own = volume[bar];

  var count = 0u;
  var rank = 0u;
  var sum = vec2<u32>();
  var squares = vec4<u32>();
  for (var i = first; i < end; i++) {
    let x = volume[i];
    if (x.y == MISSING) { continue; }
    count += 1u;
    rank += select(0u, 2u, less64(x, own)) + select(0u, 1u, all(x == own));
    sum = add64(sum, x);
    squares = add128(squares, square64(x));
  }
  out[2u * bar] = vec4<u32>(sum, count, rank);
  out[2u * bar + 1u] = sub128(mul128(squares, count), square64(sum));
}
