// Pass 2: lots and trades by bin, with atomics. u32 sums carry into the next word, which is order-free
// because each wrap of a word carries exactly once. A bin is buy, sell, unknown lots (SUM_WORDS each),
// then the trades of each.
//#import grid

struct Params {
  rows: u32,
}

override WG: u32 = 64u;
override CHUNK: u32 = 64u;
// 2 if lots pass 30 bits
override LOT_WORDS: u32 = 1u;
// words of one sum: 1 while the statistics bound an instrument's total below 2^32, else 2, else 3
override SUM_WORDS: u32 = 2u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> bin: array<u32>;
@group(0) @binding(2) var<storage, read> size: array<u32>;
@group(0) @binding(3) var<storage, read> size_hi: array<u32>;
@group(0) @binding(4) var<storage, read_write> bins: array<atomic<u32>>;

fn add_lots(at: u32, lots: vec2<u32>) {
  let old = atomicAdd(&bins[at], lots.x);
  if (SUM_WORDS == 1u) { return; }
  let carry = select(0u, 1u, old + lots.x < old);
  // lots stay below 2^62, so the high word plus a carry cannot wrap by itself
  let high = lots.y + carry;
  if (high == 0u) { return; }
  let old_high = atomicAdd(&bins[at + 1u], high);
  if (SUM_WORDS == 3u && old_high + high < old_high) { atomicAdd(&bins[at + 2u], 1u); }
}

@compute @workgroup_size(WG)
fn histogram(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let first = linear_thread(gid, groups, WG) * CHUNK;
  if (first >= params.rows) { return; }
  let end = min(first + CHUNK, params.rows);
  for (var i = first; i < end; i++) {
    let word = size[i];
    var lots = vec2<u32>(word >> 2u, 0u);
    if (LOT_WORDS == 2u) {
      let word_hi = size_hi[i];
      lots = vec2<u32>((word >> 2u) | (word_hi << 30u), word_hi >> 2u);
    }
    let side = word & 3u;
    let column = select(select(2u, 1u, side == 2u), 0u, side == 1u);
    let at = bin[i] * (3u * SUM_WORDS + 3u);
    add_lots(at + column * SUM_WORDS, lots);
    atomicAdd(&bins[at + 3u * SUM_WORDS + column], 1u);
  }
}
