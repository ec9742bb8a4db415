// Sums of two series over the rows where neither is null, in binary64 and in row order: the bits of the same loops in
// JavaScript.
//#import f64-div
//#import f64-mul

/// Most lags of a long-run variance.
const PAIR_LAGS = 63u;

/// Rows of two series read together: their places in the values, and how many.
struct PairRows {
  x: u32,
  y: u32,
  rows: u32,
}

/// Pairs; sums of squares and products about the pairs' own means; sum of squared windows of the influences.
struct PairSums {
  n: u32,
  xx: F64,
  yy: F64,
  xy: F64,
  windows: F64,
}

fn pair_sums(
  x: ptr<storage, array<vec2<u32>>, read>,
  y: ptr<storage, array<vec2<u32>>, read>,
  lags: ptr<storage, array<u32>, read>,
  at: PairRows,
) -> PairSums {
  var sums = PairSums();
  // about the first pair, so that a constant has a mean of exactly itself
  var x_first = F64();
  var y_first = F64();
  var x_sum = F64();
  var y_sum = F64();
  for (var i = 0u; i < at.rows; i++) {
    let a = x[at.x + i];
    let b = y[at.y + i];
    if (f64_is_nan(a) || f64_is_nan(b)) { continue; }
    if (sums.n == 0u) {
      x_first = a;
      y_first = b;
    }
    sums.n += 1u;
    x_sum = f64_add(x_sum, f64_sub(a, x_first));
    y_sum = f64_add(y_sum, f64_sub(b, y_first));
  }
  if (sums.n == 0u) { return sums; }
  let n = f64_from_u32(sums.n);
  let x_mean = f64_add(x_first, f64_div(x_sum, n));
  let y_mean = f64_add(y_first, f64_div(y_sum, n));
  for (var i = 0u; i < at.rows; i++) {
    let a = f64_sub(x[at.x + i], x_mean);
    let b = f64_sub(y[at.y + i], y_mean);
    if (f64_is_nan(a) || f64_is_nan(b)) { continue; }
    sums.xx = f64_add(sums.xx, f64_mul(a, a));
    sums.yy = f64_add(sums.yy, f64_mul(b, b));
    sums.xy = f64_add(sums.xy, f64_mul(a, b));
  }
  if (all(sums.xx == F64()) || all(sums.yy == F64())) { return sums; }

  let half = vec2<u32>(0u, 0x3fe00000u);
  let x_slope = f64_mul(half, f64_div(sums.xy, sums.xx));
  let y_slope = f64_mul(half, f64_div(sums.xy, sums.yy));
  // the window holds lags + 1 influences of consecutive pairs; zeros come in behind the last
  var ring: array<vec2<u32>, PAIR_LAGS + 1u>;
  let width = min(lags[sums.n], PAIR_LAGS) + 1u;
  var slot = 0u;
  var window = F64();
  for (var i = 0u; i < at.rows + width - 1u; i++) {
    var influence = F64();
    if (i < at.rows) {
      let a = f64_sub(x[at.x + i], x_mean);
      let b = f64_sub(y[at.y + i], y_mean);
      if (f64_is_nan(a) || f64_is_nan(b)) { continue; }
      let squares = f64_add(f64_mul(x_slope, f64_mul(a, a)), f64_mul(y_slope, f64_mul(b, b)));
      influence = f64_sub(f64_mul(a, b), squares);
    }
    window = f64_add(window, f64_sub(influence, ring[slot]));
    ring[slot] = influence;
    slot = select(slot + 1u, 0u, slot + 1u == width);
    sums.windows = f64_add(sums.windows, f64_mul(window, window));
  }
  return sums;
}
