import type { AnyAnalytic, Carry } from '../core/analytic.js';
import type { Decimal } from '../core/decimal.js';
import type { BackendOptions } from './backend.js';

export interface Progress {
  readonly stage: string;
  readonly rows: number;
  readonly total?: number;
  /** Bytes of the input read so far, and in all, where rows cannot be known ahead. */
  readonly bytes?: number;
  readonly totalBytes?: number;
}

/** How a run is cut, watched and stopped; none of it changes the result. */
export interface RunOptions extends BackendOptions {
  /** Most rows of a tile. Results do not depend on it. */
  readonly tileRows?: number;
  /** Further cuts at these driver rows; results do not depend on them. */
  readonly cuts?: readonly number[];
  readonly inputHash?: string;
  /** Unit in which bars made of trades count volume, rounded; their lot by default. */
  readonly barLot?: Decimal;
  /** Ordered state to go on from: an earlier `Result.carry` over the same instruments. */
  readonly carry?: Carry;
  readonly progress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
  /** Called in one line with what went wrong and was put right, such as a thread that ended. */
  readonly warn?: (line: string) => void;
  /** Where names in `needs` are looked up. Default: the analytics that ship with steelyard. */
  readonly registry?: ReadonlyMap<string, AnyAnalytic>;
}
