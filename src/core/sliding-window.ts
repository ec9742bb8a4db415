import { SortedWindow } from './sorted-window.js';
import { WindowMoments } from './window-moments.js';

/** Exact moments and ranks of the non-negative whole numbers in a window that slides over a series; NaN holds a place. */
export class SlidingWindow {
  readonly moments = new WindowMoments();
  readonly sorted: SortedWindow;

  /** `length` places. */
  constructor(readonly length: number) {
    this.sorted = new SortedWindow(length + 1);
  }

  clear(): void {
    this.moments.clear();
    this.sorted.clear();
  }

  /** Takes in `values[at]` and drops what the window has left behind, of a series that begins at `from`. */
  slide(values: Float64Array, from: number, at: number): void {
    const { moments, sorted, length } = this;
    const x = at >= from ? values[at]! : Number.NaN;
    const old = at - length >= from ? values[at - length]! : Number.NaN;
    if (x >= 0) moments.change(x, 1);
    if (old >= 0) moments.change(old, -1);
    if (x >= 0 && old >= 0) sorted.replace(old, x);
    else if (x >= 0) sorted.insert(x);
    else if (old >= 0) sorted.remove(old);
  }
}
