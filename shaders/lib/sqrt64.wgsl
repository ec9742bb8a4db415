// Square root of 64-bit integers.
//#import i64

/// floor(√a) for a < 2^56, two bits of a to one of the root.
fn sqrt64(a: vec2<u32>) -> u32 {
  var root = 0u;
  var rest = 0u;
  for (var bits = 56u; bits > 0u; ) {
    bits -= 2u;
    rest = (rest << 2u) | (shift_right64(a, bits).x & 3u);
    // (2 root + 1)^2 - (2 root)^2
    let step = 4u * root + 1u;
    let fits = rest >= step;
    rest -= select(0u, step, fits);
    root = 2u * root + select(0u, 1u, fits);
  }
  return root;
}
