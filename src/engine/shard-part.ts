import type { Instrument, Table } from '../core/columns.js';
import type { SideOrigin } from '../core/side-rules/sides.js';
import type { Result } from './result.js';
import type { Shard } from './shard.js';

/** What a shard found: the merged columns of its instruments, and what names the run they are a part of. */
export interface ShardPart
  extends Pick<Result, 'analytic' | 'version' | 'params' | 'backend' | 'adapter' | 'inputHash'> {
  readonly shard: Shard;
  /** Place in the universe of its first instrument, its instruments, and how many there are in all. */
  readonly first: number;
  readonly instruments: readonly Instrument[];
  readonly universe: number;
  /** By output. */
  readonly tables: Readonly<Record<string, Table>>;
  readonly sides?: SideOrigin;
  /** Counts of the input's ledger: every shard reads all of it. */
  readonly ledger: Readonly<Record<string, number>>;
}
