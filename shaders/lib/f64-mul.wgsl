// Product of two f64.
//#import f64

/// The upper 56 bits of a significand as digits of 14 bits, low first.
fn f64_digits(significand: vec2<u32>) -> vec4<u32> {
  let middle = (significand.x >> 22u) | (significand.y << 10u);
  return vec4<u32>(significand.x >> 8u, middle, significand.y >> 4u, significand.y >> 18u) & vec4<u32>(0x3fffu);
}

fn f64_mul(a: F64, b: F64) -> F64 {
  let sign = (a.y ^ b.y) & F64_SIGN;
  if (max(f64_exponent(a), f64_exponent(b)) == 0x7ffu) {
    let zero = all(f64_magnitude(a) == vec2<u32>()) || all(f64_magnitude(b) == vec2<u32>());
    let undefined = zero || f64_is_nan(a) || f64_is_nan(b);
    return select(F64_INFINITY | vec2<u32>(0u, sign), F64_NAN, undefined);
  }
  let x = f64_parts(a);
  let y = f64_parts(b);
  let p = f64_digits(x.significand);
  let q = f64_digits(y.significand);
  // columns of four products of 28 bits hold their carries in a word
  let c0 = p.x * q.x;
  let c1 = p.x * q.y + p.y * q.x + (c0 >> 14u);
  let c2 = p.x * q.z + p.y * q.y + p.z * q.x + (c1 >> 14u);
  let c3 = p.x * q.w + p.y * q.z + p.z * q.y + p.w * q.x + (c2 >> 14u);
  let c4 = p.y * q.w + p.z * q.z + p.w * q.y + (c3 >> 14u);
  let c5 = p.z * q.w + p.w * q.z + (c4 >> 14u);
  let c6 = p.w * q.w + (c5 >> 14u);
  let sticky = select(0u, 1u, ((c0 | c1 | c2 | c3) & 0x3fffu) != 0u);
  let product = vec2<u32>((c5 << 22u) | ((c4 & 0x3fffu) << 8u) | sticky, (c6 << 4u) | ((c5 & 0x3fffu) >> 10u));
  // of two significands in [1, 2) the product is in [1, 4)
  let zeros = 1u - (product.y >> 31u);
  return f64_round(sign, x.exponent + y.exponent - 1022 - i32(zeros), shift_left64(product, zeros));
}
