// Where each bar's VI stands among the bars before it: one thread a bar looks at its window alone, so nothing can
// drift. VI comes in steps, integers below 2^40; of a bar without VI the high word is NONE. Output is two records a
// bar: (count, rank, sum low, sum high) and n · Σ x² - (Σ x)²; with ROBUST twice the median for the sum, and four times
// the median deviation.
//#import grid
//#import owner
//#import i64
//#import bar-window

struct Params {
  rows: u32,
  instruments: u32,
  bars: u32,
  // 1 if the window ends with the bar itself, 0 if before it
  own: u32,
}

override WG: u32 = 64u;
override ROBUST: u32 = 0u;
const NONE = 0xffffffffu;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
@group(0) @binding(2) var<storage, read> steps: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4<u32>>;

/// The k-th smallest, from 0, of |scale · x - centre| in a window: the largest number that has at most k below it,
/// found bit by bit.
fn kth(first: u32, end: u32, k: u32, scale: u32, centre: vec2<u32>) -> vec2<u32> {
  var found = vec2<u32>();
  for (var bit = 42u; bit > 0u; bit--) {
    let tried = found | shift_left64(vec2<u32>(1u, 0u), bit - 1u);
    var below = 0u;
    for (var i = first; i < end; i++) {
      let x = steps[i];
      let less = less64(abs64(sub64(shift_left64(x, scale - 1u), centre)), tried);
      below += select(0u, 1u, less && x.y != NONE);
    }
    if (below <= k) { found = tried; }
  }
  return found;
}

/// Twice the median: the sum of the two middle values.
fn twice_median(first: u32, end: u32, count: u32, scale: u32, centre: vec2<u32>) -> vec2<u32> {
  return add64(kth(first, end, (count - 1u) / 2u, scale, centre), kth(first, end, count / 2u, scale, centre));
}

@compute @workgroup_size(WG)
fn surprise(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let bar = linear_thread(gid, groups, WG);
  if (bar >= params.rows) { return; }
  let instrument = owner_of(&offsets, params.instruments, bar);
  let end = bar + params.own;
  let first = max(offsets[instrument], end - min(end, params.bars));
  var window = bar_window(&steps, first, end, steps[bar], NONE);
  if (ROBUST == 1u && window.count > 0u) {
    let centre = twice_median(first, end, window.count, 1u, vec2<u32>());
    window.sum = centre;
    window.spread = vec4<u32>(twice_median(first, end, window.count, 2u, centre), 0u, 0u);
  }
  out[2u * bar] = vec4<u32>(window.count, window.rank, window.sum);
  out[2u * bar + 1u] = window.spread;
}
