// Pass 2: volumes of the bars between two observations. One thread owns one bar; the one where an observation is new
// walks back to where the one before was, so that every bar is read twice at most.
//#import grid
//#import f64
//#import owner

struct Params {
  bars: u32,
  instruments: u32,
}

override WG: u32 = 64u;

const NONE = 0xffffffffu;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> bar_offsets: array<u32>;
@group(0) @binding(2) var<storage, read> used: array<u32>;
@group(0) @binding(3) var<storage, read> buys: array<vec2<u32>>;
@group(0) @binding(4) var<storage, read> sells: array<vec2<u32>>;
@group(0) @binding(5) var<storage, read> unknowns: array<vec2<u32>>;
// bars since the observation before became of use; 0 where the observation is not new
@group(0) @binding(6) var<storage, read_write> lengths: array<u32>;
// buy, sell and unknown volume of those bars
@group(0) @binding(7) var<storage, read_write> volumes: array<vec2<u32>>;

@compute @workgroup_size(WG)
fn interval(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let bar = linear_thread(gid, groups, WG);
  if (bar >= params.bars) { return; }
  let first = bar_offsets[owner_of(&bar_offsets, params.instruments, bar)];
  lengths[bar] = 0u;
  volumes[3u * bar] = F64();
  volumes[3u * bar + 1u] = F64();
  volumes[3u * bar + 2u] = F64();
  if (bar == first || used[bar] == NONE) { return; }
  let before = used[bar - 1u];
  if (before == NONE || before == used[bar]) { return; }
  // volumes are whole and their sums exact; a bar that was not observed makes them null
  var buy = F64();
  var sell = F64();
  var unknown = F64();
  var at = bar;
  while (at > first && used[max(at, 1u) - 1u] == before) {
    buy = f64_add(buy, buys[at]);
    sell = f64_add(sell, sells[at]);
    unknown = f64_add(unknown, unknowns[at]);
    at -= 1u;
  }
  lengths[bar] = bar - at;
  volumes[3u * bar] = buy;
  volumes[3u * bar + 1u] = sell;
  volumes[3u * bar + 2u] = unknown;
}
