// Exact division of 64-bit integers (two words, low first) by words, and of one by another to a binary fraction.
//#import i64

/// (quotient, remainder) of (high · 2^32 + low) / divisor for high < divisor, by two digits of 16 bits (Knuth,
/// The Art of Computer Programming 2, 4.3.1 D).
fn div_wide(high: u32, low: u32, divisor: u32) -> vec2<u32> {
  let zeros = countLeadingZeros(divisor);
  let d = divisor << zeros;
  let n = shift_left64(vec2<u32>(low, high), zeros);
  let first = div_digit(n.y, n.x >> 16u, d);
  let second = div_digit(first.y, n.x & 0xffffu, d);
  return vec2<u32>((first.x << 16u) | second.x, second.y >> zeros);
}

/// (digit, remainder) of (rest · 2^16 + next) / divisor for rest < divisor, whose leading one is bit 31.
fn div_digit(rest: u32, next: u32, divisor: u32) -> vec2<u32> {
  // from the divisor's upper half: at most 2 too large, never too small
  var digit = rest / (divisor >> 16u);
  var remainder = sub64(vec2<u32>((rest << 16u) | next, rest >> 16u), mul_wide(digit, divisor));
  for (var i = 0u; i < 2u; i++) {
    let over = remainder.y != 0u;
    digit -= select(0u, 1u, over);
    remainder = add64(remainder, vec2<u32>(select(0u, divisor, over), 0u));
  }
  return vec2<u32>(digit, remainder.x);
}

/// Unsigned a · b / divisor: the quotient's words, which the caller knows to suffice, and the remainder.
fn mul_div64(a: vec2<u32>, b: u32, divisor: u32) -> vec3<u32> {
  let low = mul_wide(a.x, b);
  let high = add64(mul_wide(a.y, b), vec2<u32>(low.y, 0u));
  let upper = div_wide(high.y, high.x, divisor);
  let lower = div_wide(upper.y, low.x, divisor);
  return vec3<u32>(lower.x, upper.x, lower.y);
}

/// Signed a · b / divisor, halves rounded away from zero.
fn mul_div_round64(a: vec2<u32>, b: u32, divisor: u32) -> vec2<u32> {
  let result = mul_div64(abs64(a), b, divisor);
  // remainder >= divisor / 2 without overflow
  let up = select(0u, 1u, result.z >= divisor - result.z);
  let magnitude = add64(result.xy, vec2<u32>(up, 0u));
  return select(magnitude, neg64(magnitude), a.y >= 0x80000000u);
}

/// Signed a · b / divisor, rounded down.
fn mul_div_floor64(a: vec2<u32>, b: u32, divisor: u32) -> vec2<u32> {
  let result = mul_div64(abs64(a), b, divisor);
  if (a.y < 0x80000000u) { return result.xy; }
  return neg64(add64(result.xy, vec2<u32>(select(0u, 1u, result.z != 0u), 0u)));
}

/// a / b · 2^bits to the nearest integer, halves up, for 0 <= a <= b, 0 < b < 2^63, bits < 32: by restoring division.
fn ratio64(a: vec2<u32>, b: vec2<u32>, bits: u32) -> u32 {
  var quotient = 0u;
  var rest = a;
  for (var i = 0u; i < bits; i++) {
    rest = shift_left64(rest, 1u);
    let fits = !less64(rest, b);
    rest = select(rest, sub64(rest, b), fits);
    quotient = 2u * quotient + select(0u, 1u, fits);
  }
  return quotient + select(1u, 0u, less64(shift_left64(rest, 1u), b));
}
