import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ReplayJob, replayBook } from '../../src/ingest/replay/index.js';
import { builtCli } from '../cli/support.js';
import { integerIn, random } from '../support/random.js';
import { columnsOf, type HandMessage } from './replay-support.js';

const built = (): Promise<typeof import('../../src/ingest/replay/index.js')> =>
  import(/* @vite-ignore */ new URL('../../dist/ingest/replay/index.js', import.meta.url).href);

/** A snapshot and increments of one instrument. */
function job(seed: number): ReplayJob {
  const next = random(seed);
  const messages = Array.from(
    { length: integerIn(next, 1, 300) },
    (_, i): HandMessage => ({
      ts: 1000 * (i + 1),
      ...(i === 0 ? { snapshot: true } : {}),
      levels: Array.from({ length: integerIn(next, 1, 5) }, () => {
        const side = next() < 0.5 ? 1 : -1;
        return [side, 1000 - side * integerIn(next, 0, 30), integerIn(next, 0, 3)] as const;
      }),
    }),
  );
  return {
    columns: columnsOf(messages),
    options: { rule: 'none', levels: 4, every: seed % 2 ? 0 : 700 },
    until: 400_000,
  };
}

describe('instruments in workers, from the build', () => {
  let replayInstruments: Awaited<ReturnType<typeof built>>['replayInstruments'];
  const jobs = Array.from({ length: 12 }, (_, i) => job(i + 1));

  beforeAll(async () => {
    builtCli();
    ({ replayInstruments } = await built());
  });

  const before = process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
  afterAll(() => {
    // none is left running
    expect(process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length).toBe(before);
  });

  it.each([1, 2, 5])('%i threads give what one call each gives', async (workers) => {
    const results = await replayInstruments(jobs, { workers });
    expect(results).toEqual(jobs.map(({ columns, options, until }) => replayBook(columns, options, until)));
  });

  it('shared columns are read where they are', async () => {
    const { columns, options } = jobs[0]!;
    const shared = new Float64Array(new SharedArrayBuffer(columns.rows * 8));
    shared.set(columns.tick as Float64Array);
    const [first, second] = await replayInstruments(
      [
        { columns: { ...columns, tick: shared }, options },
        { columns, options },
      ],
      { workers: 2 },
    );
    expect(first).toEqual(second);
  });

  it('an InputError stays one, in one line, and stops all', async () => {
    const bad: ReplayJob = { ...jobs[0]!, options: { rule: 'none', levels: 0 } };
    await expect(replayInstruments([...jobs, bad, ...jobs], { workers: 2 })).rejects.toMatchObject({
      name: 'InputError',
      message: 'replay levels 0 must be a whole number from 1 to 1000',
    });
  });

  it('stops when told to', async () => {
    const stop = new AbortController();
    const running = replayInstruments([...jobs, ...jobs], { workers: 2, signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(running).rejects.toThrow();
  });
});
