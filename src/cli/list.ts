import type { Command } from 'commander';
import { command } from './command.js';

export function listCommand(): Command {
  return command('list', 'list the analytics')
    .option('--json', 'as JSON')
    .action(async (flags: { json?: boolean }) => {
      const { registry } = await import('../analytics/index.js');
      const all = [...registry.values()];
      if (flags.json) {
        const plain = all.map(({ name, version, summary }) => ({ name, version, summary }));
        process.stdout.write(`${JSON.stringify(plain, null, 2)}\n`);
        return;
      }
      const width = Math.max(0, ...all.map((a) => a.name.length));
      for (const a of all) process.stdout.write(`${a.name.padEnd(width)}  ${a.version}  ${a.summary}\n`);
    });
}
