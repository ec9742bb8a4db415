// Sums of period returns in 10^-6 of capital.
//#import div64

struct Returns {
  total: vec2<u32>,
  squares: vec2<u32>,
  downside: vec2<u32>,
  lagged: vec2<u32>,
  previous: i32,
}

/// Adds the return profit / capital; false where it, or the sum of squares, grows past what stays exact.
fn add_return(returns: ptr<private, Returns>, profit: vec2<u32>, capital: u32) -> bool {
  let value = mul_div_round64(profit, 1u, capital);
  let size = abs64(value);
  if (size.y != 0u || size.x >= 1u << 22u) { return false; }
  let r = bitcast<i32>(value.x);
  let square = mul_wide(size.x, size.x);
  (*returns).total = add64((*returns).total, value);
  (*returns).squares = add64((*returns).squares, square);
  if (r < 0) { (*returns).downside = add64((*returns).downside, square); }
  let product = mul_signed64((*returns).previous, size.x);
  (*returns).lagged = add64((*returns).lagged, select(product, neg64(product), r < 0));
  (*returns).previous = r;
  return (*returns).squares.y < 1u << 20u;
}
