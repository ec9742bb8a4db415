import { registry } from '../analytics/index.js';
import { gridSize, trialRange } from '../analytics/strategy-sweep/grid.js';
import { strategySweep } from '../analytics/strategy-sweep/index.js';
import type { Params } from '../analytics/strategy-sweep/params.js';
import type { Frame } from '../core/columns.js';
import { InputError } from '../core/errors.js';
import type { ParamsInput } from '../core/schema.js';
import { type Backend, openBackend } from './backend.js';
import { checkGraph } from './check-graph.js';
import { hasBook, type Inputs, inputsOf, instrumentsOf } from './inputs.js';
import { resolve } from './resolve.js';
import type { Result, ResultTable } from './result.js';
import { framesOfNode, runOn } from './run.js';
import { foldsOf, type WalkForwardResult } from './sweep-folds.js';
import { type Inference, infer } from './sweep-inference.js';
import { checkSweepSize, type SweepOptions, statisticsOf } from './sweep-options.js';
import { placebosOf, type SweepPlacebos } from './sweep-placebos.js';
import { type Portfolio, PortfolioBuilder } from './sweep-portfolio.js';
import { joinRuns } from './sweep-runs.js';

export type { SweepOptions } from './sweep-options.js';

/** Rows of periods that are held at once. */
const MOST_ROWS = 1_000_000;
const YEAR = 365 * 86_400_000_000;

/** A sweep: its runs, its trials as portfolios of all instruments, and what they show. */
export interface Sweep {
  readonly params: Params;
  /** Canonical text of every parameter. */
  readonly printed: Readonly<Record<string, string>>;
  /** First trial of the grid, its trials, and those of the whole grid. */
  readonly first: number;
  readonly trials: number;
  readonly grid: number;
  /** Runs of all trials, by instrument and trial. */
  readonly runs: ResultTable;
  readonly portfolio: Portfolio;
  readonly inference: Inference;
  readonly walkForward: WalkForwardResult;
  /** Of the best trial; undefined where no trial varied. */
  readonly placebos: SweepPlacebos | undefined;
  /** Fills and equity of the best trial. */
  readonly best: Result | undefined;
  readonly periodsPerYear: number;
  readonly backend: Pick<Result, 'backend' | 'adapter' | 'device' | 'inputHash'>;
  /** Seconds of the runs, and of everything. */
  readonly runSeconds: number;
  readonly seconds: number;
}

/**
 * Runs a grid of strategies over a universe and says what the best of it is worth, given how many were tried. A trial is
 * one parameter set traded on every instrument with equal capital; the sweep counts them. Trials run in blocks, so that
 * memory does not depend on how many there are. Errors: InputError for parameters and inputs.
 */
export async function sweep(
  given: Frame | Inputs,
  params: ParamsInput<typeof strategySweep.params> = {},
  options: SweepOptions = {},
): Promise<Sweep> {
  const started = performance.now();
  const statistics = statisticsOf(options);
  const wanted = { ...params, trades: false, equity: false, periods: true };
  const whole = resolve(strategySweep, wanted, registry);
  const checked = whole.params as Params;
  const inputs = inputsOf(given);
  checkGraph(whole, instrumentsOf(inputs), hasBook(inputs));
  const { first, end } = trialRange(checked);
  const backend = await openBackend(options);
  try {
    const { panel } = (await framesOfNode(backend, whole, inputs, options)) as { panel: Frame };
    const traded = panel.instruments.filter((_, s) => panel.offsets[s + 1]! > panel.offsets[s]!).length;
    if (traded === 0) throw new InputError('sweep input', panel.rows, 'bars must be at least 1');
    const builder = new PortfolioBuilder(panel, checked, traded);
    checkSweepSize(end - first, builder.periods);
    const blocks: ResultTable[] = [];
    let result: Result | undefined;
    for (let from = first, count = 1; from < end; from += count) {
      // the first trial tells how many rows one has
      count = result ? blockOf(result, end - from) : 1;
      const block = { ...wanted, firstTrial: from, trialCount: count };
      result = await runBlock(backend, panel, block, options);
      blocks.push(result.tables.runs!);
      builder.add(result.tables.periods!, count);
      options.progress?.({ stage: 'sweep', rows: from + count - first, total: end - first });
    }
    const runSeconds = (performance.now() - started) / 1000;
    const portfolio = builder.build();
    const periodsPerYear = YEAR / Math.max(checked.every, checked.period);
    const inference = infer(portfolio, periodsPerYear, statistics);
    const { best } = inference;
    const chosen =
      best < 0
        ? undefined
        : await runBlock(
            backend,
            panel,
            { ...wanted, trades: true, equity: true, firstTrial: first + best, trialCount: 1 },
            options,
          );
    return {
      ...{ params: checked, printed: whole.printed, first, trials: end - first, grid: gridSize(checked) },
      ...{ runs: joinRuns(blocks, traded), portfolio, inference, periodsPerYear, runSeconds },
      walkForward: foldsOf(portfolio, statistics),
      placebos:
        chosen && placebosOf(portfolio.returns[best]!, chosen.tables, panel, portfolio.capital, statistics),
      best: chosen,
      backend: result!,
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    await backend.close();
  }
}

const blockOf = (result: Result, left: number): number => {
  const { periods, runs } = result.tables;
  const trials = runs!.table.rows / new Set(runs!.table.columns.instrument as Uint32Array).size;
  return Math.min(left, Math.max(1, Math.floor((MOST_ROWS * trials) / periods!.table.rows)));
};

const runBlock = (
  backend: Backend,
  panel: Frame,
  params: Readonly<Record<string, unknown>>,
  { progress: _, ...options }: SweepOptions,
): Promise<Result> => runOn(backend, resolve(strategySweep, params, registry), { panel }, options);
