import { registry as builtIn } from '../analytics/index.js';
import type { AnyAnalytic } from '../core/analytic.js';
import { InputError } from '../core/errors.js';
import { mergeOutputs } from './merge.js';
import { resolve } from './resolve.js';
import type { Result } from './result.js';
import type { ShardPart } from './shard-part.js';
import { tablesOf } from './tables-of.js';

/**
 * The result of the run that all its shards are parts of, as if it had run in one: the same tables. Errors: InputError for
 * shards of different runs, missing ones and an analytic of another version.
 */
export function mergeShards(
  shards: readonly ShardPart[],
  registry: ReadonlyMap<string, AnyAnalytic> = builtIn,
): Result {
  const parts = [...shards].sort((a, b) => a.shard.index - b.shard.index);
  const [one] = parts;
  if (!one) throw new InputError('shards', 0, 'must be all of a run');
  for (const part of parts) checkSame(one, part);
  const { count } = one.shard;
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter(
    (index) => !parts.some(({ shard }) => shard.index === index),
  );
  if (missing.length > 0)
    throw new InputError('shards', missing.slice(0, 20).join(', '), `of ${count} are missing`);
  if (parts.length > count)
    throw new InputError('shards', parts.length, `must be ${count}, each of them once`);
  const analytic = registry.get(one.analytic);
  if (analytic?.version !== one.version)
    throw new InputError(
      `shards of ${one.analytic}`,
      one.version,
      `must be of the version that merges them, ${analytic?.version ?? 'none'}`,
    );
  const node = resolve(analytic, one.params, registry);
  const instruments = parts.flatMap((part) => part.instruments);
  if (instruments.length !== one.universe)
    throw new InputError(
      'shards',
      instruments.length,
      `instruments must be the ${one.universe} of the universe`,
    );
  const merged = mergeOutputs(analytic, (output) =>
    parts.map(({ tables, first }) => ({ table: tables[output]!, firstInstrument: first })),
  );
  return {
    ...{ analytic: one.analytic, version: one.version, params: node.printed },
    tables: tablesOf(node, merged, instruments),
    ...{ carry: {}, backend: one.backend, adapter: one.adapter, device: '', inputHash: one.inputHash },
    ...(one.sides ? { sides: one.sides } : {}),
    ...{ profile: [], timing: { rows: 0, seconds: 0, tiles: 0 } },
  };
}

const RUN = [
  'analytic',
  'version',
  'params',
  'backend',
  'adapter',
  'inputHash',
  'universe',
  'ledger',
] as const;

function checkSame(one: ShardPart, other: ShardPart): void {
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  for (const name of RUN)
    if (text(one[name]) !== text(other[name]))
      throw new InputError(
        `shard ${other.shard.index} ${name}`,
        text(other[name]),
        `must be that of shard ${one.shard.index}, ${text(one[name])}`,
      );
  if (one.shard.count !== other.shard.count)
    throw new InputError(
      'shard',
      `${other.shard.index}/${other.shard.count}`,
      `must be one of ${one.shard.count}`,
    );
}
