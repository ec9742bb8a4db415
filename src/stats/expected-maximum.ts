import { InputError } from '../core/errors.js';
import { normalQuantile } from './normal-quantile.js';

const EULER = 0.5772156649015329;

/**
 * Expected maximum of `trials` independent normal variables of mean 0:
 * √variance·{(1-γ)Φ⁻¹(1 - 1/N) + γΦ⁻¹(1 - 1/(N·e))}, γ Euler's constant (Bailey & López de Prado 2014). An approximation
 * for large N; exact at N = 1, where it is 0. `trials` may be an effective number and thus a fraction; as the formula
 * turns negative towards 1 (below about 1.28), which no maximum over at least one trial is, it is held at 0 there.
 */
export function expectedMaximum(trials: number, variance = 1): number {
  if (!(trials >= 1 && trials < Number.POSITIVE_INFINITY))
    throw new InputError('trials', trials, 'must be at least 1 and finite');
  if (variance < 0) throw new InputError('variance over trials', variance, 'must be at least 0');
  // of one trial nothing was selected, also where a variance over trials does not exist
  if (trials === 1) return 0;
  // Φ⁻¹(1 - x) as -Φ⁻¹(x): 1 - 1/N would lose the digits of N
  const unit = -(1 - EULER) * normalQuantile(1 / trials) - EULER * normalQuantile(1 / (trials * Math.E));
  return Math.sqrt(variance) * Math.max(0, unit);
}
