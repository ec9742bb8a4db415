/// End (exclusive, in time units) of the half-open cell of `units` that holds `time`; `phase` is how far
/// time 0 lies inside cell 0. Saturates, since the last cell may end beyond 32 bits.
fn cell_end(time: u32, phase: u32, units: u32) -> u32 {
  let start = ((time + phase) / units) * units;
  let end = start + units;
  return select(end - phase, 0xffffffffu, end < start);
}
