import type { IdGapReport } from './inspect-types.js';

/** Holes held; the lowest are closed beyond, and an id that comes for one of them is not known to fill it. */
const MOST_HOLES = 1024;

/**
 * Finds the ids that are missing between the smallest and the largest. Ids may come out of order: one that comes late
 * fills its hole. Memory is bounded by closing the lowest holes.
 */
export class IdGaps {
  rows = 0;
  missing = 0;
  repeated = 0;
  exact = true;
  /** Open holes, ascending: from, to, both included. */
  #holes: [number, number][] = [];
  /** Highest id of the holes that were closed, and what they were. */
  #closedTo = Number.NEGATIVE_INFINITY;
  #closed = 0;
  #largestClosed: readonly [number, number] | undefined;
  #low = Number.NaN;
  #high = Number.NaN;

  add(id: number): void {
    this.rows++;
    if (id === this.#high + 1) {
      this.#high = id;
      return;
    }
    if (Number.isNaN(this.#high)) {
      this.#low = id;
      this.#high = id;
    } else if (id > this.#high) {
      this.#open(this.#holes.length, this.#high + 1, id - 1);
      this.#high = id;
    } else if (id < this.#low) {
      if (id + 1 < this.#low) this.#open(0, id + 1, this.#low - 1);
      this.#low = id;
    } else this.#late(id);
  }

  #late(id: number): void {
    let a = 0;
    let b = this.#holes.length;
    while (a < b) {
      const mid = (a + b) >>> 1;
      if (this.#holes[mid]![1] < id) a = mid + 1;
      else b = mid;
    }
    const hole = this.#holes[a];
    if (hole === undefined || id < hole[0]) {
      // it may be of a hole that is closed
      if (id <= this.#closedTo) this.exact = false;
      else this.repeated++;
      return;
    }
    this.missing--;
    const [from, to] = hole;
    this.#holes.splice(a, 1);
    if (to > id) this.#insert(a, [id + 1, to]);
    if (from < id) this.#insert(a, [from, id - 1]);
  }

  #open(at: number, from: number, to: number): void {
    this.missing += to - from + 1;
    this.#insert(at, [from, to]);
  }

  #insert(at: number, hole: [number, number]): void {
    this.#holes.splice(at, 0, hole);
    if (this.#holes.length <= MOST_HOLES) return;
    const closed = this.#holes.shift()!;
    this.#closed++;
    this.#closedTo = Math.max(this.#closedTo, closed[1]);
    this.#largestClosed = larger(this.#largestClosed, closed);
  }

  report(): IdGapReport {
    let largest = this.#largestClosed;
    for (const hole of this.#holes) largest = larger(largest, hole);
    const { rows, missing, repeated, exact } = this;
    return {
      ...{ rows, missing, gaps: this.#closed + this.#holes.length, repeated, exact },
      largest: largest ? { from: largest[0], to: largest[1] } : null,
    };
  }
}

const larger = (
  a: readonly [number, number] | undefined,
  b: readonly [number, number],
): readonly [number, number] => (a === undefined || b[1] - b[0] > a[1] - a[0] ? b : a);
