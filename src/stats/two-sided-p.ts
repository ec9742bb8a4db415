import { normalCdf } from '../core/normal-cdf.js';

/**
 * Two-sided p-value 2Φ(-|z|) of a statistic that is standard normal under the null hypothesis. HAC statistics are so
 * asymptotically and for no degrees of freedom that could be counted, hence the normal and not Student's t. NaN in,
 * NaN out.
 */
export function twoSidedP(z: number): number {
  return 2 * normalCdf(-Math.abs(z));
}
