import type { Command } from 'commander';
import { analyticFlags, analyticIn, analyticParams, findAnalytic } from './analytic-flags.js';
import { command } from './command.js';
import { inputFlags, openOptions } from './input-flags.js';
import { count, progressLine, warn } from './progress.js';
import { runFlags, runOptions } from './run-flags.js';
import { openRunInputs, otherInputFlags, otherInputs } from './run-inputs.js';
import { worstLine } from './worst-line.js';

/** `verify <analytic> <input…>`: exit 0 if both backends agree, 1 if not. */
export function verifyCommand(args: readonly string[]): Command {
  const verify = command('verify', 'run an analytic on both backends and compare every cell')
    .argument('<analytic>', 'name, see list')
    .argument('<input...>', 'files, folders or a dataset of what the analytic reads')
    .option('--json', 'the report as JSON')
    .option('--quiet', 'print errors only');
  analyticFlags(runFlags(otherInputFlags(inputFlags(verify)), false), analyticIn(args));
  return verify.action(async (name: string, inputs: string[], flags) => {
    const analytic = findAnalytic(name);
    const params = analyticParams(analytic, flags);
    const progress = progressLine(Boolean(flags.quiet));
    try {
      const options = runOptions(flags, true);
      const reading = { ...openOptions(flags, progress.update), ...otherInputs(flags) };
      const opened = await openRunInputs(analytic, params, inputs, reading, Boolean(flags.quiet));
      const { verify: compare } = await import('../engine/verify.js');
      const report = await compare(analytic, opened.inputs, params, {
        ...options,
        warn,
        inputHash: opened.inputHash,
        ...(reading.barLot ? { barLot: reading.barLot } : {}),
        ...(progress.update ? { progress: progress.update } : {}),
      });
      progress.done();
      if (flags.json) {
        process.stdout.write(
          `${JSON.stringify(report, (_, v) => (typeof v === 'bigint' ? String(v) : v), 2)}\n`,
        );
      } else {
        for (const table of report.tables)
          process.stdout.write(
            `${table.name}: ${count(table.rows)} rows × ${table.columns} columns compared\n`,
          );
        if (report.worst) process.stdout.write(`${worstLine(report.worst)}\n`);
        process.stdout.write(
          report.ok
            ? `${name}: CPU and ${report.device} (${report.adapter}) agree\n`
            : `${name}: ${count(report.mismatches)} cells differ\n`,
        );
      }
      if (!report.ok) process.exitCode = 1;
    } finally {
      progress.done();
    }
  });
}
