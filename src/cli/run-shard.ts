import { join } from 'node:path';
import type { AnyAnalytic } from '../core/analytic.js';
import { InputError } from '../core/errors.js';
import type { OpenedInputs } from '../engine/open-inputs.js';
import type { RunOptions } from '../engine/run.js';
import { parseShard } from '../engine/shard.js';
import { shardFiles, writeShard } from '../engine/shard-files.js';
import type { Destination } from '../table/write-tables.js';

/** What `run --shard` does in place of a run. */
export interface ShardRun {
  /** The files it replaces. */
  readonly files: readonly string[];
  /** Runs and writes it, and says in a line what it is. */
  readonly run: (
    opened: OpenedInputs,
    params: Readonly<Record<string, unknown>>,
    options: RunOptions,
  ) => Promise<string>;
}

/** Flags that say how tables look, or what their run took. */
const OF_TABLES = ['exact', 'format', 'profile'] as const;

type ShardFlags = { readonly shard: string } & Readonly<Partial<Record<(typeof OF_TABLES)[number], unknown>>>;

/** The shard that the flag names. Errors: InputError. */
export function shardRun(flags: ShardFlags, to: Destination, analytic: AnyAnalytic): ShardRun {
  const { shard: text } = flags;
  const shard = parseShard(text);
  if (to.kind !== 'folder') throw new InputError('--shard', text, 'needs a folder as --out');
  for (const flag of OF_TABLES)
    if (flags[flag] !== undefined)
      throw new InputError(
        `--${flag}`,
        flags[flag] === true ? '' : flags[flag],
        'does not go with --shard: a shard has no tables to show, merge makes them',
      );
  return {
    files: shardFiles({ shard }, Object.keys(analytic.outputs)).map((name) => join(to.path, name)),
    async run({ inputs, ledger }, params, options) {
      const { runPart } = await import('../engine/run.js');
      const { ledgerCounts } = await import('../engine/present-result.js');
      const part = await runPart(analytic, inputs, params, options, shard);
      await writeShard(to.path, { ...part, ledger: ledgerCounts(ledger) });
      const { instruments, universe } = part;
      return `${analytic.name} shard ${shard.index} of ${shard.count}: ${instruments.length} of ${universe} instruments`;
    },
  };
}
