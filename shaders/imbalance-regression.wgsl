// Least squares of a return y on the imbalance x and on z = x inside a regime, with Newey-West variances. One thread owns
// one regression, an instrument's in a slot and a regime: it reads the bars one after another, so that its sums have the
// reference's order whatever the workgroup. Bars of which something is not known are left out, but lags count them.
//#import grid
//#import two-slopes

struct Params {
  regressions: u32,
  rows: u32,
  slots: u32,
  regimes: u32,
}

override WG: u32 = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
@group(0) @binding(2) var<storage, read> imbalance: array<vec2<u32>>;
// all bars of slot 0, the returns over the bar itself, then those of slot 1 and so on
@group(0) @binding(3) var<storage, read> returns: array<vec2<u32>>;
// two bits a regime: outside, inside, not known
@group(0) @binding(4) var<storage, read> states: array<u32>;
// bars that the returns of a slot reach ahead
@group(0) @binding(5) var<storage, read> horizons: array<u32>;
// lags by number of known bars
@group(0) @binding(6) var<storage, read> lags: array<u32>;
// (known bars, those inside), b, c, explained and total sum of squares, variances of b and c
@group(0) @binding(7) var<storage, read_write> fits: array<vec2<u32>>;

const PAIRS = 7u;
const INSIDE = 1u;
const UNKNOWN = 2u;

struct Bar {
  known: bool,
  inside: bool,
  point: Point,
}

fn bar_at(i: u32, slot: u32, regime: u32) -> Bar {
  let y = returns[slot * params.rows + i];
  let x = imbalance[i];
  let state = (states[i] >> (2u * regime)) & 3u;
  let inside = state == INSIDE;
  let known = state < UNKNOWN && !f64_is_nan(y) && !f64_is_nan(x);
  return Bar(known, inside, Point(y, x, select(F64(), x, inside)));
}

/// What the bar pulls the slopes away by: nothing where it is not known.
fn pulls(fit: Slopes, bar: Bar, mean: Point) -> vec4<u32> {
  if (!bar.known) { return vec4<u32>(); }
  return pulls_of(fit, sub_points(bar.point, mean));
}

@compute @workgroup_size(WG)
fn regress(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let thread = linear_thread(gid, groups, WG);
  if (thread >= params.regressions) { return; }
  let regime = thread % params.regimes;
  let slot = thread / params.regimes % params.slots;
  let instrument = thread / params.regimes / params.slots;
  let first = offsets[instrument];
  let end = offsets[instrument + 1u];

  var n = 0u;
  var inside = 0u;
  // about the first, so that a constant lies at 0 from its mean
  var origin = Point();
  var sum = Point();
  for (var i = first; i < end; i++) {
    let bar = bar_at(i, slot, regime);
    if (!bar.known) { continue; }
    if (n == 0u) { origin = bar.point; }
    n += 1u;
    inside += select(0u, 1u, bar.inside);
    sum = add_points(sum, sub_points(bar.point, origin));
  }
  let mean = add_points(origin, div_point(sum, f64_from_u32(n)));

  var products = Products();
  for (var i = first; i < end; i++) {
    let bar = bar_at(i, slot, regime);
    if (bar.known) { products = add_products(products, sub_points(bar.point, mean)); }
  }
  let fit = slopes_of(products, n, regime == 0u);
  let at = thread * PAIRS;
  fits[at] = vec2<u32>(n, inside);
  fits[at + 1u] = fit.b;
  fits[at + 2u] = fit.c;
  fits[at + 3u] = f64_add(f64_mul(fit.b, products.xy), f64_mul(fit.c, products.zy));
  fits[at + 4u] = products.yy;
  // of returns over the bar itself only the share explained is reported
  if (slot == 0u || !fit.determined) { return; }

  // Bartlett's weights by sums over every window of lags + 1 bars that touches the bars, as they are or as nothing
  let width = min(max(horizons[slot] - 1u, lags[n]), n - 1u) + 1u;
  var b_window = F64();
  var c_window = F64();
  var b_squares = F64();
  var c_squares = F64();
  for (var i = first; i < end + width - 1u; i++) {
    if (i < end) {
      let coming = pulls(fit, bar_at(i, slot, regime), mean);
      b_window = f64_add(b_window, coming.xy);
      c_window = f64_add(c_window, coming.zw);
    }
    if (i >= first + width) {
      let leaving = pulls(fit, bar_at(i - width, slot, regime), mean);
      b_window = f64_sub(b_window, leaving.xy);
      c_window = f64_sub(c_window, leaving.zw);
    }
    b_squares = f64_add(b_squares, f64_mul(b_window, b_window));
    c_squares = f64_add(c_squares, f64_mul(c_window, c_window));
  }
  fits[at + 5u] = f64_div(b_squares, f64_from_u32(width));
  fits[at + 6u] = f64_div(c_squares, f64_from_u32(width));
}
