// Sums over the bars of each bar's VWAP, one instrument a thread: integers of 128 bits about the instrument's base, so
// that bars come and go without a trace. Output is four blocks of a record a bar: (volume, Σ d), Σ q d, Σ q d² and
// (bars, 0, pivot), the pivot being the signed distance of a price that the sums hold.
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

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
// session of a bar, doubled, and 1 if anything was traded
@group(0) @binding(2) var<storage, read> mark: array<u32>;
@group(0) @binding(3) var<storage, read> volume: array<vec2<u32>>;
@group(0) @binding(4) var<storage, read> price: array<vec2<u32>>;
@group(0) @binding(5) var<storage, read> first: array<vec4<u32>>;
@group(0) @binding(6) var<storage, read> second: array<vec4<u32>>;
@group(0) @binding(7) var<storage, read_write> out: array<vec4<u32>>;

@compute @workgroup_size(WG)
fn accumulate(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let instrument = linear_thread(gid, groups, WG);
  if (instrument >= params.instruments) { return; }
  let begin = offsets[instrument];
  var lots = vec2<u32>();
  var prices = vec2<u32>();
  var sum = vec4<u32>();
  var squares = vec4<u32>();
  var count = 0u;
  var pivot = vec2<u32>();
  for (var i = begin; i < offsets[instrument + 1u]; i++) {
    if (ROLLING == 0u && (mark[i] >> 1u) != (mark[max(i, begin + 1u) - 1u] >> 1u)) {
      lots = vec2<u32>();
      prices = vec2<u32>();
      sum = vec4<u32>();
      squares = vec4<u32>();
      count = 0u;
    }
    let enter = i - params.lag;
    if (i >= begin + params.lag && (mark[enter] & 1u) == 1u) {
      if (ROLLING == 1u || count == 0u) { pivot = price[enter]; }
      lots = add64(lots, volume[enter]);
      prices = add64(prices, price[enter]);
      sum = add128(sum, first[enter]);
      squares = add128(squares, second[enter]);
      count += 1u;
    }
    let leave = enter - params.bars;
    if (ROLLING == 1u && i >= begin + params.lag + params.bars && (mark[leave] & 1u) == 1u) {
      lots = sub64(lots, volume[leave]);
      prices = sub64(prices, price[leave]);
      sum = sub128(sum, first[leave]);
      squares = sub128(squares, second[leave]);
      count -= 1u;
    }
    out[i] = vec4<u32>(lots, prices);
    out[params.rows + i] = sum;
    out[2u * params.rows + i] = squares;
    out[3u * params.rows + i] = vec4<u32>(count, 0u, pivot);
  }
}
