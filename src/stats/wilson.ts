import { checkLevel } from './check-level.js';
import { checkWhole } from './check-whole.js';
import { normalQuantile } from './normal-quantile.js';

export interface Interval {
  readonly estimate: number;
  readonly lo: number;
  readonly hi: number;
}

/**
 * Wilson (1927) score interval of a proportion: [(p̂ + z²/2n) ± z√(p̂(1-p̂)/n + z²/4n²)]/(1 + z²/n), within [0, 1]. For
 * independent trials: overlapping labels are none. Null for n = 0.
 */
export function wilson(successes: number, n: number, level = 0.95): Interval {
  checkWhole('trials', n, 0, Number.MAX_SAFE_INTEGER);
  checkWhole('successes', successes, 0, n);
  checkLevel('Wilson level', level);
  if (n === 0) return { estimate: Number.NaN, lo: Number.NaN, hi: Number.NaN };
  const z = normalQuantile((1 + level) / 2);
  const estimate = successes / n;
  const centre = estimate + (z * z) / (2 * n);
  const reach = z * Math.sqrt((estimate * (1 - estimate)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  // the bounds of no success and of nothing else are 0 and 1 exactly
  return {
    estimate,
    lo: successes === 0 ? 0 : (centre - reach) / scale,
    hi: successes === n ? 1 : (centre + reach) / scale,
  };
}
