// Pass 3 of 3: each thread walks its chunk again and writes one record per piece. Output is one block a
// column, `total` records each: see the column numbers below; sums take SUM_WORDS words.
//#import grid
//#import segment
//#import u128

struct Params {
  rows: u32,
  instruments: u32,
  units: u32,
  phase: u32,
  chunks: u32,
}

override WG: u32 = 64u;
override CHUNK: u32 = 256u;
// 2 if lots pass 30 bits: sizes then come in two words
override LOT_WORDS: u32 = 1u;
// 2 while the statistics bound every sum below 2^63, else 4
override SUM_WORDS: u32 = 2u;
// 1 if rows carry their availability
override AVAILABLE: u32 = 0u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
@group(0) @binding(2) var<storage, read> time: array<u32>;
@group(0) @binding(3) var<storage, read> tick: array<i32>;
@group(0) @binding(4) var<storage, read> size: array<u32>;
@group(0) @binding(5) var<storage, read> size_hi: array<u32>;
@group(0) @binding(6) var<storage, read> available: array<vec2<u32>>;
@group(0) @binding(7) var<storage, read> pieces: array<u32>;
@group(0) @binding(8) var<storage, read_write> out: array<u32>;

fn put_sum(block: u32, total: u32, piece: u32, value: vec4<u32>) {
  let at = (9u + block * SUM_WORDS) * total + piece * SUM_WORDS;
  for (var w = 0u; w < SUM_WORDS; w++) { out[at + w] = value[w]; }
}

@compute @workgroup_size(WG)
fn bars(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let chunk = linear_thread(gid, groups, WG);
  let first = chunk * CHUNK;
  if (first >= params.rows) { return; }
  let end = min(first + CHUNK, params.rows);
  let total = pieces[params.chunks];

  var low = 0u;
  var high = params.instruments;
  while (high - low > 1u) {
    let middle = (low + high) / 2u;
    if (offsets[middle] <= first) { low = middle; } else { high = middle; }
  }
  var instrument_end = offsets[low + 1u];

  var piece = pieces[chunk];
  var row = first;
  while (row < end) {
    while (instrument_end <= row) {
      low += 1u;
      instrument_end = offsets[low + 1u];
    }
    let bar = (time[row] + params.phase) / params.units;
    let bar_end = cell_end(time[row], params.phase, params.units);
    let stop = min(end, instrument_end);
    let start = row;
    let open = tick[row];
    var top = open;
    var bottom = open;
    var close = open;
    var buy = vec4<u32>();
    var sell = vec4<u32>();
    var unknown = vec4<u32>();
    var buys = 0u;
    var sells = 0u;
    // sums of lots times tick offset, and times its square. ~x is -x - 1, so negative terms are counted to
    // add their ones at the end
    var first_moment = vec4<u32>();
    var negative = 0u;
    var second_moment = vec4<u32>();
    // lots times tick offset, bought less sold
    var signed_moment = vec4<u32>();
    var opposed = 0u;
    var latest = vec2<u32>();
    loop {
      let word = size[row];
      var lots = vec4<u32>(word >> 2u, 0u, 0u, 0u);
      if (LOT_WORDS == 2u) {
        let word_hi = size_hi[row];
        lots = vec4<u32>((word >> 2u) | (word_hi << 30u), word_hi >> 2u, 0u, 0u);
      }
      let side = word & 3u;
      if (side == 1u) {
        buy = add_words(buy, lots, SUM_WORDS);
        buys += 1u;
      } else if (side == 2u) {
        sell = add_words(sell, lots, SUM_WORDS);
        sells += 1u;
      } else {
        unknown = add_words(unknown, lots, SUM_WORDS);
      }
      let k = tick[row];
      top = max(top, k);
      bottom = min(bottom, k);
      close = k;
      // abs(-2^31) wraps to the bit pattern of 2^31, which is right as unsigned
      let distance = u32(abs(k));
      let weighted = mul_words(lots, distance, SUM_WORDS);
      let below = k < 0;
      first_moment = add_words(first_moment, select(weighted, ~weighted, below), SUM_WORDS);
      negative += select(0u, 1u, below);
      if (side != 0u) {
        let minus = below != (side == 2u);
        signed_moment = add_words(signed_moment, select(weighted, ~weighted, minus), SUM_WORDS);
        opposed += select(0u, 1u, minus);
      }
      second_moment = add_words(second_moment, mul_words(weighted, distance, SUM_WORDS), SUM_WORDS);
      if (AVAILABLE == 1u) {
        let at = available[row];
        if (at.y > latest.y || (at.y == latest.y && at.x > latest.x)) { latest = at; }
      }
      row += 1u;
      if (row >= stop) { break; }
      if (time[row] >= bar_end) { break; }
    }
    out[piece] = low;
    out[total + piece] = bar;
    out[2u * total + piece] = bitcast<u32>(open);
    out[3u * total + piece] = bitcast<u32>(top);
    out[4u * total + piece] = bitcast<u32>(bottom);
    out[5u * total + piece] = bitcast<u32>(close);
    out[6u * total + piece] = row - start;
    out[7u * total + piece] = buys;
    out[8u * total + piece] = sells;
    put_sum(0u, total, piece, buy);
    put_sum(1u, total, piece, sell);
    put_sum(2u, total, piece, unknown);
    put_sum(3u, total, piece, add_words(first_moment, vec4<u32>(negative, 0u, 0u, 0u), SUM_WORDS));
    put_sum(4u, total, piece, second_moment);
    put_sum(5u, total, piece, add_words(signed_moment, vec4<u32>(opposed, 0u, 0u, 0u), SUM_WORDS));
    if (AVAILABLE == 1u) {
      let at = (9u + 6u * SUM_WORDS) * total + piece * 2u;
      out[at] = latest.x;
      out[at + 1u] = latest.y;
    }
    piece += 1u;
  }
}
