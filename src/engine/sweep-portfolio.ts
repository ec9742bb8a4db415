import type { Params } from '../analytics/strategy-sweep/params.js';
import { gridStart } from '../core/sessions.js';
import type { ResultTable } from './result.js';

/** Returns of trials over the whole universe, period by period. */
export interface Portfolio {
  /** Start of each period, µs, and when the last of its instruments was known. */
  readonly time: Float64Array;
  readonly available: Float64Array;
  /** Profit of all instruments by the capital of all, by trial. */
  readonly returns: readonly Float64Array[];
  /** Capital of all instruments, quote currency. */
  readonly capital: number;
}

/** Adds up profits of instruments, block of trials by block: exact integers, so that no order matters. */
export class PortfolioBuilder {
  private readonly place = new Map<number, number>();
  private readonly time: number[] = [];
  private readonly available: number[] = [];
  private readonly profits: Float64Array[] = [];
  private readonly width: number;

  constructor(
    private readonly params: Params,
    private readonly instruments: number,
  ) {
    this.width = Math.max(params.period, params.every);
  }

  /** The table `periods` of `trials` further trials. */
  add({ table }: ResultTable, trials: number): void {
    const { columns, rows } = table;
    const trial = columns.trial as Float64Array;
    const profit = columns.profit_micros as Float64Array;
    const time = columns.time as Float64Array;
    const available = columns.available_at as Float64Array;
    const places = Uint32Array.from(time, (start, i) =>
      this.placeOf(gridStart(start, this.width), available[i]!),
    );
    const first = this.profits.length;
    for (let n = 0; n < trials; n++) this.profits.push(new Float64Array(this.time.length));
    const lowest = trial.reduce((least, number) => Math.min(least, number), Number.POSITIVE_INFINITY);
    for (let i = 0; i < rows; i++) this.profits[first + trial[i]! - lowest]![places[i]!]! += profit[i]!;
  }

  private placeOf(start: number, available: number): number {
    let place = this.place.get(start);
    if (place === undefined) {
      place = this.time.length;
      this.place.set(start, place);
      this.time.push(start);
      this.available.push(available);
    } else if (available > this.available[place]!) this.available[place] = available;
    return place;
  }

  build(): Portfolio {
    const order = [...this.time.keys()].sort((a, b) => this.time[a]! - this.time[b]!);
    const capital = this.params.capital * this.instruments;
    return {
      time: Float64Array.from(order, (at) => this.time[at]!),
      available: Float64Array.from(order, (at) => this.available[at]!),
      returns: this.profits.map((profit) => Float64Array.from(order, (at) => profit[at]! / (capital * 1e6))),
      capital,
    };
  }
}
