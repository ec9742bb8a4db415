// What stands in a window of bars, read as it is: values are integers of at most 53 bits, and so are their sums, so that
// nothing can drift.
//#import i64
//#import mul128

struct BarWindow {
  count: u32,
  // twice the values below `own`, and once those equal to it
  rank: u32,
  sum: vec2<u32>,
  // n · Σ x² - (Σ x)²
  spread: vec4<u32>,
}

/// The values of bars `first` to `end`, without those whose high word is `none`.
fn bar_window(
  values: ptr<storage, array<vec2<u32>>, read>,
  first: u32,
  end: u32,
  own: vec2<u32>,
  none: u32,
) -> BarWindow {
  var count = 0u;
  var rank = 0u;
  var sum = vec2<u32>();
  var squares = vec4<u32>();
  for (var i = first; i < end; i++) {
    let x = values[i];
    if (x.y == none) { continue; }
    count += 1u;
    rank += select(0u, 2u, less64(x, own)) + select(0u, 1u, all(x == own));
    sum = add64(sum, x);
    squares = add128(squares, square64(x));
  }
  return BarWindow(count, rank, sum, sub128(mul128(squares, count), square64(sum)));
}
