// 128-bit integers as four words, low first; two's complement where signed. Everything wraps modulo 2^128:
// the host has proved that final sums fit, so wrapped intermediate values are harmless.

//#import mul-wide

fn add128(a: vec4<u32>, b: vec4<u32>) -> vec4<u32> {
  let s0 = a.x + b.x;
  let c0 = select(0u, 1u, s0 < a.x);
  let t1 = a.y + b.y;
  let s1 = t1 + c0;
  // at most one of the two additions can carry
  let c1 = select(0u, 1u, t1 < a.y || s1 < t1);
  let t2 = a.z + b.z;
  let s2 = t2 + c1;
  let c2 = select(0u, 1u, t2 < a.z || s2 < t2);
  return vec4<u32>(s0, s1, s2, a.w + b.w + c2);
}

/// a + b modulo 2^64 for words 2 (the upper words stay zero), modulo 2^128 for words 4: half the work where the
/// host has bounded every sum below 2^63.
fn add_words(a: vec4<u32>, b: vec4<u32>, words: u32) -> vec4<u32> {
  if (words == 4u) { return add128(a, b); }
  let low = a.x + b.x;
  return vec4<u32>(low, a.y + b.y + select(0u, 1u, low < a.x), 0u, 0u);
}

/// Unsigned product with one word, as wide as `add_words`.
fn mul_words(a: vec4<u32>, b: u32, words: u32) -> vec4<u32> {
  if (words == 4u) { return mul128(a, b); }
  let low = mul_wide(a.x, b);
  return vec4<u32>(low.x, low.y + a.y * b, 0u, 0u);
}

/// Unsigned a < b.
fn less128(a: vec4<u32>, b: vec4<u32>) -> bool {
  if (a.w != b.w) { return a.w < b.w; }
  if (a.z != b.z) { return a.z < b.z; }
  if (a.y != b.y) { return a.y < b.y; }
  return a.x < b.x;
}

/// Unsigned value > goal if strict, else value >= goal.
fn reaches128(value: vec4<u32>, goal: vec4<u32>, strict: bool) -> bool {
  if (strict) { return less128(goal, value); }
  return !less128(value, goal);
}

/// Unsigned product with one word.
fn mul128(a: vec4<u32>, b: u32) -> vec4<u32> {
  let p0 = mul_wide(a.x, b);
  let p1 = mul_wide(a.y, b);
  let p2 = mul_wide(a.z, b);
  return add128(vec4<u32>(p0, p2), vec4<u32>(0u, p1, a.w * b));
}
