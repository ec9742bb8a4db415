// Pass 2 of 3: exclusive prefix sum of the chunks' piece counts, in place, and the total behind them.
// One workgroup in all: each thread owns a contiguous slice, so only two barriers are needed (kernels with
// many barriers are slow on software adapters).

struct Params {
  chunks: u32,
}

override WG: u32 = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> pieces: array<u32>;

var<workgroup> slice_start: array<u32, WG>;

@compute @workgroup_size(WG)
fn scan(@builtin(local_invocation_index) thread: u32) {
  let slice = (params.chunks + WG - 1u) / WG;
  let first = min(thread * slice, params.chunks);
  let end = min(first + slice, params.chunks);
  var sum = 0u;
  for (var i = first; i < end; i++) { sum += pieces[i]; }
  slice_start[thread] = sum;
  workgroupBarrier();
  if (thread == 0u) {
    var running = 0u;
    for (var t = 0u; t < WG; t++) {
      let own = slice_start[t];
      slice_start[t] = running;
      running += own;
    }
    pieces[params.chunks] = running;
  }
  workgroupBarrier();
  var running = slice_start[thread];
  for (var i = first; i < end; i++) {
    let own = pieces[i];
    pieces[i] = running;
    running += own;
  }
}
