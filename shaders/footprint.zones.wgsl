// Pass 2: stacked zones, runs of adjacent prices flagged on one side. The thread of a run's first cell walks it, so
// every cell is visited once a side; `runs` holds the cells of the (sell, buy) zone that starts at a cell, else 0.
//#import grid

struct Params {
  cells: u32,
  // least cells of a zone
  stack: u32,
}

override WG: u32 = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> position: array<u32>;
@group(0) @binding(2) var<storage, read> flags: array<u32>;
@group(0) @binding(3) var<storage, read_write> runs: array<vec2<u32>>;

/// Whether cell i goes on a run that holds the cell before it.
fn continues(i: u32, bit: u32) -> bool {
  // a position of 0 begins a bar
  if (i == 0u || position[i] == 0u) { return false; }
  return position[i] == position[i - 1u] + 1u && (flags[i] & flags[i - 1u] & bit) != 0u;
}

fn run_from(i: u32, bit: u32) -> u32 {
  if ((flags[i] & bit) == 0u || continues(i, bit)) { return 0u; }
  var end = i + 1u;
  while (end < params.cells && continues(end, bit)) { end += 1u; }
  return select(0u, end - i, end - i >= params.stack);
}

@compute @workgroup_size(WG)
fn stack_zones(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let stride = thread_count(groups, WG);
  for (var i = linear_thread(gid, groups, WG); i < params.cells; i += stride) {
    // bit 1 flags selling, bit 0 buying
    runs[i] = vec2<u32>(run_from(i, 2u), run_from(i, 1u));
  }
}
