import type { Instrument } from '../core/columns.js';
import { InputError } from '../core/errors.js';
import { type Inputs, instrumentsOf } from './inputs.js';
import type { Node } from './resolve.js';
import { sliceInstruments } from './tiles.js';

/** Part `index` of `count` of a universe, from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Reads `3/8`. Errors: InputError. */
export function parseShard(text: string): Shard {
  const [, index, count] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (!(shard.index >= 1 && shard.index <= shard.count))
    throw new InputError('--shard', text, 'must be i/n, i from 1 to n, such as 3/8');
  return shard;
}

/**
 * Instruments [first, last) of a shard: runs of neighbours, cut where the rows of all inputs before are nearest to the
 * shard's share. The same on every machine; together the shards have every instrument once. A shard may be empty.
 */
export function shardRange(inputs: Inputs, { index, count }: Shard): readonly [first: number, last: number] {
  const frames = Object.values(inputs);
  const instruments = instrumentsOf(inputs).length;
  const before = (s: number): number => frames.reduce((sum, { offsets }) => sum + offsets[s]!, 0);
  const total = before(instruments);
  const cutAt = (k: number): number => {
    if (k === 0) return 0;
    if (k === count) return instruments;
    const share = (total * k) / count;
    let s = 0;
    while (s < instruments && before(s + 1) <= share) s++;
    // the instrument that crosses the share goes to the side that has more of it
    return s < instruments && share - before(s) > before(s + 1) - share ? s + 1 : s;
  };
  return [cutAt(index - 1), cutAt(index)];
}

/** Rows of instruments [first, last). */
export const shardInputs = (inputs: Inputs, first: number, last: number): Inputs =>
  Object.fromEntries(
    Object.entries(inputs).map(([kind, frame]) => [kind, sliceInstruments(frame, first, last)]),
  );

/** Rejects an analytic that compares instruments with one another: each shard would see its own alone. */
export function checkShardable({ analytic, needs }: Node, instruments: readonly Instrument[]): void {
  if (analytic.cut === 'never')
    throw new InputError(
      '--shard',
      analytic.name,
      `compares ${instruments.length} instruments with one another, which cannot be cut apart`,
    );
  for (const { node } of Object.values(needs)) checkShardable(node, instruments);
}
