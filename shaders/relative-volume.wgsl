// Volume of each bar in a window of bars before it: one thread a bar sums the window alone, so nothing can drift.
// A bar that was not observed has volume MISSING. Output is two records a bar: (sum low, sum high, count, rank),
// the rank being twice the volumes below the bar's own and once those equal to it, and n · Σ x² - (Σ x)².
//#import grid
//#import owner
//#import bar-window

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
  let found = bar_window(&volume, first, end, volume[bar], MISSING);
  out[2u * bar] = vec4<u32>(found.sum, found.count, found.rank);
  out[2u * bar + 1u] = found.spread;
}
