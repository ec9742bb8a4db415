// Sums of a least squares of y on x with a Newey-West error. One thread owns one regression, a slot of an instrument: it
// reads the bars one after another, so that its sums have the reference's order whatever the workgroup. Bars of which x or
// y is not known are left out, but lags count them.
//#import f64-compare
//#import f64-div
//#import f64-mul
//#import grid

struct Params {
  regressions: u32,
  rows: u32,
  slots: u32,
}

struct Point {
  known: bool,
  x: F64,
  y: F64,
}

override WG: u32 = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
// all bars of slot 0, then those of slot 1 and so on
@group(0) @binding(2) var<storage, read> x: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read> y: array<vec2<u32>>;
// lags by number of known bars
@group(0) @binding(4) var<storage, read> lags: array<u32>;
// (known bars, 0), means of x and y, xx, xy, yy, long-run sum of what pulls the slope
@group(0) @binding(5) var<storage, read_write> sums: array<vec2<u32>>;

const PAIRS = 7u;

/// A bar less (x, y); not known where either is null.
fn point_less(i: u32, slot: u32, from_x: F64, from_y: F64) -> Point {
  let a = x[slot * params.rows + i];
  let b = y[slot * params.rows + i];
  let known = !f64_is_nan(a) && !f64_is_nan(b);
  return Point(known, f64_sub(a, from_x), f64_sub(b, from_y));
}

/// What the bar pulls the slope away by: nothing where it is not known.
fn pull(point: Point, slope: F64) -> F64 {
  if (!point.known) { return F64(); }
  return f64_mul(point.x, f64_sub(point.y, f64_mul(slope, point.x)));
}

@compute @workgroup_size(WG)
fn regress(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let thread = linear_thread(gid, groups, WG);
  if (thread >= params.regressions) { return; }
  let slot = thread % params.slots;
  let first = offsets[thread / params.slots];
  let end = offsets[thread / params.slots + 1u];
  let at = thread * PAIRS;
  for (var k = 0u; k < PAIRS; k++) { sums[at + k] = vec2<u32>(); }

  // about the first known bar, so that a constant lies at 0 from its mean
  var n = 0u;
  var origin = Point();
  var x_sum = F64();
  var y_sum = F64();
  for (var i = first; i < end; i++) {
    if (n == 0u) { origin = point_less(i, slot, F64(), F64()); }
    let point = point_less(i, slot, origin.x, origin.y);
    if (!point.known) { continue; }
    n += 1u;
    x_sum = f64_add(x_sum, point.x);
    y_sum = f64_add(y_sum, point.y);
  }
  if (n == 0u) { return; }
  let x_mean = f64_add(origin.x, f64_div(x_sum, f64_from_u32(n)));
  let y_mean = f64_add(origin.y, f64_div(y_sum, f64_from_u32(n)));

  var xx = F64();
  var xy = F64();
  var yy = F64();
  for (var i = first; i < end; i++) {
    let point = point_less(i, slot, x_mean, y_mean);
    if (!point.known) { continue; }
    xx = f64_add(xx, f64_mul(point.x, point.x));
    xy = f64_add(xy, f64_mul(point.x, point.y));
    yy = f64_add(yy, f64_mul(point.y, point.y));
  }
  sums[at] = vec2<u32>(n, 0u);
  sums[at + 1u] = x_mean;
  sums[at + 2u] = y_mean;
  sums[at + 3u] = xx;
  sums[at + 4u] = xy;
  sums[at + 5u] = yy;
  // of the other slots only the share explained is reported
  if (slot != 0u || !f64_less(F64(), xx)) { return; }

  // Bartlett's weights by sums over every window of lags + 1 bars that touches the bars, as they are or as nothing
  let slope = f64_div(xy, xx);
  let width = lags[n] + 1u;
  var window = F64();
  var squares = F64();
  for (var i = first; i < end + width - 1u; i++) {
    if (i < end) { window = f64_add(window, pull(point_less(i, slot, x_mean, y_mean), slope)); }
    if (i >= first + width) {
      window = f64_sub(window, pull(point_less(i - width, slot, x_mean, y_mean), slope));
    }
    squares = f64_add(squares, f64_mul(window, window));
  }
  sums[at + 6u] = f64_div(squares, f64_from_u32(width));
}
