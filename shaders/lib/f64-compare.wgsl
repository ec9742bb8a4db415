// Order of f64 values: comparisons as JavaScript's operators, extremes as Math.max and Math.min.
//#import f64

/// A signed 64-bit integer that orders as the value does, NaN apart; both zeros give 0.
fn f64_order(a: F64) -> vec2<u32> {
  return select(f64_magnitude(a), neg64(f64_magnitude(a)), a.y >= F64_SIGN);
}

fn f64_less(a: F64, b: F64) -> bool {
  return less_signed64(f64_order(a), f64_order(b)) && !f64_is_nan(a) && !f64_is_nan(b);
}

fn f64_less_equal(a: F64, b: F64) -> bool {
  return !less_signed64(f64_order(b), f64_order(a)) && !f64_is_nan(a) && !f64_is_nan(b);
}

fn f64_equal(a: F64, b: F64) -> bool {
  return all(f64_order(a) == f64_order(b)) && !f64_is_nan(a) && !f64_is_nan(b);
}

/// NaN if either is; +0 is larger than -0.
fn f64_max(a: F64, b: F64) -> F64 {
  if (f64_is_nan(a) || f64_is_nan(b)) { return F64_NAN; }
  let a_order = f64_order(a);
  let b_order = f64_order(b);
  // the sign bits decide between zeros
  return select(a, b, less_signed64(a_order, b_order) || (all(a_order == b_order) && a.y > b.y));
}

/// NaN if either is; -0 is smaller than +0.
fn f64_min(a: F64, b: F64) -> F64 {
  return f64_neg(f64_max(f64_neg(a), f64_neg(b)));
}
