import type { Command } from 'commander';
import { command } from './command.js';

export function doctorCommand(): Command {
  return command('doctor', 'what this machine offers: adapters, limits, the backend that auto takes')
    .option('--json', 'as JSON')
    .action(async (flags: { json?: boolean }) => {
      const { doctor, formatDoctor } = await import('../engine/doctor.js');
      const report = await doctor();
      process.stdout.write(
        `${flags.json ? JSON.stringify(report, null, 2) : formatDoctor(report).trimEnd()}\n`,
      );
    });
}
