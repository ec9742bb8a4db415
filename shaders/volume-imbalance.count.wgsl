// Pass 1 of 3: how many pieces of bars each chunk of CHUNK rows holds. A piece is the part of one
// (instrument, bar) inside one chunk, so that a bar of a million rows is shared among threads; the host
// merges the pieces of a bar by merge class. One thread owns one chunk.
//#import grid
//#import segment

struct Params {
  rows: u32,
  instruments: u32,
  units: u32,
  phase: u32,
}

override WG: u32 = 64u;
override CHUNK: u32 = 256u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
@group(0) @binding(2) var<storage, read> time: array<u32>;
@group(0) @binding(3) var<storage, read_write> pieces: array<u32>;

@compute @workgroup_size(WG)
fn count(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let chunk = linear_thread(gid, groups, WG);
  let first = chunk * CHUNK;
  if (first >= params.rows) { return; }
  let end = min(first + CHUNK, params.rows);

  var low = 0u;
  var high = params.instruments;
  while (high - low > 1u) {
    let middle = (low + high) / 2u;
    if (offsets[middle] <= first) { low = middle; } else { high = middle; }
  }
  var instrument_end = offsets[low + 1u];

  var found = 0u;
  var row = first;
  while (row < end) {
    // empty instruments share an offset: step over all of them
    while (instrument_end <= row) {
      low += 1u;
      instrument_end = offsets[low + 1u];
    }
    let bar_end = cell_end(time[row], params.phase, params.units);
    let stop = min(end, instrument_end);
    found += 1u;
    row += 1u;
    while (row < stop && time[row] < bar_end) { row += 1u; }
  }
  pieces[chunk] = found;
}
