// Volume since the session began, one run of bars (an instrument's session) a thread. It is MISSING from the first bar
// on that was not observed, and throughout where the run does not begin with the session.
//#import grid
//#import i64

struct Params {
  runs: u32,
}

override WG: u32 = 64u;
// high word of a volume that nobody saw: 2^53, above every volume
const MISSING = 0x200000u;

@group(0) @binding(0) var<uniform> params: Params;
// first row of each run, and the number of rows behind them
@group(0) @binding(1) var<storage, read> first: array<u32>;
@group(0) @binding(2) var<storage, read> whole: array<u32>;
@group(0) @binding(3) var<storage, read> volume: array<vec2<u32>>;
@group(0) @binding(4) var<storage, read_write> cumulative: array<vec2<u32>>;

@compute @workgroup_size(WG)
fn cumulate(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let run = linear_thread(gid, groups, WG);
  if (run >= params.runs) { return; }
  var total = vec2<u32>();
  var known = whole[run] == 1u;
  for (var i = first[run]; i < first[run + 1u]; i++) {
    known = known && volume[i].y != MISSING;
    total = add64(total, volume[i]);
    cumulative[i] = select(vec2<u32>(0u, MISSING), total, known);
  }
}
