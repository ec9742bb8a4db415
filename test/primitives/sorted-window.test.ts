import { describe, expect, it } from 'vitest';
import { SortedWindow } from '../../src/core/sorted-window.js';
import { integerIn, random } from '../support/random.js';

const ascending = (list: readonly number[]): number[] => [...list].sort((a, b) => a - b);
const middles = (list: readonly number[]): number =>
  ascending(list)[(list.length - 1) >> 1]! + ascending(list)[list.length >> 1]!;

describe('a sorted window', () => {
  it.each([
    ['many ties', 3, 40],
    ['few ties', 1_000_000, 40],
    ['moves of hundreds', 1_000_000, 700],
  ] as const)('%s: ranks and medians are those of the list', (_, most, length) => {
    const next = random(most + length);
    const window = new SortedWindow(length + 1);
    const list: number[] = [];
    for (let step = 0; step < 3000; step++) {
      const x = integerIn(next, 0, most);
      const kind = next();
      if (list.length >= length || (list.length > 0 && kind < 0.2)) {
        const old = list.splice(integerIn(next, 0, list.length - 1), 1)[0]!;
        if (kind < 0.5) {
          window.replace(old, x);
          list.push(x);
        } else window.remove(old);
      } else {
        window.insert(x);
        list.push(x);
      }
      expect(window.size).toBe(list.length);
      const y = integerIn(next, 0, most);
      expect(window.below(y)).toBe(list.filter((v) => v < y).length);
      expect(window.rank(y)).toBe(2 * list.filter((v) => v < y).length + list.filter((v) => v === y).length);
      if (list.length === 0) continue;
      const centre = window.twiceMedian();
      expect(centre).toBe(middles(list));
      expect(window.fourDeviations(centre)).toBe(middles(list.map((v) => Math.abs(2 * v - centre))));
    }
    window.clear();
    expect(window.size).toBe(0);
  });
});
