// Exponential average of f64 values: e += alpha · (x - e), seeded by the mean of `first` values.
//#import f64-mul
//#import f64-div

struct Ema {
  // the sum of the values so far until there are `first`
  value: F64,
  alpha: F64,
  first: u32,
  seen: u32,
}

/// alpha = 2 / (period + 1). `seed_first`: 1 to begin with the first value, 0 with the mean of `period` values.
fn ema_start(period: u32, seed_first: u32) -> Ema {
  let alpha = f64_div(f64_from_u32(2u), f64_from_u32(period + 1u));
  return Ema(F64(), alpha, select(period, 1u, seed_first == 1u), 0u);
}

/// The average with x; a null is passed over, and null is what it gives.
fn ema_next(e: ptr<function, Ema>, x: F64) -> F64 {
  if (f64_is_nan(x)) { return F64_NAN; }
  if ((*e).seen >= (*e).first) {
    (*e).value = f64_add((*e).value, f64_mul((*e).alpha, f64_sub(x, (*e).value)));
    return (*e).value;
  }
  (*e).seen += 1u;
  (*e).value = f64_add((*e).value, x);
  if ((*e).seen < (*e).first) { return F64_NAN; }
  (*e).value = f64_div((*e).value, f64_from_u32((*e).first));
  return (*e).value;
}
