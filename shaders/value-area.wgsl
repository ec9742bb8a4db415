// Point of control and value area, one profile a thread. Positions count rows from the profile's lowest;
// `position` lists the rows that traded, ascending. With DENSE the empty rows between them count as rows of
// volume zero, and long runs of them are stepped over at once; without it, neighbours are the traded rows.
//#import grid
//#import u128

struct Params {
  profiles: u32,
  // target share of the volume = share_num / share_den
  share_num: u32,
  share_den: u32,
}

override WG: u32 = 64u;
// rows compared and added at a time: 1 or 2
override STEP: u32 = 1u;
// 1: may stop inside a step of two
override MINIMAL: u32 = 0u;
override DENSE: u32 = 1u;
// equal sides: 0 up, 1 down, 2 both
override TIE: u32 = 0u;
// 1: the volume must exceed the target, not only reach it
override STOP_GT: u32 = 0u;
// 0 nearest mid-profile then lower, 1 lowest, 2 highest
override POC_TIE: u32 = 0u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> starts: array<u32>;
@group(0) @binding(2) var<storage, read> position: array<u32>;
@group(0) @binding(3) var<storage, read> volume: array<vec4<u32>>;
@group(0) @binding(4) var<storage, read_write> out: array<vec4<u32>>;

fn reached(contained: vec4<u32>, goal: vec4<u32>) -> bool {
  return reaches128(mul128(contained, params.share_den), goal, STOP_GT == 1u);
}

/// Rows between two traded neighbours.
fn gap(lower: u32, upper: u32) -> u32 {
  return select(0u, position[upper] - position[lower] - 1u, DENSE == 1u);
}

/// Row of largest volume among [first, end).
fn point_of_control(first: u32, end: u32) -> u32 {
  var poc = first;
  let middle2 = position[end - 1u];
  for (var i = first + 1u; i < end; i++) {
    if (less128(volume[poc], volume[i])) {
      poc = i;
    } else if (!less128(volume[i], volume[poc])) {
      // |2 position - (0 + highest)|: twice the distance from mid-profile
      let near = abs(i32(2u * position[i] - middle2)) < abs(i32(2u * position[poc] - middle2));
      if (POC_TIE == 2u || (POC_TIE == 0u && near)) { poc = i; }
    }
  }
  return poc;
}

@compute @workgroup_size(WG)
fn value_area(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let profile = linear_thread(gid, groups, WG);
  if (profile >= params.profiles) { return; }
  let first = starts[profile];
  let end = starts[profile + 1u];
  let poc = point_of_control(first, end);
  var total = vec4<u32>();
  for (var i = first; i < end; i++) { total = add128(total, volume[i]); }
  let goal = mul128(total, params.share_num);

  var contained = volume[poc];
  // highest and lowest traded row taken, and empty rows taken beyond each
  var top = poc;
  var bottom = poc;
  var above = 0u;
  var below = 0u;
  while (!reached(contained, goal)) {
    let can_up = top + 1u < end;
    let can_down = bottom > first;
    if (!can_up && !can_down) { break; }
    // volume of the next STEP rows on each side, and empty rows left before the next traded one
    var up = vec4<u32>();
    var down = vec4<u32>();
    var gap_up = 0u;
    var gap_down = 0u;
    if (can_up) {
      gap_up = gap(top, top + 1u) - above;
      if (gap_up < STEP) { up = volume[top + 1u]; }
      if (STEP == 2u && gap_up == 0u && top + 2u < end && gap(top + 1u, top + 2u) == 0u) {
        up = add128(up, volume[top + 2u]);
      }
    }
    if (can_down) {
      gap_down = gap(bottom - 1u, bottom) - below;
      if (gap_down < STEP) { down = volume[bottom - 1u]; }
      if (STEP == 2u && gap_down == 0u && bottom >= first + 2u && gap(bottom - 2u, bottom - 1u) == 0u) {
        down = add128(down, volume[bottom - 2u]);
      }
    }
    let tie = can_up && can_down && !less128(up, down) && !less128(down, up);
    let take_up = can_up && (!can_down || less128(down, up) || (tie && TIE != 1u));
    let take_down = can_down && (!can_up || less128(up, down) || (tie && TIE != 0u));

    // whole steps of empty rows change neither volume nor the comparison: take them together
    var empty = 0xffffffffu;
    if (take_up) { empty = min(empty, gap_up / STEP); }
    if (take_down) { empty = min(empty, gap_down / STEP); }
    if (empty > 0u) {
      above += select(0u, empty * STEP, take_up);
      below += select(0u, empty * STEP, take_down);
      continue;
    }
    for (var r = 0u; r < STEP; r++) {
      if (take_up && top + 1u < end) {
        if (above < gap(top, top + 1u)) {
          above += 1u;
        } else {
          top += 1u;
          above = 0u;
          contained = add128(contained, volume[top]);
        }
      }
      if (take_down && bottom > first) {
        if (below < gap(bottom - 1u, bottom)) {
          below += 1u;
        } else {
          bottom -= 1u;
          below = 0u;
          contained = add128(contained, volume[bottom]);
        }
      }
      if (MINIMAL == 1u && reached(contained, goal)) { break; }
    }
  }
  out[profile] = contained;
  out[params.profiles + profile] = vec4<u32>(poc, position[bottom] - below, position[top] + above, 0u);
}
