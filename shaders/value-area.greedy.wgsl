// Value area by volume anywhere, one profile a thread: the fewest rows of largest volume whose sum reaches
// the target; the lowest and highest of them are reported. Equal rows are taken nearest the point of control
// first; at equal distance `TIE` decides. A bisection for the smallest volume taken replaces a sort.
//#import grid
//#import u128

struct Params {
  profiles: u32,
  share_num: u32,
  share_den: u32,
}

override WG: u32 = 64u;
override TIE: u32 = 0u;
override STOP_GT: u32 = 0u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> starts: array<u32>;
@group(0) @binding(2) var<storage, read> position: array<u32>;
@group(0) @binding(3) var<storage, read> volume: array<vec4<u32>>;
@group(0) @binding(4) var<storage, read_write> out: array<vec4<u32>>;

fn reached(contained: vec4<u32>, goal: vec4<u32>) -> bool {
  return reaches128(mul128(contained, params.share_den), goal, STOP_GT == 1u);
}

/// Sum of the rows of at least `least`.
fn sum_from(first: u32, end: u32, least: vec4<u32>) -> vec4<u32> {
  var sum = vec4<u32>();
  for (var i = first; i < end; i++) {
    if (!less128(volume[i], least)) { sum = add128(sum, volume[i]); }
  }
  return sum;
}

@compute @workgroup_size(WG)
fn greedy(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let profile = linear_thread(gid, groups, WG);
  if (profile >= params.profiles) { return; }
  let first = starts[profile];
  let end = starts[profile + 1u];
  // the value-area pass has left the point of control here
  let poc = out[2u * profile + 1u].x;
  let goal = mul128(sum_from(first, end, vec4<u32>()), params.share_num);

  // largest threshold whose rows reach the target, bit by bit from the top
  var least = vec4<u32>();
  for (var bit = 128u; bit > 0u; bit--) {
    var trial = least;
    trial[(bit - 1u) / 32u] |= 1u << ((bit - 1u) % 32u);
    if (reached(sum_from(first, end, trial), goal)) { least = trial; }
  }
  // rows above the threshold are all in; those equal to it join until the target is reached
  let beyond = add128(least, vec4<u32>(1u, 0u, 0u, 0u));
  var contained = sum_from(first, end, beyond);
  var bottom = poc;
  var top = poc;
  for (var i = first; i < end; i++) {
    if (!less128(volume[i], beyond)) {
      bottom = min(bottom, i);
      top = max(top, i);
    }
  }
  if (!less128(least, volume[poc])) { contained = volume[poc]; }
  var left = poc;
  var right = poc;
  loop {
    if (reached(contained, goal)) { break; }
    // next row equal to the threshold on each side of the point of control
    var up = right + 1u;
    while (up < end && (less128(volume[up], least) || less128(least, volume[up]))) { up += 1u; }
    var down = left;
    while (down > first && (less128(volume[down - 1u], least) || less128(least, volume[down - 1u]))) { down -= 1u; }
    let can_up = up < end;
    let can_down = down > first;
    if (!can_up && !can_down) { break; }
    let reach_up = select(0xffffffffu, position[min(up, end - 1u)] - position[poc], can_up);
    let reach_down = select(0xffffffffu, position[poc] - position[max(down, first + 1u) - 1u], can_down);
    let tie = can_up && can_down && reach_up == reach_down;
    if (reach_up < reach_down || (tie && TIE != 1u)) {
      right = up;
      top = max(top, up);
      contained = add128(contained, volume[up]);
    }
    if (reach_down < reach_up || (tie && TIE != 0u)) {
      left = down - 1u;
      bottom = min(bottom, left);
      contained = add128(contained, volume[left]);
    }
  }
  out[2u * profile] = contained;
  out[2u * profile + 1u] = vec4<u32>(poc, position[bottom], position[top], 0u);
}
