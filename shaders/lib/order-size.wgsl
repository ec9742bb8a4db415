// Sizes of orders and levels that rest beside them, in order lots and ticks.
//#import div64

/// Lots of min(max_weight, volatility / sigma) of a capital in quote currency, at most `most`; weights are in 10^-4.
fn order_size(capital: u32, max_weight: u32, volatility: u32, sigma: u32, price: u32, most: u32) -> u32 {
  if (sigma == 0u || price == 0u) { return 0u; }
  let weight = min(max_weight, volatility * 10000u / sigma);
  let lots = mul_div64(mul_wide(capital, weight), 100u, price);
  return select(min(lots.x, most), most, lots.y != 0u);
}

/// `factor` · 2^-8 ranges above or below a price, at least a tick; not below 0.
fn level_at(price: u32, above: bool, range: u32, factor: u32) -> u32 {
  let product = shift_right64(mul_wide(range, factor), 8u);
  let distance = select(clamp(product.x, 1u, 1u << 30u), 1u << 30u, product.y != 0u);
  if (above) { return price + distance; }
  return price - min(price, distance);
}
