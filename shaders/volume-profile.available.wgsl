// Pass 3, twice: latest availability of a trade in each bin, as two words. There are no 64-bit atomics, so
// WORD 1 first finds the largest high word, then WORD 0 the largest low word among trades that reach it.
//#import grid

struct Params {
  rows: u32,
}

override WG: u32 = 64u;
override WORD: u32 = 1u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> bin: array<u32>;
@group(0) @binding(2) var<storage, read> available: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read_write> latest: array<atomic<u32>>;

@compute @workgroup_size(WG)
fn available_word(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = linear_thread(gid, groups, WG);
  if (i >= params.rows) { return; }
  let value = available[i];
  let at = 2u * bin[i];
  if (WORD == 1u) {
    atomicMax(&latest[at + 1u], value.y);
  } else if (atomicLoad(&latest[at + 1u]) == value.y) {
    atomicMax(&latest[at], value.x);
  }
}
