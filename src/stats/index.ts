/** Host statistics in f64: pure functions of plain arrays. NaN is null, going in and coming out. */
export { andrewsLags } from './andrews-lags.js';
export { annualisedSharpe } from './annualised-sharpe.js';
export { autocorrelation } from './autocorrelation.js';
export { averageRanks } from './average-ranks.js';
export { benjaminiHochberg } from './benjamini-hochberg.js';
export { benjaminiYekutieli } from './benjamini-yekutieli.js';
export type { Measure } from './block-scores.js';
export { calmar } from './calmar.js';
export {
  type CorrelationInterval,
  type CorrelationOptions,
  correlationInterval,
} from './correlation-interval.js';
export { dsr } from './dsr.js';
export { type EffectiveTrials, effectiveTrials } from './effective-trials.js';
export { expectedMaximum } from './expected-maximum.js';
export { type Component, firstComponent } from './first-component.js';
export { forwardSum } from './forward-sum.js';
export { holm } from './holm.js';
export { type LeastSquares, leastSquares } from './least-squares.js';
export { maxDrawdown } from './max-drawdown.js';
export { minBacktestLength } from './min-backtest-length.js';
export { minTrackRecord } from './min-track-record.js';
export { type NeweyWest, neweyWest } from './newey-west.js';
export { neweyWestLags } from './newey-west-lags.js';
export { normalQuantile } from './normal-quantile.js';
export { type Pbo, type PboOptions, pbo } from './pbo.js';
export { pearson } from './pearson.js';
export { psr } from './psr.js';
export { type RealityCheck, realityCheck } from './reality-check.js';
export { type RegimeRegression, regimeRegression, type Slope } from './regime-regression.js';
export { rollingCorrelation } from './rolling-correlation.js';
export { type SampleMoments, sampleMoments } from './sample-moments.js';
export { type SharpeEstimate, sharpeEstimate } from './sharpe-estimate.js';
export { sharpeP } from './sharpe-p.js';
export { sharpeRatio } from './sharpe-ratio.js';
export type { KurtosisMode } from './sharpe-spread.js';
export { type Placebo, type SignFlipOptions, signFlipPlacebo } from './sign-flip-placebo.js';
export { sortino } from './sortino.js';
export { type Spa, spa } from './spa.js';
export { spearman } from './spearman.js';
export { type BootstrapOptions, type Resamples, stationaryBootstrap } from './stationary-bootstrap.js';
export { type Exposed, type TimeShiftOptions, timeShiftPlacebo } from './time-shift-placebo.js';
export { twoSidedP } from './two-sided-p.js';
export { type Fold, type WalkForwardOptions, walkForward } from './walk-forward.js';
export { type Interval, wilson } from './wilson.js';
