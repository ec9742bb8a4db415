// Square root of an f64, digit by digit.
//#import f64

/// 54 bits of the root of `radicand`, a number in [1, 4) whose units are bit 62, and a sticky bit: the root's
/// leading one is bit 63.
fn f64_root(radicand: vec2<u32>) -> vec2<u32> {
  var digits = radicand;
  var root = vec2<u32>();
  var rest = vec2<u32>();
  for (var i = 0u; i < 54u; i++) {
    rest = shift_left64(rest, 2u) | vec2<u32>(digits.y >> 30u, 0u);
    digits = shift_left64(digits, 2u);
    // (2 · root + 1)^2 - (2 · root)^2
    let step = shift_left64(root, 2u) | vec2<u32>(1u, 0u);
    let fits = !less64(rest, step);
    rest = select(rest, sub64(rest, step), fits);
    root = shift_left64(root, 1u) | vec2<u32>(select(0u, 1u, fits), 0u);
  }
  return shift_left64(root, 10u) | vec2<u32>(select(1u, 0u, all(rest == vec2<u32>())), 0u);
}

fn f64_sqrt(a: F64) -> F64 {
  // the root of -0 is -0
  if (all(f64_magnitude(a) == vec2<u32>())) { return a; }
  if (f64_is_nan(a) || a.y >= F64_SIGN) { return F64_NAN; }
  if (f64_exponent(a) == 0x7ffu) { return a; }
  let parts = f64_parts(a);
  let power = parts.exponent - 1023;
  // 2 · significand if the power is odd
  let radicand = shift_right64(parts.significand, select(0u, 1u, (power & 1) == 0));
  return f64_round(0u, (power >> 1u) + 1023, f64_root(radicand));
}
