import { trialAt } from '../analytics/strategy-sweep/grid.js';
import { AXES, type Params } from '../analytics/strategy-sweep/params.js';
import { integers, numbers, times } from '../table/plain-columns.js';
import { present } from '../table/present.js';
import type { PresentedColumn, PresentedTable } from '../table/presented.js';
import type { ResultTable } from './result.js';
import type { Sweep } from './sweep.js';
import type { TrialStatistics } from './sweep-inference.js';
import { trialTotals } from './sweep-totals.js';

/** Names of the tables of a sweep; the last three are of the best trial. */
export const SWEEP_TABLES = ['sweep', 'trials', 'runs', 'folds', 'portfolio', 'trades', 'equity'] as const;

/** A sweep as tables: the sweep in a row, its trials, runs and walk-forward windows, and the best trial in full. */
export function sweepTables(sweep: Sweep): Record<(typeof SWEEP_TABLES)[number], PresentedTable> {
  const { backend, printed } = sweep;
  const metadata = {
    'steelyard.sweep': JSON.stringify(printed),
    'steelyard.trials': String(sweep.inference.trials),
    'steelyard.backend': backend.backend,
    'steelyard.adapter': backend.adapter,
    'steelyard.inputHash': backend.inputHash,
  };
  const table = (columns: readonly PresentedColumn[], rows: number): PresentedTable => ({
    rows,
    columns,
    metadata,
  });
  const ofBest = (name: 'trades' | 'equity'): PresentedTable =>
    sweep.best ? shown(sweep.best.tables[name]!, metadata) : { rows: 0, columns: [], metadata };
  return {
    sweep: table(summary(sweep), 1),
    trials: table(trialColumns(sweep), sweep.trials),
    runs: shown(sweep.runs, metadata),
    folds: table(foldColumns(sweep), sweep.walkForward.folds.length),
    portfolio: table(bestPortfolio(sweep), sweep.portfolio.time.length),
    trades: ofBest('trades'),
    equity: ofBest('equity'),
  };
}

const shown = (result: ResultTable, metadata: Readonly<Record<string, string>>): PresentedTable =>
  present(result, { metadata });

/** [name, unit, doc, value] of the sweep's only row. */
function summary(sweep: Sweep): PresentedColumn[] {
  const { inference, walkForward, placebos, portfolio, periodsPerYear } = sweep;
  const { best, statistics: s, realityCheck: check, spa } = inference;
  const annual = Math.sqrt(periodsPerYear);
  const of = (values: Float64Array): number => (best < 0 ? Number.NaN : values[best]!);
  const cells: readonly (readonly [name: string, unit: string, doc: string, value: number])[] = [
    ['trials', 'trials', 'N: trials of this sweep and those made before', inference.trials],
    [
      'effective_trials',
      'trials',
      'independent trials that those amount to, by clusters of their returns',
      inference.effective,
    ],
    ['periods', 'periods', 'periods of return', portfolio.time.length],
    ['best_trial', 'trial', 'trial of the largest Sharpe ratio', best < 0 ? Number.NaN : sweep.first + best],
    ['best_sharpe', 'ratio', 'its annual Sharpe ratio', of(s.sharpe)],
    ['best_psr', 'ratio', 'confidence that its Sharpe ratio exceeds 0, were it the only trial', of(s.psr)],
    ['best_dsr', 'ratio', 'confidence that it exceeds what the best of N without skill shows', of(s.dsr)],
    ['best_dsr_effective', 'ratio', 'the same with the effective number of trials', of(s.dsrEffective)],
    ['pbo', 'ratio', 'probability of backtest overfitting', inference.pbo.pbo],
    ['pbo_splits', 'splits', 'splits it is the share of', inference.pbo.splits],
    ['reality_check_p', 'ratio', 'reality check of the largest mean return', check.p],
    ['spa_lower_p', 'ratio', 'superior predictive ability, lower bound', spa.lower],
    ['spa_p', 'ratio', 'superior predictive ability, consistent', spa.consistent],
    ['spa_upper_p', 'ratio', 'superior predictive ability, upper bound', spa.upper],
    [
      'walk_forward_sharpe',
      'ratio',
      'annual Sharpe ratio of trials chosen on the past alone',
      walkForward.outOfSample * annual,
    ],
    [
      'sign_flip_p',
      'ratio',
      'placebos of random signs that do as well as the best trial, after costs',
      placebos?.signFlip.p ?? Number.NaN,
    ],
    [
      'time_shift_p',
      'ratio',
      'placebos of its positions at other times that do as well, open to close and before costs',
      placebos?.timeShift.p ?? Number.NaN,
    ],
  ];
  return cells.map(([name, unit, doc, value]) =>
    ['trials', 'trial', 'periods', 'splits'].includes(unit)
      ? integers(name, unit, doc, Float64Array.of(value))
      : numbers(name, unit, doc, Float64Array.of(value)),
  );
}

