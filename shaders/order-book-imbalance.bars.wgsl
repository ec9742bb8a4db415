// Pass 2: one thread owns one slot of one piece and adds up the states of its intervals, each times the µs it lasts. Values
// are added by limbs of 21 bits, magnitude and sign, in sums of two words. `out` holds six pairs a piece and slot: sums of
// the limbs, high first; (µs with a value, extra); the first ratio; the last one.
//#import grid
//#import f64-fixed

struct Params {
  pieces: u32,
  slots: u32,
  instruments: u32,
  // first slot of a ratio, by number of levels; then by band
  of_levels: u32,
  of_bands: u32,
}

struct Piece {
  // µs
  window: vec2<u32>,
  length: u32,
  lead: u32,
  // row that ends the first interval
  closing: u32,
  intervals: u32,
  // place of the first state
  state: u32,
  unused: u32,
}

override WG: u32 = 64u;

const LIMB = 0x1fffffu;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> pieces: array<Piece>;
@group(0) @binding(2) var<storage, read> time: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read> values: array<vec4<u32>>;
@group(0) @binding(4) var<storage, read_write> out: array<vec2<u32>>;

/// sum + limb · lasts, or sum - limb · lasts.
fn add_limb(sum: vec2<u32>, limb: u32, lasts: u32, negative: bool) -> vec2<u32> {
  let product = mul_wide(limb, lasts);
  return select(add64(sum, product), sub64(sum, product), negative);
}

@compute @workgroup_size(WG)
fn bars(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let cell = linear_thread(gid, groups, WG);
  if (cell >= params.pieces * params.slots) { return; }
  let piece = pieces[cell / params.slots];
  let slot = cell % params.slots;
  let of_band = slot >= params.of_bands;
  let of_level = slot >= params.of_levels && !of_band;
  var top = vec2<u32>();
  var middle = vec2<u32>();
  var low = vec2<u32>();
  var covered = 0u;
  var extra = select(0u, 0xffffffffu, of_level);
  var first = F64_NAN;
  var last = F64_NAN;
  var begin = piece.lead;
  for (var n = 0u; n < piece.intervals; n++) {
    let row = piece.closing + n;
    let place = select(params.instruments + row - 1u, piece.state, n == 0u);
    let value = values[place * params.slots + slot];
    let valid = value.z == 1u;
    if (n == 0u && valid) { first = value.xy; }
    let since = sub64(time[row], piece.window);
    let end = select(min(since.x, piece.length), piece.length, since.y != 0u);
    let lasts = end - begin;
    begin = end;
    if (of_band) { extra += value.w * lasts; }
    if (!valid || lasts == 0u) { continue; }
    if (of_level) { extra = min(extra, value.w); }
    covered += lasts;
    last = value.xy;
    let negative = value.y >= 0x80000000u;
    var whole = abs64(value.xy);
    if (of_level || of_band) { whole = f64_fixed(value.xy, 52u); }
    top = add_limb(top, whole.y >> 10u, lasts, negative);
    middle = add_limb(middle, ((whole.x >> 21u) | (whole.y << 11u)) & LIMB, lasts, negative);
    low = add_limb(low, whole.x & LIMB, lasts, negative);
  }
  let at = 6u * cell;
  out[at] = top;
  out[at + 1u] = middle;
  out[at + 2u] = low;
  out[at + 3u] = vec2<u32>(covered, extra);
  out[at + 4u] = first;
  out[at + 5u] = last;
}
