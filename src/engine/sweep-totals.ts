import { capacityOf } from '../analytics/strategy-sweep/metrics.js';
import { integers, numbers } from '../table/plain-columns.js';
import type { PresentedColumn } from '../table/presented.js';
import type { Sweep } from './sweep.js';

/** Money and counts of each trial, added up over instruments; a ratio of sums is null where it divides by 0. */
export function trialTotals({ runs, trials, portfolio, params }: Sweep): PresentedColumn[] {
  const { columns, rows } = runs.table;
  const total = (...names: readonly string[]): Float64Array => {
    const out = new Float64Array(trials);
    for (const name of names) {
      const values = columns[name] as Float64Array;
      for (let i = 0; i < rows; i++) out[i % trials]! += values[i]!;
    }
    return out;
  };
  const byValue = (value: (n: number) => number): Float64Array =>
    Float64Array.from({ length: trials }, (_, n) => value(n));
  const ratio = (part: Float64Array, whole: Float64Array): Float64Array =>
    byValue((n) => (whole[n]! > 0 ? part[n]! / whole[n]! : Number.NaN));
  const costs = total('fees', 'spread_cost', 'impact_cost', 'funding');
  const equity = total('equity');
  const capital = byValue(() => portfolio.capital);
  const gross = byValue((n) => equity[n]! - portfolio.capital + costs[n]!);
  const impact = total('impact_cost');
  const capacity = byValue((n) => capacityOf(portfolio.capital, equity[n]! - portfolio.capital, impact[n]!));
  const bars = total('bars');
  const trades = total('trades');
  const status = columns.status as Float64Array;
  const ended = (code: number): Float64Array => {
    const out = new Float64Array(trials);
    for (let i = 0; i < rows; i++) if (status[i] === code) out[i % trials]!++;
    return out;
  };
  const quote = 'quote currency';
  return [
    numbers('equity', quote, `of all instruments, ${params.capital} each at the start`, equity),
    numbers('turnover_ratio', 'ratio', 'value of all fills by capital', ratio(total('turnover'), capital)),
    numbers('costs', quote, 'fees, half spreads, impact and funding', costs),
    numbers('cost_share', 'ratio', 'costs by profit before costs', ratio(costs, gross)),
    numbers('capacity', quote, 'capital of all at which impact would take all profit', capacity),
    integers('trades', 'trades', 'round trips', trades),
    numbers('hit_rate', 'ratio', 'round trips that won', ratio(total('wins'), trades)),
    numbers(
      'profit_factor',
      'ratio',
      'gross profit by gross loss',
      ratio(total('gross_profit'), total('gross_loss')),
    ),
    numbers('exposure', 'ratio', 'bars that end with a position', ratio(total('exposure_bars'), bars)),
    integers('ended', 'instruments', 'ended by their drawdown', ended(1)),
    integers('overflown', 'instruments', 'ended because money grew past what stays exact', ended(2)),
  ];
}
