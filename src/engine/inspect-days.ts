import { dayText } from '../dataset/manifest.js';
import type { DayCoverage, DaySpan } from './inspect-types.js';

export const DAY_MICROS = 86_400e6;
/** Days words are added for at a time: 256 days. */
const WORDS = 8;

/** A set of UTC days since the epoch, as bits over their range: 6 KB at most, for stamps a dataset can hold. */
export class DaySet {
  size = 0;
  #base = 0;
  #words = new Uint32Array(0);

  /** Adds a day; true if it is new. */
  add(day: number): boolean {
    const word = day >>> 5;
    if (this.#words.length === 0) this.#base = word;
    if (word < this.#base || word >= this.#base + this.#words.length) this.#reach(word);
    const bit = 1 << (day & 31);
    const at = word - this.#base;
    if (this.#words[at]! & bit) return false;
    this.#words[at]! |= bit;
    this.size++;
    return true;
  }

  has(day: number): boolean {
    return ((this.#words[(day >>> 5) - this.#base] ?? 0) & (1 << (day & 31))) !== 0;
  }

  #reach(word: number): void {
    const from = Math.min(this.#base, word);
    const to = Math.max(this.#base + this.#words.length, word + WORDS);
    const words = new Uint32Array(to - from);
    words.set(this.#words, this.#base - from);
    this.#base = from;
    this.#words = words;
  }
}

/** Coverage of the days from `first` to `last`, both included. */
export function coverageOf(days: DaySet, first: number, last: number): DayCoverage {
  const missing: DaySpan[] = [];
  for (let day = first; day <= last; day++) {
    if (days.has(day)) continue;
    const from = day;
    while (!days.has(day + 1)) day++;
    missing.push({ from: dayText(from), to: dayText(day), days: day - from + 1 });
  }
  return { withRows: days.size, inRange: last - first + 1, missing };
}
