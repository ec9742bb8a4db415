import type { Command } from 'commander';
import type { AnyAnalytic } from '../core/analytic.js';
import { InputError } from '../core/errors.js';
import { checkParams } from '../core/schema.js';
import { isDataset } from '../dataset/select.js';
import { inputPaths } from '../engine/input-paths.js';
import { shownTables } from '../engine/table-names.js';
import {
  checkDestination,
  type Destination,
  destination,
  FORMATS,
  targetFiles,
  writeTables,
} from '../table/write-tables.js';
import { analyticFlags, analyticIn, analyticParams, findAnalytic } from './analytic-flags.js';
import { checkMoney } from './check-money.js';
import { command } from './command.js';
import { inputFlags, oneOf, openOptions } from './input-flags.js';
import { outFlags } from './out-flags.js';
import { profileLines } from './profile-lines.js';
import { count, progressLine, rowCounts, warn } from './progress.js';
import { runFlags, runOptions } from './run-flags.js';
import { openRunInputs, otherInputFlags, otherInputs } from './run-inputs.js';
import { outsideOf, separatePaths } from './separate-paths.js';
import { sideFlags, sideOptions } from './side-flags.js';

const EXAMPLES = `
Examples:
  steelyard run volume-imbalance trades.parquet --every 1m,1h --out bars
  steelyard run volume-profile trades.csv.gz --map time=ts,price=px --tick 0.01 --row-ticks 10 --out profile.csv`;

/** `run <analytic> <input…>`: the flags offered are those of the analytic named among the arguments. */
export function runCommand(args: readonly string[]): Command {
  const run = command('run', 'run an analytic over trades, bars, books or open interest and write its tables')
    .argument('<analytic>', 'name, see list; its own flags appear in `run <analytic> --help`')
    .argument('<input...>', 'files, folders or a dataset of what the analytic reads');
  outFlags(run)
    .option('--ledger <file>', 'write the rejected rows there (.csv, .arrow or .parquet)')
    .option('--exact', 'add the exact integers and the hidden columns')
    .option(
      '--shard <i/n>',
      'only a part of the instruments, balanced by rows, for `merge`; --out is then a folder',
    )
    .option('--quiet', 'print errors only')
    .addHelpText('after', EXAMPLES);
  analyticFlags(runFlags(otherInputFlags(sideFlags(inputFlags(run))), true), analyticIn(args));
  return run.action(async (name: string, inputs: string[], flags) => {
    const analytic = findAnalytic(name);
    const params = analyticParams(analytic, flags);
    const to = destination(flags.out, oneOf('--format', flags.format, FORMATS));
    const ledgerTo = flags.ledger === undefined ? undefined : destination(flags.ledger, undefined, 'csv');
    const names = expectedTables(analytic, params);
    const shard =
      flags.shard === undefined ? undefined : (await import('./run-shard.js')).shardRun(flags, to, analytic);
    if (!shard) checkDestination(to, names);
    if (ledgerTo) checkDestination(ledgerTo, ['ledger']);
    if (to.kind === 'stdout' && ledgerTo?.kind === 'stdout')
      throw new InputError('--ledger', '-', 'must be a file where --out is - too');
    const options = runOptions(flags);
    const sides = sideOptions(flags);
    const reading = { ...openOptions(flags), ...otherInputs(flags), ...(sides ? { sides } : {}) };
    for (const input of inputs)
      if (to.kind !== 'stdout' && (await isDataset(input))) outsideOf(input, '--out', [to.path]);
    separatePaths({
      inputs: {
        'the input': await inputPaths(inputs),
        ...(flags.scales ? { '--scales': [flags.scales] } : {}),
        ...(reading.oi ? { '--oi': await inputPaths(reading.oi) } : {}),
        ...(reading.book ? { '--book': await inputPaths(reading.book) } : {}),
        ...(flags.quotes ? { '--quotes': await inputPaths(flags.quotes) } : {}),
      },
      outputs: {
        '--out': shard?.files ?? targetFiles(to, names),
        ...(ledgerTo ? { '--ledger': targetFiles(ledgerTo, ['ledger']) } : {}),
      },
    });
    const progress = progressLine(Boolean(flags.quiet));
    try {
      const observe = progress.update ? { progress: progress.update } : {};
      const opened = await openRunInputs(
        analytic,
        params,
        inputs,
        { ...reading, ...observe },
        Boolean(flags.quiet),
      );
      if (ledgerTo) await writeLedger(ledgerTo, opened.ledger);
      if (opened.inputs.trades) checkMoney(analytic, opened.inputs.trades);
      const how = {
        ...options,
        warn,
        inputHash: opened.inputHash,
        ...(reading.barLot ? { barLot: reading.barLot } : {}),
        ...observe,
      };
      if (shard) {
        const line = await shard.run(opened, params, how);
        progress.done();
        if (!flags.quiet) process.stderr.write(`${line}\n`);
        return;
      }
      const { run: execute } = await import('../engine/run.js');
      const { presentResult } = await import('../engine/present-result.js');
      const result = await execute(analytic, opened.inputs, params, how);
      const tables = presentResult(result, { exact: Boolean(flags.exact), ledger: opened.ledger });
      progress.done();
      await writeTables(to, tables);
      if (flags.profile) process.stderr.write(`${profileLines(result.profile).join('\n')}\n`);
      if (flags.quiet) return;
      const { seconds } = result.timing;
      const rate = count(result.timing.rows / Math.max(seconds, 1e-6));
      process.stderr.write(
        `${name} on ${result.backend === 'cpu' ? result.device : `WebGPU (${result.adapter} adapter ${result.device})`}: ${rowCounts(tables)}; ${seconds.toFixed(2)} s, ${rate} rows/s\n`,
      );
    } finally {
      progress.done();
    }
  });
}

async function writeLedger(to: Destination, ledger: import('../core/raw.js').Ledger): Promise<void> {
  const { ledgerTable } = await import('../table/ledger-table.js');
  await writeTables(to, { ledger: ledgerTable(ledger) });
}

/** Names of the tables a run will give; also checks the parameters before any input is read. */
const expectedTables = (analytic: AnyAnalytic, input: Readonly<Record<string, unknown>>): string[] =>
  shownTables(analytic, checkParams(analytic.name, analytic.params, input));
