// Pass 1: the bin of every trade, from its instrument, session and price row. One thread walks CHUNK rows,
// so that the search for the instrument is paid once.
//#import grid
//#import row

struct Params {
  rows: u32,
  instruments: u32,
}

override WG: u32 = 64u;
override CHUNK: u32 = 64u;
// 1 if ties go to the even row
override HALF_EVEN: u32 = 0u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> grids: array<RowGrid>;
// start, and first bin minus the row slot it stands for: a session has bins for its own price range only
@group(0) @binding(2) var<storage, read> sessions: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read> edges: array<i32>;
@group(0) @binding(4) var<storage, read> time: array<u32>;
@group(0) @binding(5) var<storage, read> tick: array<i32>;
@group(0) @binding(6) var<storage, read_write> bin: array<u32>;

/// The last of the instrument's sessions that starts at or before `at`.
fn session_of(grid: RowGrid, at: u32) -> u32 {
  var low = 0u;
  var high = grid.session_count;
  while (high - low > 1u) {
    let middle = (low + high) / 2u;
    if (sessions[grid.session_first + middle].x <= at) { low = middle; } else { high = middle; }
  }
  return low;
}

@compute @workgroup_size(WG)
fn locate(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let first = linear_thread(gid, groups, WG) * CHUNK;
  if (first >= params.rows) { return; }
  let end = min(first + CHUNK, params.rows);

  var low = 0u;
  var high = params.instruments;
  while (high - low > 1u) {
    let middle = (low + high) / 2u;
    if (grids[middle].first_row <= first) { low = middle; } else { high = middle; }
  }
  var grid = grids[low];
  var session = session_of(grid, time[first]);
  for (var i = first; i < end; i++) {
    // an entry behind the last instrument starts at params.rows
    while (grids[low + 1u].first_row <= i) {
      low += 1u;
      grid = grids[low];
      session = 0u;
    }
    while (session + 1u < grid.session_count && time[i] >= sessions[grid.session_first + session + 1u].x) {
      session += 1u;
    }
    let k = tick[i];
    var slot = 0u;
    if (grid.edge_count == 0u) {
      slot = direct_row(grid, k, HALF_EVEN == 1u);
    } else {
      // the last edge at or below k
      var left = grid.edge_first;
      var right = left + grid.edge_count;
      while (right - left > 1u) {
        let middle = (left + right) / 2u;
        if (edges[middle] <= k) { left = middle; } else { right = middle; }
      }
      slot = left - grid.edge_first;
    }
    // the difference may wrap below zero, and wraps back here
    bin[i] = sessions[grid.session_first + session].y + slot;
  }
}
