import type { BarColumns } from './layout.js';
import type { Rules, TrialRule } from './rules.js';

/** Order lots of a position sized by volatility, within what the average volume allows; 0 where anything is missing. */
export function size(bars: BarColumns, t: number, rules: Rules, trial: TrialRule): number {
  const sigma = bars.sigma[t]!;
  const mark = bars.mark[t]!;
  // levels need a range
  if (sigma === 0 || mark === 0 || (trial.stop + trial.target > 0 && bars.range[t] === 0)) return 0;
  const weight = Math.min(rules.maxWeight, Math.floor((trial.volatility * 1e4) / sigma));
  // capital · 10^6 micro-quote · weight · 10^-4
  return Math.min(Math.floor((rules.capital * weight * 100) / mark), bars.mostOrder[t]!);
}

/** `factor` · 2^-8 ATR from the open, at least a tick; not below 0, which no price reaches. */
export function level(open: number, side: number, range: number, factor: number): number {
  const distance = Math.min(2 ** 30, Math.max(1, Math.floor((range * factor) / 256)));
  return Math.max(0, open + side * distance);
}
