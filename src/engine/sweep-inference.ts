import {
  andrewsLags,
  annualisedSharpe,
  benjaminiHochberg,
  benjaminiYekutieli,
  calmar,
  dsr,
  effectiveTrials,
  holm,
  maxDrawdown,
  minBacktestLength,
  minTrackRecord,
  type Pbo,
  pbo,
  psr,
  type RealityCheck,
  realityCheck,
  type Spa,
  sampleMoments,
  sharpeEstimate,
  sharpeP,
  sortino,
  spa,
} from '../stats/index.js';
import type { SweepStatistics } from './sweep-options.js';
import type { Portfolio } from './sweep-portfolio.js';

/** Clusters need the correlations and distances of all pairs: 24 bytes each. */
const MOST_CLUSTERED = 5000;

/** What a trial's portfolio returns come to, one value a trial; NaN is null. */
export interface TrialStatistics {
  readonly totalReturn: Float64Array;
  readonly annualReturn: Float64Array;
  readonly volatility: Float64Array;
  readonly sharpe: Float64Array;
  readonly sharpeLo: Float64Array;
  readonly sortino: Float64Array;
  readonly maxDrawdown: Float64Array;
  readonly calmar: Float64Array;
  readonly skewness: Float64Array;
  readonly kurtosis: Float64Array;
  readonly psr: Float64Array;
  readonly dsr: Float64Array;
  readonly dsrEffective: Float64Array;
  readonly minTrackRecord: Float64Array;
  readonly minBacktest: Float64Array;
  readonly p: Float64Array;
  readonly holm: Float64Array;
  readonly bh: Float64Array;
  readonly by: Float64Array;
}

/** Statistics of the trials, and of the sweep they make. */
export interface Inference {
  /** N: trials of this sweep and those before. */
  readonly trials: number;
  /** Effective number of trials, `effectiveTrials`, and those before; null beyond 5,000 trials. */
  readonly effective: number;
  readonly statistics: TrialStatistics;
  /** Trial of the largest Sharpe ratio; -1 where none has one. */
  readonly best: number;
  readonly pbo: Pbo;
  readonly realityCheck: RealityCheck;
  readonly spa: Spa;
}

/**
 * What a sweep shows once the number of its trials is counted. Sharpe ratios are of returns of a period; `year` periods
 * make a year. One-sided p-values are 1 - PSR(0), adjusted over the trials of this sweep; the DSR benchmark is the Sharpe
 * ratio that the best of N trials without skill is expected to show.
 */
export function infer({ returns }: Portfolio, year: number, options: SweepStatistics): Inference {
  const { priorTrials, level, blocks, samples, seed } = options;
  const estimates = returns.map(sharpeEstimate);
  const sharpes = Float64Array.from(estimates, ({ sharpe }) => sharpe);
  const spread = sampleMoments(sharpes);
  // null of a single trial: what the best of many would show is then not known
  const { variance } = spread;
  const trials = returns.length + priorTrials;
  const own = returns.length > MOST_CLUSTERED ? Number.NaN : effectiveTrials(returns).effective;
  const effective = Math.max(1, own + priorTrials);
  const each = (value: (trial: number) => number): Float64Array => Float64Array.from(returns.keys(), value);
  const equity = returns.map(equityOf);
  const moments = returns.map((series) => sampleMoments(series));
  const p = each((trial) => sharpeP(estimates[trial]!));
  const annual = (trial: number): number => sharpes[trial]! * Math.sqrt(year);
  const q = Math.max(1, Math.round(year));
  return {
    ...{ trials, effective, best: largest(sharpes) },
    statistics: {
      totalReturn: each((trial) => equity[trial]!.at(-1)! - 1),
      annualReturn: each((trial) => moments[trial]!.mean * year),
      volatility: each((trial) => Math.sqrt(moments[trial]!.variance * year)),
      sharpe: each(annual),
      sharpeLo: each((trial) =>
        annualisedSharpe(returns[trial]!, q, Math.min(q - 1, andrewsLags(returns[trial]!))),
      ),
      sortino: each((trial) => sortino(returns[trial]!) * Math.sqrt(year)),
      maxDrawdown: each((trial) => maxDrawdown(equity[trial]!)),
      calmar: each((trial) => calmar(equity[trial]!, returns[trial]!.length / year)),
      skewness: each((trial) => estimates[trial]!.skewness),
      kurtosis: each((trial) => estimates[trial]!.kurtosis),
      psr: each((trial) => psr(estimates[trial]!)),
      dsr: each((trial) => dsr(estimates[trial]!, trials, variance)),
      dsrEffective: each((trial) =>
        Number.isNaN(effective) ? Number.NaN : dsr(estimates[trial]!, effective, variance),
      ),
      minTrackRecord: each((trial) => minTrackRecord(estimates[trial]!, 0, level)),
      minBacktest: each((trial) =>
        annual(trial) > 0 ? minBacktestLength(trials, annual(trial)) : Number.NaN,
      ),
      ...{ p, holm: holm(p), bh: benjaminiHochberg(p), by: benjaminiYekutieli(p) },
    },
    pbo: pbo(returns, { blocks }),
    realityCheck: realityCheck(returns, { samples, seed }),
    spa: spa(returns, { samples, seed }),
  };
}

/** Equity by capital from the start on: profits are not reinvested, so returns add up. */
function equityOf(returns: Float64Array): Float64Array {
  const out = new Float64Array(returns.length + 1);
  out[0] = 1;
  for (let t = 0; t < returns.length; t++) out[t + 1] = out[t]! + returns[t]!;
  return out;
}

/** Place of the largest value that is not null. */
export function largest(values: Float64Array): number {
  let best = -1;
  for (let i = 0; i < values.length; i++)
    if (!Number.isNaN(values[i]!) && (best < 0 || values[i]! > values[best]!)) best = i;
  return best;
}
