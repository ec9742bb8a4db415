import type { Command } from 'commander';
import { command } from './command.js';

export function describeCommand(): Command {
  return command('describe', 'formula, parameters and outputs of an analytic')
    .argument('<analytic>', 'name, see list')
    .option('--json', 'as JSON')
    .action(async (name: string, flags: { json?: boolean }) => {
      const { findAnalytic } = await import('./analytic-flags.js');
      const { describeAnalytic, describeJson } = await import('../engine/describe.js');
      const analytic = findAnalytic(name);
      const text = flags.json ? JSON.stringify(describeJson(analytic), null, 2) : describeAnalytic(analytic);
      process.stdout.write(`${text}\n`);
    });
}
