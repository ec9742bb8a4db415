import type { DeltaColumns } from './delta-columns.js';
import type { ReplayResult } from './replay.js';
import type { ReplayOptions } from './replay-options.js';

/** One instrument to replay: the arguments of `replayBook`. */
export interface ReplayJob {
  readonly columns: DeltaColumns;
  readonly options: Partial<ReplayOptions> & Pick<ReplayOptions, 'rule'>;
  readonly until?: number;
}

/** What a worker answers: the result, or an error in parts, as classes do not survive the way. */
export type ReplayAnswer =
  | { readonly result: ReplayResult }
  | { readonly input: { readonly subject: string; readonly found: string; readonly bound: string } }
  | { readonly failure: string };
