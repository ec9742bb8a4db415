// Exponential averages, one line of one instrument a thread: force of 2 and 13 bars, then fast and slow of ADL, of volume
// and of volume force.
//#import grid
//#import ema

struct Params {
  rows: u32,
  instruments: u32,
  seed_first: u32,
  adosc_fast: u32,
  adosc_slow: u32,
  pvo_fast: u32,
  pvo_slow: u32,
  kvo_fast: u32,
  kvo_slow: u32,
}

override WG: u32 = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
@group(0) @binding(2) var<storage, read> volume: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read> terms: array<vec2<u32>>;
@group(0) @binding(4) var<storage, read> totals: array<vec2<u32>>;
@group(0) @binding(5) var<storage, read_write> out: array<vec2<u32>>;

const LINES = 8u;

fn period_of(line: u32) -> u32 {
  switch (line) {
    case 0u: { return 2u; }
    case 1u: { return 13u; }
    case 2u: { return params.adosc_fast; }
    case 3u: { return params.adosc_slow; }
    case 4u: { return params.pvo_fast; }
    case 5u: { return params.pvo_slow; }
    case 6u: { return params.kvo_fast; }
    default: { return params.kvo_slow; }
  }
}

fn value_of(line: u32, i: u32) -> F64 {
  switch (line / 2u) {
    case 0u: { return terms[params.rows + i]; }
    case 1u: { return totals[4u * params.rows + i]; }
    case 2u: { return volume[i]; }
    default: { return terms[2u * params.rows + i]; }
  }
}

@compute @workgroup_size(WG)
fn averages(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let thread = linear_thread(gid, groups, WG);
  if (thread >= LINES * params.instruments) { return; }
  let line = thread / params.instruments;
  let instrument = thread % params.instruments;
  let end = offsets[instrument + 1u];
  var average = ema_start(period_of(line), params.seed_first);
  for (var i = offsets[instrument]; i < end; i++) {
    out[line * params.rows + i] = ema_next(&average, value_of(line, i));
  }
}
