// Chaikin, volume and Klinger oscillator from their fast and slow averages, the signals of the last two, and the volume
// rate of change: one of the four of one instrument a thread.
//#import grid
//#import ema
//#import f64-compare

struct Params {
  rows: u32,
  instruments: u32,
  seed_first: u32,
  pvo_signal: u32,
  kvo_signal: u32,
  // bars back that volume is compared with
  back: u32,
}

override WG: u32 = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
@group(0) @binding(2) var<storage, read> volume: array<vec2<u32>>;
// fast averages in columns 2, 4 and 6, each before its slow one
@group(0) @binding(3) var<storage, read> averages: array<vec2<u32>>;
@group(0) @binding(4) var<storage, read_write> out: array<vec2<u32>>;

const CHAIKIN = 0u;
const PERCENT = 1u;
const KLINGER = 2u;
const RATE = 3u;

/// What is compared, and with what.
fn pair_of(kind: u32, first: u32, i: u32) -> array<F64, 2> {
  if (kind == RATE) {
    if (i - first < params.back) { return array<F64, 2>(volume[i], F64_NAN); }
    return array<F64, 2>(volume[i], volume[i - params.back]);
  }
  let fast = (2u + 2u * kind) * params.rows + i;
  return array<F64, 2>(averages[fast], averages[fast + params.rows]);
}

/// Their difference, in percent of the base where it is one of volumes; then null unless the base is positive.
fn compare(kind: u32, value: F64, base: F64) -> F64 {
  let difference = f64_sub(value, base);
  if (kind == CHAIKIN || kind == KLINGER) { return difference; }
  if (!f64_less(F64(), base)) { return F64_NAN; }
  return f64_mul(f64_from_u32(100u), f64_div(difference, base));
}

@compute @workgroup_size(WG)
fn oscillators(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let thread = linear_thread(gid, groups, WG);
  if (thread >= 4u * params.instruments) { return; }
  let kind = thread / params.instruments;
  let instrument = thread % params.instruments;
  let first = offsets[instrument];
  let end = offsets[instrument + 1u];
  var signal = ema_start(select(params.kvo_signal, params.pvo_signal, kind == PERCENT), params.seed_first);
  for (var i = first; i < end; i++) {
    let pair = pair_of(kind, first, i);
    let value = compare(kind, pair[0], pair[1]);
    out[kind * params.rows + i] = value;
    if (kind == PERCENT || kind == KLINGER) { out[(3u + kind) * params.rows + i] = ema_next(&signal, value); }
  }
}
