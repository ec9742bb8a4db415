import { expect, it } from 'vitest';
import { firstAtOrAfter } from '../../src/core/first-at-or-after.js';
import { integerIn, random } from '../support/random.js';

it('finds what a scan finds, from every start, within every end', () => {
  const next = random(3);
  let value = 0;
  // runs of equal values, small steps and leaps, past several doublings
  const values = Uint32Array.from({ length: 150 }, () => {
    value += next() < 0.4 ? 0 : next() < 0.1 ? 500 : integerIn(next, 1, 3);
    return value;
  });
  for (let end = 1; end <= values.length; end += 7)
    for (let from = 0; from < end; from++)
      for (const limit of new Set([...values, value + 1].flatMap((v) => [v, v + 1]))) {
        if (limit <= values[from]!) continue;
        let want = from + 1;
        while (want < end && values[want]! < limit) want++;
        if (firstAtOrAfter(values, from, end, limit) !== want)
          expect([from, end, limit, firstAtOrAfter(values, from, end, limit)]).toEqual([
            from,
            end,
            limit,
            want,
          ]);
      }
  expect(firstAtOrAfter(values, 0, 1, 9)).toBe(1);
});
