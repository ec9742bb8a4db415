// Quotient of two f64: two digits of it by a reciprocal from below, then one correction by the exact remainder.
//#import f64

/// 2^63 / divisor for a divisor of up to 1 above `top`, whose leading one is bit 31: never too large, and too small
/// by less than 8.
fn f64_reciprocal(top: u32) -> u32 {
  // from the middle of the divisors that share 16 bits, to the middle of the unit of the quotient: off by at most
  // 1.5 / 2^16, which a step of Newton, r · (2 - r · (top + 1)), squares
  let rough = 2u * (0xffffffffu / ((top >> 15u) | 1u)) + 1u;
  let rest = sub64(vec2<u32>(0u - rough, 0x1ffffu), mul_wide(rough, top));
  let refined = mul_wide(rough, (rest.y << 15u) | (rest.x >> 17u));
  return (refined.y << 16u) | (refined.x >> 16u);
}

/// 54 bits of dividend / divisor, significands of 64 bits whose quotient is taken in [1, 2), and a sticky bit:
/// the quotient's leading one is bit 63.
fn f64_quotient(dividend: vec2<u32>, divisor: vec2<u32>) -> vec2<u32> {
  let reciprocal = f64_reciprocal(divisor.y);
  let b = shift_right64(divisor, 11u);
  let a = shift_right64(dividend, select(11u, 10u, less64(dividend, divisor)));
  // 26 bits and 27 bits after the point, each digit at most 1 too small: remainders stay below 2 · b
  let first = mul_wide(shift_right64(a, 22u).x, reciprocal).y >> 4u;
  let between = sub64(shift_left64(a, 26u), mul64(b, first));
  let second = mul_wide(shift_right64(between, 22u).x, reciprocal).y >> 3u;
  let remainder = sub64(shift_left64(between, 27u), mul64(b, second));
  let short = !less64(remainder, b);
  let digits = add64(shift_left64(vec2<u32>(first, 0u), 27u), vec2<u32>(second + select(0u, 1u, short), 0u));
  let exact = all(select(remainder, sub64(remainder, b), short) == vec2<u32>());
  return shift_left64(digits, 10u) | vec2<u32>(select(1u, 0u, exact), 0u);
}

fn f64_div(a: F64, b: F64) -> F64 {
  let sign = (a.y ^ b.y) & F64_SIGN;
  let zero = all(f64_magnitude(b) == vec2<u32>());
  if (zero || max(f64_exponent(a), f64_exponent(b)) == 0x7ffu) {
    let a_infinite = f64_exponent(a) == 0x7ffu;
    let b_infinite = f64_exponent(b) == 0x7ffu;
    let undefined = (a_infinite && b_infinite) || (zero && all(f64_magnitude(a) == vec2<u32>()));
    if (undefined || f64_is_nan(a) || f64_is_nan(b)) { return F64_NAN; }
    return select(F64_INFINITY, F64(), b_infinite) | vec2<u32>(0u, sign);
  }
  let x = f64_parts(a);
  let y = f64_parts(b);
  let below = select(0, 1, less64(x.significand, y.significand));
  return f64_round(sign, x.exponent - y.exponent + 1023 - below, f64_quotient(x.significand, y.significand));
}
