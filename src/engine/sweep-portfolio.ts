import type { Params } from '../analytics/strategy-sweep/params.js';
import type { Frame } from '../core/columns.js';
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
  private readonly width: number;
  private readonly place = new Map<number, number>();
  private readonly time: Float64Array;
  private readonly available: Float64Array;
  private readonly profits: Float64Array[] = [];
  private readonly capital: number;

  /** Over the periods that any instrument of the panel has; `instruments` of them trade. */
  constructor(panel: Frame, params: Params, instruments: number) {
    this.width = Math.max(params.period, params.every);
    this.capital = params.capital * instruments;
    const known = panel.columns.available_at as Float64Array;
    const latest = new Map<number, number>();
    (panel.columns.time as Float64Array).forEach((time, i) => {
      const start = gridStart(time, this.width);
      latest.set(start, Math.max(latest.get(start) ?? 0, known[i]!));
    });
    this.time = Float64Array.from(latest.keys()).sort();
    this.available = this.time.map((start) => latest.get(start)!);
    for (const start of this.time) this.place.set(start, this.place.size);
  }

  /** Periods that any instrument has. */
  get periods(): number {
    return this.time.length;
  }

  /** The table `periods` of `trials` further trials. */
  add({ table }: ResultTable, trials: number): void {
    const { columns, rows } = table;
    const instrument = columns.instrument as Uint32Array;
    const profit = columns.profit_micros as Float64Array;
    const time = columns.time as Float64Array;
    const first = this.profits.length;
    for (let n = 0; n < trials; n++) this.profits.push(new Float64Array(this.time.length));
    for (let from = 0, to = 0; from < rows; from = to) {
      while (to < rows && instrument[to] === instrument[from]) to++;
      // trial after trial has the same periods
      const places = time
        .subarray(from, from + (to - from) / trials)
        .map((start) => this.place.get(gridStart(start, this.width))!);
      for (let n = 0, at = from; n < trials; n++) {
        const own = this.profits[first + n]!;
        for (let p = 0; p < places.length; p++, at++) own[places[p]!]! += profit[at]!;
      }
    }
  }

  build(): Portfolio {
    const { time, available, capital } = this;
    return {
      ...{ time, available, capital },
      returns: this.profits.map((profit) => profit.map((micros) => micros / (capital * 1e6))),
    };
  }
}
