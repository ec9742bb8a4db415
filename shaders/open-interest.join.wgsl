// Pass 1: the observation that is of use at the end of every bar. One thread owns one bar.
//#import grid
//#import i64
//#import owner

struct Params {
  bars: u32,
  instruments: u32,
  max_age_low: u32,
  max_age_high: u32,
}

override WG: u32 = 64u;

const NONE = 0xffffffffu;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> bar_offsets: array<u32>;
@group(0) @binding(2) var<storage, read> oi_offsets: array<u32>;
// ends of bars, and from when on an observation or a later one is known: whole µs
@group(0) @binding(3) var<storage, read> ends: array<vec2<u32>>;
@group(0) @binding(4) var<storage, read> known: array<vec2<u32>>;
// observation of use at each bar
@group(0) @binding(5) var<storage, read_write> used: array<u32>;

@compute @workgroup_size(WG)
fn join(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let bar = linear_thread(gid, groups, WG);
  if (bar >= params.bars) { return; }
  let instrument = owner_of(&bar_offsets, params.instruments, bar);
  let first = oi_offsets[instrument];
  var low = first;
  var high = oi_offsets[instrument + 1u];
  // observations before `low` are known by the bar's end, those from `high` on are not
  while (low < high) {
    let middle = (low + high) / 2u;
    if (less64(ends[bar], known[middle])) { high = middle; } else { low = middle + 1u; }
  }
  used[bar] = NONE;
  if (low == first) { return; }
  let age = sub64(ends[bar], known[low - 1u]);
  if (!less64(vec2<u32>(params.max_age_low, params.max_age_high), age)) { used[bar] = low - 1u; }
}
