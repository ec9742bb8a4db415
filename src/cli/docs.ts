import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { command } from './command.js';

export function docsCommand(): Command {
  return command(
    'docs',
    'write ANALYTICS.md and FORMATS.md from the declarations, or check that they are up to date',
  )
    .option('--check', 'write nothing; exit 1 if a file is stale')
    .option('--out <file>', 'where the analytics go', 'ANALYTICS.md')
    .option('--formats <file>', 'where the formats and kinds go', 'FORMATS.md')
    .action(async (flags: { check?: boolean; out: string; formats: string }) => {
      const { docs } = await import('../engine/docs.js');
      const { formatDocs } = await import('../engine/format-docs.js');
      const { registry } = await import('../analytics/index.js');
      await writeOrCheck(flags.out, docs(registry.values()), Boolean(flags.check));
      await writeOrCheck(flags.formats, formatDocs(), Boolean(flags.check));
    });
}

async function writeOrCheck(file: string, text: string, check: boolean): Promise<void> {
  if (!check) {
    const { atomically } = await import('../table/atomic.js');
    await atomically(file, (path) => writeFile(path, text));
    return;
  }
  const found = await readFile(file, 'utf8').catch(() => '');
  if (found === text) return;
  process.stderr.write(`steelyard: ${file} is stale: run steelyard docs\n`);
  process.exitCode = 1;
}
