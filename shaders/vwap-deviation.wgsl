// Sums over the bars of each bar's VWAP, one instrument a thread: integers of 128 bits about the instrument's base, so
// that bars come and go without a trace, then moved to a pivot, a price that the sums hold. A bar's price is its distance
// from the base, signed. Output is four blocks of a record a bar: (volume, Σ distance from the pivot), Σ q d, Σ q d²
// and (bars, pivot).
//#import grid
//#import i64
//#import mul128

struct Params {
  rows: u32,
  instruments: u32,
  // length of a rolling window
  bars: u32,
  // bars between its end and the bar itself
  lag: u32,
}

override WG: u32 = 64u;
// 1: a window of bars; 0: since the session began
override ROLLING: u32 = 0u;
// 1: bars bring Σ q d and Σ q d² of their trades along
override TRADES: u32 = 0u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
// session of a bar, doubled, and 1 if anything was traded
@group(0) @binding(2) var<storage, read> mark: array<u32>;
@group(0) @binding(3) var<storage, read> volume: array<vec2<u32>>;
@group(0) @binding(4) var<storage, read> price: array<vec2<u32>>;
@group(0) @binding(5) var<storage, read> trades_first: array<vec4<u32>>;
@group(0) @binding(6) var<storage, read> trades_second: array<vec4<u32>>;
@group(0) @binding(7) var<storage, read_write> out: array<vec4<u32>>;

struct Sums {
  volume: vec2<u32>,
  prices: vec2<u32>,
  first: vec4<u32>,
  second: vec4<u32>,
  count: u32,
}

fn extended(a: vec2<u32>) -> vec4<u32> {
  return vec4<u32>(a, vec2<u32>(select(0u, 0xffffffffu, a.y >= 0x80000000u)));
}

/// What a bar brings.
fn of_bar(row: u32) -> Sums {
  let d = price[row];
  let q = volume[row];
  if (TRADES == 1u) { return Sums(q, d, trades_first[row], trades_second[row], 1u); }
  let far = abs64(d);
  return Sums(q, d, mul128_64(extended(d), q), mul128_64(square64(far), q), 1u);
}

fn joined(a: Sums, b: Sums) -> Sums {
  return Sums(
    add64(a.volume, b.volume),
    add64(a.prices, b.prices),
    add128(a.first, b.first),
    add128(a.second, b.second),
    a.count + b.count,
  );
}

fn without(a: Sums, b: Sums) -> Sums {
  return Sums(
    sub64(a.volume, b.volume),
    sub64(a.prices, b.prices),
    sub128(a.first, b.first),
    sub128(a.second, b.second),
    a.count - b.count,
  );
}

/// Writes the sums about a pivot: Σ q (d - p)² = Σ q d² - 2 p Σ q d + p² Σ q.
fn put(row: u32, sums: Sums, pivot: vec2<u32>) {
  let far = abs64(pivot);
  let cross = mul128_64(add128(sums.first, sums.first), far);
  let negative = pivot.y >= 0x80000000u;
  let crossed = select(sub128(sums.second, cross), add128(sums.second, cross), negative);
  let drop = mul64(pivot, sums.count);
  out[row] = vec4<u32>(sums.volume, sub64(sums.prices, drop));
  out[params.rows + row] = sub128(sums.first, mul128_64(extended(pivot), sums.volume));
  out[2u * params.rows + row] = add128(crossed, mul128_64(square64(far), sums.volume));
  out[3u * params.rows + row] = vec4<u32>(sums.count, 0u, pivot);
}

@compute @workgroup_size(WG)
fn accumulate(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let instrument = linear_thread(gid, groups, WG);
  if (instrument >= params.instruments) { return; }
  let first = offsets[instrument];
  var sums = Sums();
  var pivot = vec2<u32>();
  for (var i = first; i < offsets[instrument + 1u]; i++) {
    if (ROLLING == 0u && (mark[i] >> 1u) != (mark[max(i, first + 1u) - 1u] >> 1u)) { sums = Sums(); }
    if (i >= first + params.lag) {
      let enter = i - params.lag;
      if ((mark[enter] & 1u) == 1u) {
        if (ROLLING == 1u || sums.count == 0u) { pivot = price[enter]; }
        sums = joined(sums, of_bar(enter));
      }
      if (ROLLING == 1u && enter - first >= params.bars) {
        let leave = enter - params.bars;
        if ((mark[leave] & 1u) == 1u) { sums = without(sums, of_bar(leave)); }
      }
    }
    put(i, sums, pivot);
  }
}