const STATISTICS: Readonly<
  Record<keyof TrialStatistics, readonly [name: string, unit: string, doc: string]>
> = {
  totalReturn: ['total_return', 'ratio', 'profit by capital'],
  annualReturn: ['annual_return', 'ratio', 'mean return times the periods of a year'],
  volatility: ['volatility', 'ratio', 'annual standard deviation of returns'],
  sharpe: ['sharpe', 'ratio', 'annual Sharpe ratio'],
  sharpeLo: ['sharpe_lo', 'ratio', 'the same with the correction of Lo (2002) for autocorrelation'],
  sortino: ['sortino', 'ratio', 'annual Sortino ratio'],
  maxDrawdown: ['max_drawdown', 'ratio', 'largest fall from the running peak, by that peak'],
  calmar: ['calmar', 'ratio', 'compound annual growth by max_drawdown'],
  skewness: ['skewness', 'ratio', 'skewness of returns'],
  kurtosis: ['kurtosis', 'ratio', 'raw kurtosis of returns, 3 for the normal distribution'],
  psr: ['psr', 'ratio', 'probabilistic Sharpe ratio against 0'],
  dsr: ['dsr', 'ratio', 'deflated Sharpe ratio, N trials'],
  dsrEffective: ['dsr_effective', 'ratio', 'deflated Sharpe ratio, effective number of trials'],
  minTrackRecord: ['min_track_record', 'periods', 'periods for PSR(0) to reach the level'],
  minBacktest: ['min_backtest', 'years', 'below it the best of N without skill shows this Sharpe ratio'],
  p: ['p', 'ratio', '1 - PSR(0), one-sided'],
  holm: ['p_holm', 'ratio', 'Holm over the trials'],
  bh: ['q_bh', 'ratio', 'Benjamini-Hochberg over the trials'],
  by: ['q_by', 'ratio', 'Benjamini-Yekutieli over the trials'],
};

function trialColumns(sweep: Sweep): PresentedColumn[] {
  const { params, first, trials, inference } = sweep;
  const each = (value: (n: number) => number): Float64Array =>
    Float64Array.from({ length: trials }, (_, n) => value(n));
  return [
    integers(
      'trial',
      'trial',
      'place in the grid',
      each((n) => first + n),
    ),
    ...axisColumns(params, (value) => each((n) => value(first + n))),
    ...Object.entries(STATISTICS).map(([name, [as, unit, doc]]) =>
      numbers(as, unit, doc, inference.statistics[name as keyof TrialStatistics].slice()),
    ),
    ...trialTotals(sweep),
  ];
}

function axisColumns(
  params: Params,
  each: (value: (trial: number) => number) => Float64Array,
): PresentedColumn[] {
  return AXES.flatMap((axis): PresentedColumn[] => {
    if (axis === 'trend')
      return (['fast', 'slow'] as const).map((part) =>
        integers(
          `trend_${part}`,
          'bars',
          `${part} EMA`,
          each((n) => trialAt(params, n).trend[part]),
        ),
      );
    const name = axis.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return [
      numbers(
        name,
        'parameter',
        `parameter ${axis}`,
        each((n) => trialAt(params, n)[axis]),
      ),
    ];
  });
}

function foldColumns({ walkForward: { folds }, first, periodsPerYear }: Sweep): PresentedColumn[] {
  const of = (value: (fold: (typeof folds)[number]) => number): Float64Array =>
    Float64Array.from(folds, value);
  const annual = Math.sqrt(periodsPerYear);
  return [
    times(
      'decided_at',
      'when the window begins and its trial is chosen',
      of((fold) => fold.decidedAt),
    ),
    integers(
      'train_periods',
      'periods',
      'known when it is chosen',
      of((fold) => fold.trainPeriods),
    ),
    integers(
      'test_periods',
      'periods',
      'of the window',
      of((fold) => fold.testPeriods),
    ),
    integers(
      'trial',
      'trial',
      'chosen',
      of((fold) => (fold.winner < 0 ? Number.NaN : first + fold.winner)),
    ),
    numbers(
      'in_sample_sharpe',
      'ratio',
      'annual Sharpe ratio it was chosen for',
      of((fold) => fold.inSample * annual),
    ),
    numbers(
      'out_of_sample_sharpe',
      'ratio',
      'in the window',
      of((fold) => fold.outOfSample * annual),
    ),
  ];
}

function bestPortfolio({ portfolio, inference: { best } }: Sweep): PresentedColumn[] {
  const returns = best < 0 ? portfolio.time.map(() => Number.NaN) : portfolio.returns[best]!.slice();
  let sum = 1;
  const equity = returns.map((value) => {
    sum += value;
    return sum;
  });
  return [
    times('time', 'start of the period', portfolio.time),
    times('available_at', 'when the last instrument was known', portfolio.available),
    numbers('return', 'ratio', 'profit of all instruments by their capital', returns),
    numbers('equity', 'ratio', 'by capital', equity),
  ];
}
