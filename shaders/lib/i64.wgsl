// 64-bit integers as two words, low first; two's complement where signed. Sums and products wrap modulo 2^64.
//#import mul-wide

fn add64(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let low = a.x + b.x;
  return vec2<u32>(low, a.y + b.y + select(0u, 1u, low < a.x));
}

fn sub64(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  return vec2<u32>(a.x - b.x, a.y - b.y - select(0u, 1u, a.x < b.x));
}

fn neg64(a: vec2<u32>) -> vec2<u32> {
  return sub64(vec2<u32>(), a);
}

/// Magnitude of a signed value, as unsigned: that of -2^63 is 2^63.
fn abs64(a: vec2<u32>) -> vec2<u32> {
  return select(a, neg64(a), a.y >= 0x80000000u);
}

/// Unsigned a < b.
fn less64(a: vec2<u32>, b: vec2<u32>) -> bool {
  return a.y < b.y || (a.y == b.y && a.x < b.x);
}

/// Signed a < b.
fn less_signed64(a: vec2<u32>, b: vec2<u32>) -> bool {
  return bitcast<i32>(a.y) < bitcast<i32>(b.y) || (a.y == b.y && a.x < b.x);
}

/// Product with an unsigned word; a may be signed or unsigned.
fn mul64(a: vec2<u32>, b: u32) -> vec2<u32> {
  let low = mul_wide(a.x, b);
  return vec2<u32>(low.x, low.y + a.y * b);
}

/// Signed product of a signed and an unsigned word: exact.
fn mul_signed64(a: i32, b: u32) -> vec2<u32> {
  let product = mul_wide(bitcast<u32>(a), b);
  // read as unsigned, a negative a is 2^32 too large
  return vec2<u32>(product.x, product.y - select(0u, b, a < 0));
}

/// Zeros above the leading one; 64 for zero.
fn leading_zeros64(a: vec2<u32>) -> u32 {
  return select(countLeadingZeros(a.y), 32u + countLeadingZeros(a.x), a.y == 0u);
}

/// a · 2^by for by in 0..63. WGSL takes shifts modulo 32, hence the whole word first and the odd bit apart.
fn shift_left64(a: vec2<u32>, by: u32) -> vec2<u32> {
  let whole = select(a, vec2<u32>(0u, a.x), by >= 32u);
  let rest = by & 31u;
  return vec2<u32>(whole.x << rest, (whole.y << rest) | ((whole.x >> 1u) >> (31u - rest)));
}

/// floor(a / 2^by) of an unsigned a for by in 0..63.
fn shift_right64(a: vec2<u32>, by: u32) -> vec2<u32> {
  let whole = select(a, vec2<u32>(a.y, 0u), by >= 32u);
  let rest = by & 31u;
  return vec2<u32>((whole.x >> rest) | ((whole.y << 1u) << (31u - rest)), whole.y >> rest);
}
