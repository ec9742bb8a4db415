// IEEE 754 binary64 in integer arithmetic, as the two words a Float64Array holds, low first: WGSL has no f64.
// Rounds to nearest, ties to even, subnormals included: the bits are those of the same operations in JavaScript,
// in the same order. A NaN result is always F64_NAN. The rare cases are branches that a workgroup seldom takes.
//#import i64

alias F64 = vec2<u32>;

const F64_SIGN = 0x80000000u;
const F64_INFINITY = vec2<u32>(0u, 0x7ff00000u);
const F64_NAN = vec2<u32>(0u, 0x7ff80000u);

/// A finite magnitude: significand · 2^(exponent - 1086). The leading one is bit 63 of the significand; zero has
/// none, and an exponent so low that products and quotients with it round to zero.
struct F64Parts {
  significand: vec2<u32>,
  exponent: i32,
}

/// Bits without the sign: they order like the magnitudes.
fn f64_magnitude(a: F64) -> vec2<u32> {
  return vec2<u32>(a.x, a.y & 0x7fffffffu);
}

/// The biased exponent: 0 for zero and subnormals, 0x7ff for infinity and NaN.
fn f64_exponent(a: F64) -> u32 {
  return (a.y >> 20u) & 0x7ffu;
}

fn f64_is_nan(a: F64) -> bool {
  return less64(F64_INFINITY, f64_magnitude(a));
}

fn f64_parts(a: F64) -> F64Parts {
  let exponent = f64_exponent(a);
  let fraction = vec2<u32>(a.x << 11u, ((a.y & 0xfffffu) << 11u) | (a.x >> 21u));
  if (exponent == 0u) {
    if (all(fraction == vec2<u32>())) { return F64Parts(fraction, -8192); }
    let zeros = leading_zeros64(fraction);
    return F64Parts(shift_left64(fraction, zeros), 1 - i32(zeros));
  }
  return F64Parts(vec2<u32>(fraction.x, fraction.y | 0x80000000u), i32(exponent));
}

/// floor(a / 2^by) for by in 0..63, the last bit set if any bit fell off, so that rounding still sees it.
fn f64_shift_sticky(a: vec2<u32>, by: u32) -> vec2<u32> {
  let shifted = shift_right64(a, by);
  let lost = any(shift_left64(shifted, by) != a);
  return vec2<u32>(shifted.x | select(0u, 1u, lost), shifted.y);
}

/// Rounds significand · 2^(exponent - 1086), whose leading one is bit 63 and whose last bit may be sticky.
fn f64_round(sign: u32, exponent: i32, significand: vec2<u32>) -> F64 {
  var biased = exponent;
  var bits = significand;
  if (biased <= 0) {
    bits = f64_shift_sticky(bits, u32(min(1 - biased, 63)));
    biased = 1;
  }
  if (biased >= 0x7ff) { return F64_INFINITY | vec2<u32>(0u, sign); }
  // 11 bits fall off: up if they exceed a half, or are a half and the last bit kept is odd
  let up = ((bits.x & 0x7ffu) + 0x3ffu + ((bits.x >> 11u) & 1u)) >> 11u;
  // the leading one adds 1 to the exponent below it, and a carry out of the fraction adds another
  let kept = vec2<u32>((bits.x >> 11u) | (bits.y << 21u), (bits.y >> 11u) + (u32(biased - 1) << 20u));
  return add64(kept, vec2<u32>(up, 0u)) | vec2<u32>(0u, sign);
}

fn f64_add(x: F64, y: F64) -> F64 {
  let swapped = less64(f64_magnitude(x), f64_magnitude(y));
  let a = select(x, y, swapped);
  let b = select(y, x, swapped);
  let a_exponent = f64_exponent(a);
  let b_exponent = f64_exponent(b);
  let opposite = ((a.y ^ b.y) & F64_SIGN) != 0u;
  if (a_exponent == 0x7ffu) {
    let undefined = f64_is_nan(a) || (opposite && b_exponent == 0x7ffu);
    return select(a, F64_NAN, undefined);
  }
  // the leading one at bit 62, so that the sum has room; ten bits below suffice for a sticky one
  let one = vec2<u32>(select(0u, 1u << 30u, a_exponent != 0u), select(0u, 1u << 30u, b_exponent != 0u));
  let larger = vec2<u32>(a.x << 10u, ((a.y & 0xfffffu) << 10u) | (a.x >> 22u) | one.x);
  let smaller = vec2<u32>(b.x << 10u, ((b.y & 0xfffffu) << 10u) | (b.x >> 22u) | one.y);
  let exponent = max(a_exponent, 1u);
  let aligned = f64_shift_sticky(smaller, min(exponent - max(b_exponent, 1u), 63u));
  let total = select(add64(larger, aligned), sub64(larger, aligned), opposite);
  // x - x is +0; -0 is the sum of two of them
  if (all(total == vec2<u32>())) { return vec2<u32>(0u, a.y & b.y & F64_SIGN); }
  let zeros = leading_zeros64(total);
  return f64_round(a.y & F64_SIGN, i32(exponent) + 1 - i32(zeros), shift_left64(total, zeros));
}

fn f64_sub(a: F64, b: F64) -> F64 {
  return f64_add(a, vec2<u32>(b.x, b.y ^ F64_SIGN));
}

fn f64_neg(a: F64) -> F64 {
  return select(vec2<u32>(a.x, a.y ^ F64_SIGN), F64_NAN, f64_is_nan(a));
}

fn f64_abs(a: F64) -> F64 {
  return select(f64_magnitude(a), F64_NAN, f64_is_nan(a));
}

/// Nearest to an unsigned 64-bit integer.
fn f64_from_u64(value: vec2<u32>) -> F64 {
  let zeros = leading_zeros64(value);
  if (zeros == 64u) { return F64(); }
  return f64_round(0u, 1086 - i32(zeros), shift_left64(value, zeros));
}

/// Nearest to a signed 64-bit integer.
fn f64_from_i64(value: vec2<u32>) -> F64 {
  return f64_from_u64(abs64(value)) | vec2<u32>(0u, value.y & F64_SIGN);
}

fn f64_from_u32(value: u32) -> F64 {
  return f64_from_u64(vec2<u32>(value, 0u));
}

fn f64_from_i32(value: i32) -> F64 {
  return f64_from_i64(vec2<u32>(bitcast<u32>(value), bitcast<u32>(value >> 31u)));
}
