// Least squares y = a + b·x + c·z + e about the means, in binary64.
//#import f64-compare
//#import f64-div
//#import f64-mul

struct Point {
  y: F64,
  x: F64,
  z: F64,
}

/// Sums of products of deviations from the means.
struct Products {
  yy: F64,
  xx: F64,
  zz: F64,
  xy: F64,
  zy: F64,
  xz: F64,
}

/// Slopes and the inverse of the normal matrix: of_x and of_z on its diagonal, -cross beside it.
struct Slopes {
  determined: bool,
  b: F64,
  c: F64,
  of_x: F64,
  of_z: F64,
  cross: F64,
}

/// 1 and 1e-9, the share of the product of squares below which a determinant is rounding.
const F64_ONE = vec2<u32>(0u, 0x3ff00000u);
const DEPENDENT = vec2<u32>(0xe826d695u, 0x3e112e0bu);

fn add_points(a: Point, b: Point) -> Point {
  return Point(f64_add(a.y, b.y), f64_add(a.x, b.x), f64_add(a.z, b.z));
}

fn sub_points(a: Point, b: Point) -> Point {
  return Point(f64_sub(a.y, b.y), f64_sub(a.x, b.x), f64_sub(a.z, b.z));
}

fn div_point(a: Point, b: F64) -> Point {
  return Point(f64_div(a.y, b), f64_div(a.x, b), f64_div(a.z, b));
}

fn add_products(sums: Products, d: Point) -> Products {
  return Products(
    f64_add(sums.yy, f64_mul(d.y, d.y)),
    f64_add(sums.xx, f64_mul(d.x, d.x)),
    f64_add(sums.zz, f64_mul(d.z, d.z)),
    f64_add(sums.xy, f64_mul(d.x, d.y)),
    f64_add(sums.zy, f64_mul(d.z, d.y)),
    f64_add(sums.xz, f64_mul(d.x, d.z)),
  );
}

/// Slopes of n points; `alone`: of x alone, z being 0 throughout.
fn slopes_of(sums: Products, n: u32, alone: bool) -> Slopes {
  let product = f64_mul(sums.xx, sums.zz);
  let determinant = f64_sub(product, f64_mul(sums.xz, sums.xz));
  var out = Slopes();
  if (alone) {
    out.determined = n > 2u && f64_less(F64(), sums.xx);
    out.of_x = f64_div(F64_ONE, sums.xx);
  } else {
    out.determined = n > 3u && f64_less(f64_mul(DEPENDENT, product), determinant);
    out.of_x = f64_div(sums.zz, determinant);
    out.of_z = f64_div(sums.xx, determinant);
    out.cross = f64_div(sums.xz, determinant);
  }
  out.b = F64_NAN;
  out.c = F64_NAN;
  if (out.determined) {
    out.b = f64_sub(f64_mul(out.of_x, sums.xy), f64_mul(out.cross, sums.zy));
    out.c = f64_sub(f64_mul(out.of_z, sums.zy), f64_mul(out.cross, sums.xy));
  }
  return out;
}

/// What the residual of a point, given about the means, pulls b (xy) and c (zw) away by.
fn pulls_of(fit: Slopes, d: Point) -> vec4<u32> {
  let e = f64_sub(f64_sub(d.y, f64_mul(fit.b, d.x)), f64_mul(fit.c, d.z));
  let to_b = f64_sub(f64_mul(fit.of_x, d.x), f64_mul(fit.cross, d.z));
  let to_c = f64_sub(f64_mul(fit.of_z, d.z), f64_mul(fit.cross, d.x));
  return vec4<u32>(f64_mul(to_b, e), f64_mul(to_c, e));
}
