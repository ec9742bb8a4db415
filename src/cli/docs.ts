import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { command } from './command.js';

export function docsCommand(): Command {
  return command('docs', 'write ANALYTICS.md from the declarations, or check that it is up to date')
    .option('--check', 'write nothing; exit 1 if the file is stale')
    .option('--out <file>', 'where', 'ANALYTICS.md')
    .action(async (flags: { check?: boolean; out: string }) => {
      const { docs } = await import('../engine/docs.js');
      const { registry } = await import('../analytics/index.js');
      const text = docs(registry.values());
      if (!flags.check) {
        const { atomically } = await import('../table/atomic.js');
        await atomically(flags.out, (path) => writeFile(path, text));
        return;
      }
      const found = await readFile(flags.out, 'utf8').catch(() => '');
      if (found === text) return;
      process.stderr.write(`steelyard: ${flags.out} is stale: run steelyard docs\n`);
      process.exitCode = 1;
    });
}
