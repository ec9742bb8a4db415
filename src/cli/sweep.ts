import type { Command } from 'commander';
import { strategySweep } from '../analytics/strategy-sweep/index.js';
import { parseDuration } from '../core/duration.js';
import { InputError } from '../core/errors.js';
import { checkParams, flagName, type ParamSpec } from '../core/schema.js';
import { isDataset } from '../dataset/select.js';
import { inputPaths } from '../engine/input-paths.js';
import type { SweepOptions } from '../engine/sweep.js';
import { checkStatistic, STATISTICS, type SweepStatistics } from '../engine/sweep-options.js';
import { checkDestination, destination, FORMATS, targetFiles, writeTables } from '../table/write-tables.js';
import { command } from './command.js';
import { inputFlags, oneOf, openOptions } from './input-flags.js';
import { paramFlags, paramValues } from './param-flags.js';
import { progressLine, warn } from './progress.js';
import { runFlags, runOptions } from './run-flags.js';
import { openRunInputs, otherInputFlags, otherInputs } from './run-inputs.js';
import { outsideOf, separatePaths } from './separate-paths.js';
import { sweepLines } from './sweep-lines.js';

const EXAMPLES = `
Lists such as --theta 0.5,1,1.5 span a grid; a trial is one of its parameter sets, traded on every instrument.

Examples:
  steelyard sweep klines/ --every 1d --theta 0.5,1,1.5,2 --stop 1,2,3 --trend 5/20,20/50 --out sweep
  steelyard sweep trades.parquet --every 5m --theta 1,2 --fees 0:2:4 --out sweep --format csv`;

/** The analytic's own tables and blocks of trials are the sweep's business. */
const OWN = ['trades', 'equity', 'periods'];
const PARAMS: ParamSpec = Object.fromEntries(
  Object.entries(strategySweep.params as ParamSpec).filter(([name]) => !OWN.includes(name)),
);

/** `sweep <input…>`: a grid of strategies over a universe, and what the best of them is worth. */
export function sweepCommand(): Command {
  const sweep = command('sweep', 'backtest a grid of strategies over a universe, counting the trials')
    .argument('<input...>', 'files, folders or a dataset of bars or trades')
    .requiredOption('--out <folder>', 'folder for the tables: sweep, trials, runs, folds, and the best trial')
    .option('--format <name>', 'arrow, parquet or csv (default: arrow)')
    .option(
      '--prior-trials <n>',
      `trials made before, which count too (default: ${STATISTICS.priorTrials.standard})`,
    )
    .option('--confidence <p>', `of the shortest track record (default: ${STATISTICS.level.standard})`)
    .option('--blocks <n>', `blocks of the PBO, even (default: ${STATISTICS.blocks.standard})`)
    .option('--samples <n>', `bootstrap resamples and placebos (default: ${STATISTICS.samples.standard})`)
    .option('--seed <n>', `of the resamples (default: ${STATISTICS.seed.standard})`)
    .option('--folds <n>', `walk-forward windows (default: ${STATISTICS.folds.standard})`)
    .option('--embargo <duration>', 'time between what a choice may know and its window (default: none)')
    .option('--quiet', 'print errors only')
    .addHelpText('after', EXAMPLES);
  paramFlags(runFlags(otherInputFlags(inputFlags(sweep)), true), PARAMS);
  return sweep.action(async (inputs: string[], flags) => {
    const quiet = Boolean(flags.quiet);
    const params = paramValues(PARAMS, flags);
    // of instruments nothing is known yet
    strategySweep.check?.(checkParams('sweep', strategySweep.params, params), []);
    const { SWEEP_TABLES, sweepTables } = await import('../engine/sweep-tables.js');
    const to = destination(flags.out, oneOf('--format', flags.format, FORMATS));
    if (to.kind !== 'folder')
      throw new InputError('--out', flags.out, 'must be a folder: a sweep has several tables');
    checkDestination(to, SWEEP_TABLES);
    const options = { ...runOptions(flags), ...sweepOptions(flags) };
    const reading = { ...openOptions(flags), ...otherInputs(flags) };
    for (const input of inputs) if (await isDataset(input)) outsideOf(input, '--out', [to.path]);
    separatePaths({
      inputs: {
        'the input': await inputPaths(inputs),
        ...(reading.book ? { '--book': await inputPaths(reading.book) } : {}),
      },
      outputs: { '--out': targetFiles(to, SWEEP_TABLES) },
    });
    const progress = progressLine(quiet);
    try {
      const observe = progress.update ? { progress: progress.update } : {};
      const opened = await openRunInputs(strategySweep, params, inputs, { ...reading, ...observe }, quiet);
      const { sweep: execute } = await import('../engine/sweep.js');
      const found = await execute(opened.inputs, params, {
        ...options,
        ...(reading.barLot ? { barLot: reading.barLot } : {}),
        ...{ inputHash: opened.inputHash, warn, ...observe },
      });
      progress.done();
      await writeTables(to, sweepTables(found));
      if (!quiet) process.stderr.write(`${sweepLines(found).join('\n')}\n`);
    } finally {
      progress.done();
    }
  });
}

/** The checked options of the statistics; their flags are named like them, but for the level, a confidence. */
export function sweepOptions(flags: Readonly<Record<string, string | undefined>>): SweepOptions {
  const options: Partial<Record<keyof SweepStatistics, number>> = {};
  for (const name of Object.keys(STATISTICS) as (keyof SweepStatistics)[]) {
    const key = name === 'level' ? 'confidence' : name;
    const text = flags[key];
    if (text === undefined) continue;
    const flag = flagName(key);
    const value = name === 'embargo' ? parseDuration(text) : numberIn(text);
    if (value === undefined) throw new InputError(flag, text, 'must be a duration such as 5d');
    options[name] = checkStatistic(name, value, flag, text);
  }
  return options;
}

const numberIn = (text: string): number => (/^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN);
