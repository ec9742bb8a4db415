import { expect, it } from 'vitest';
import { type AnyAnalytic, defineAnalytic } from '../../src/core/analytic.js';
import { run } from '../../src/engine/run.js';
import { frameOf } from '../support/frames.js';
import { leaky } from '../support/leaky.js';
import { marketRows } from '../support/markets.js';

/** Numbers an instrument's trades from 1: each row needs all rows before it. */
const numbered: AnyAnalytic = defineAnalytic({
  ...leaky,
  name: 'numbered',
  carry: { count: { type: 'u32', stride: 1, initial: 0 } },
  reference: (tile, _, carry) => {
    const frame = tile.inputs.trades!;
    const count = Uint32Array.from(carry.count!);
    const instrument = new Uint32Array(frame.rows);
    const time = new Float64Array(frame.rows);
    const trades = new Uint32Array(frame.rows);
    for (let s = 0; s < frame.instruments.length; s++)
      for (let i = frame.offsets[s]!; i < frame.offsets[s + 1]!; i++) {
        instrument[i] = s;
        trades[i] = ++count[s]!;
        // the number is the key: rows of equal time would merge
        time[i] = trades[i]!;
      }
    const columns = { instrument, time, trades, available_at: time };
    return { outputs: { totals: { rows: frame.rows, columns } }, carry: { count } };
  },
});

const numbers = (result: Awaited<ReturnType<typeof run>>): number[] => [
  ...(result.tables.totals!.table.columns.trades as Uint32Array),
];

it('state crosses every cut, and a second night goes on where the first stopped', async () => {
  const lists = marketRows({ seed: 51, rows: 400 });
  const whole = await run(numbered, frameOf(lists), {}, { backend: 'cpu' });
  expect(numbers(whole)).toEqual(lists.flatMap((list) => list.map((_, i) => i + 1)));
  expect([...whole.carry.count!]).toEqual(lists.map((list) => list.length));
  for (const tileRows of [1, 7, 90])
    expect(numbers(await run(numbered, frameOf(lists), {}, { backend: 'cpu', tileRows }))).toEqual(
      numbers(whole),
    );

  const times = lists
    .flat()
    .map((row) => row.t)
    .sort((a, b) => a - b);
  const midnight = times[200]!;
  const first = lists.map((list) => list.filter((row) => row.t < midnight));
  const second = lists.map((list) => list.filter((row) => row.t >= midnight));
  const evening = await run(numbered, frameOf(first), {}, { backend: 'cpu' });
  // a carry is plain typed arrays: it survives being stored
  const stored = structuredClone(evening.carry);
  const morning = await run(numbered, frameOf(second), {}, { backend: 'cpu', carry: stored });
  expect(numbers(morning)).toEqual(second.flatMap((list, s) => list.map((_, i) => first[s]!.length + i + 1)));
  expect([...morning.carry.count!]).toEqual([...whole.carry.count!]);
});

it('a carry of other instruments is refused', async () => {
  const frame = frameOf(marketRows({ seed: 51, rows: 40 }));
  await expect(
    run(numbered, frame, {}, { backend: 'cpu', carry: { count: new Uint32Array(2) } }),
  ).rejects.toThrow('carry count of numbered 2 values must be 7 of u32');
});
