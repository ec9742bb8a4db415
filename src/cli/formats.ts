import type { Command } from 'commander';
import { command } from './command.js';

export function formatsCommand(): Command {
  return command('formats', 'list the formats that import reads')
    .option('--json', 'as JSON')
    .action(async (flags: { json?: boolean }) => {
      const { formatRows } = await import('../engine/import-formats.js');
      const rows = formatRows();
      if (flags.json) {
        process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
        return;
      }
      const width = Math.max(...rows.map(({ name }) => name.length));
      for (const { name, kinds, summary, fixture } of rows) {
        const note = fixture === 'synthetic' ? ' (synthetic fixture only)' : '';
        process.stdout.write(`${name.padEnd(width)}  ${kinds.join(', ')}: ${summary}${note}\n`);
      }
    });
}
