/// The instrument whose rows `offsets[i] .. offsets[i + 1]` hold the row, of `count`; empty ones are stepped over.
fn owner_of(offsets: ptr<storage, array<u32>, read>, count: u32, row: u32) -> u32 {
  var low = 0u;
  var high = count;
  while (high - low > 1u) {
    let middle = (low + high) / 2u;
    if (offsets[middle] <= row) { low = middle; } else { high = middle; }
  }
  return low;
}
