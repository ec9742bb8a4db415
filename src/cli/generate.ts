import type { Command } from 'commander';
import { command } from './command.js';
import { marketFlags, marketOptions } from './market-flags.js';
import { count } from './progress.js';

export function generateCommand(): Command {
  const generate = command(
    'generate',
    'write a seeded synthetic market: trades.arrow in a folder; same flags, same bytes',
  ).requiredOption('--out <folder>', 'where trades.arrow is written');
  return marketFlags(generate)
    .option('--quiet', 'print errors only')
    .action(async (flags) => {
      const { writeMarket } = await import('../engine/market.js');
      const { path, market } = await writeMarket(flags.out, marketOptions(flags));
      if (!flags.quiet)
        process.stderr.write(
          `${path}: ${count(market.rows)} synthetic trades of ${count(market.instruments.length)} instruments on ${flags.day}\n`,
        );
    });
}
