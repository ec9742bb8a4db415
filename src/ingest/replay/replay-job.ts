import type { DeltaColumns } from './delta-columns.js';
import type { ReplayOptions } from './replay-options.js';

/** One instrument to replay: the arguments of `replayBook`. */
export interface ReplayJob {
  readonly columns: DeltaColumns;
  readonly options: Partial<ReplayOptions> & Pick<ReplayOptions, 'rule'>;
  readonly until?: number;
}
