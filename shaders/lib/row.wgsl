/// Where one instrument's trades fall: its trades start at first_row, the sessions it trades in at session_first.
/// Prices map to rows either directly, row = floor((mul · (tick - low) + add) / den), or by `edge_count` lowest
/// ticks of the rows present.
struct RowGrid {
  first_row: u32,
  session_first: u32,
  session_count: u32,
  low: i32,
  mul: u32,
  add: u32,
  den: u32,
  // parity of row 0, for ties to even
  odd: u32,
  edge_first: u32,
  edge_count: u32,
}

/// The host has proved that mul · (tick - low) + add fits 32 bits.
fn direct_row(grid: RowGrid, tick: i32, half_even: bool) -> u32 {
  let x = grid.mul * bitcast<u32>(tick - grid.low) + grid.add;
  let row = x / grid.den;
  // with halves rounded up an exact tie shows as no remainder; an odd row then gives way to the even one below
  if (half_even && x == row * grid.den && ((row + grid.odd) & 1u) == 1u) { return row - 1u; }
  return row;
}
