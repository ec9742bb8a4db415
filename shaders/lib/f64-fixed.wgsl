// f64 values as integers, for sums that must not depend on their order.
//#import f64

/// |a| · 2^bits to the nearest integer, halves up, for results below 2^63.
fn f64_fixed(a: F64, bits: u32) -> vec2<u32> {
  let parts = f64_parts(a);
  let shift = 1086 - parts.exponent - i32(bits);
  // below a half
  if (shift > 64) { return vec2<u32>(); }
  let twice = shift_right64(parts.significand, u32(shift - 1));
  return shift_right64(add64(twice, vec2<u32>(1u, 0u)), 1u);
}
