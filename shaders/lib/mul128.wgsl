// More of 128-bit integers: differences, and products with 64 bits. Everything wraps modulo 2^128.
//#import u128

fn sub128(a: vec4<u32>, b: vec4<u32>) -> vec4<u32> {
  return add128(add128(a, ~b), vec4<u32>(1u, 0u, 0u, 0u));
}

/// Product with an unsigned 64-bit integer; a may be signed or unsigned.
fn mul128_64(a: vec4<u32>, b: vec2<u32>) -> vec4<u32> {
  return add128(mul128(a, b.x), vec4<u32>(0u, mul128(a, b.y).xyz));
}

fn square64(a: vec2<u32>) -> vec4<u32> {
  return mul128_64(vec4<u32>(a, 0u, 0u), a);
}
