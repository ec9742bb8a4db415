import { expect, it } from 'vitest';
import { firstAtOrAfter } from '../../src/core/first-at-or-after.js';

it('finds what a scan finds, from every start, within every end', () => {
  const values = Uint32Array.of(0, 0, 1, 3, 3, 3, 7, 8, 8, 20, 21, 21, 400, 401, 401, 401, 500);
  for (let end = 1; end <= values.length; end++)
    for (let from = 0; from < end; from++)
      for (let limit = values[from]! + 1; limit <= 502; limit++) {
        let want = from + 1;
        while (want < end && values[want]! < limit) want++;
        expect(firstAtOrAfter(values, from, end, limit)).toBe(want);
      }
});
