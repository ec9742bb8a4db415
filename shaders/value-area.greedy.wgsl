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

/// First row from `row` on of exactly `least`, or `end`.
fn next_above(row: u32, end: u32, least: vec4<u32>) -> u32 {
  var at = row;
  while (at < end && !all(volume[at] == least)) { at += 1u; }
  return at;
}

/// One past the last row before `row` of exactly `least`, or `first`.
fn next_below(row: u32, first: u32, least: vec4<u32>) -> u32 {
  var at = row;
  while (at > first && !all(volume[at - 1u] == least)) { at -= 1u; }
  return at;
}

@compute @workgroup_size(WG)
fn greedy(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let profile = linear_thread(gid, groups, WG);
  if (profile >= params.profiles) { return; }
  let first = starts[profile];
  let end = starts[profile + 1u];
  // the value-area pass has left the point of control here
  let poc = out[params.profiles + profile].x;
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
  // next rows equal to the threshold above and below the point of control; each side is walked once
  var up = next_above(poc + 1u, end, least);
  var down = next_below(poc, first, least);
  while (!reached(contained, goal) && (up < end || down > first)) {
    var reach_up = 0xffffffffu;
    var reach_down = 0xffffffffu;
    if (up < end) { reach_up = position[up] - position[poc]; }
    if (down > first) { reach_down = position[poc] - position[down - 1u]; }
    let tie = reach_up == reach_down;
    if (reach_up < reach_down || (tie && TIE != 1u)) {
      top = max(top, up);
      contained = add128(contained, volume[up]);
      up = next_above(up + 1u, end, least);
    }
    if (reach_down < reach_up || (tie && TIE != 0u)) {
      bottom = min(bottom, down - 1u);
      contained = add128(contained, volume[down - 1u]);
      down = next_below(down - 1u, first, least);
    }
  }
  out[profile] = contained;
  out[params.profiles + profile] = vec4<u32>(poc, position[bottom], position[top], 0u);
}
