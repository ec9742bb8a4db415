/** 2 GiB of f64. */
const MOST_CELLS = 2 ** 28;

/** States of so many levels that are held at most, 4·levels + 4 cells each. */
export const mostStates = (levels: number, mostCells = MOST_CELLS): number =>
  Math.max(1, Math.floor(mostCells / (4 * levels + 4)));
