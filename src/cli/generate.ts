import type { Command } from 'commander';
import { InputError } from '../core/errors.js';
import { command } from './command.js';
import { count } from './progress.js';
import { positive } from './run-flags.js';

export function generateCommand(): Command {
  return command(
    'generate',
    'write a seeded synthetic market: trades.arrow in a folder; same flags, same bytes',
  )
    .requiredOption('--out <folder>', 'where trades.arrow is written')
    .option('--instruments <n>', 'how many', '1000')
    .option('--day <date>', 'UTC day', '2024-01-02')
    .option('--seed <n>', 'whole number', '7')
    .option('--trades <n>', 'in all', '5000000')
    .option('--quiet', 'print errors only')
    .action(async (flags) => {
      if (!/^\d{1,10}$/.test(flags.seed))
        throw new InputError('--seed', flags.seed, 'must be a whole number, 0 to 4294967295');
      const { writeMarket } = await import('../engine/market.js');
      const { path, market } = await writeMarket(flags.out, {
        instruments: positive('--instruments', flags.instruments)!,
        trades: positive('--trades', flags.trades)!,
        day: flags.day,
        seed: Number(flags.seed),
      });
      if (!flags.quiet)
        process.stderr.write(
          `${path}: ${count(market.rows)} synthetic trades of ${count(market.instruments.length)} instruments on ${flags.day}\n`,
        );
    });
}
