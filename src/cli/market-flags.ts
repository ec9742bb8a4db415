import type { Command } from 'commander';
import { InputError } from '../core/errors.js';
import type { MarketOptions } from '../ingest/generate.js';
import { positive } from './run-flags.js';

/** The flags of a synthetic market, for `generate` and `demo`. */
export const marketFlags = (command: Command): Command =>
  command
    .option('--instruments <n>', 'how many', '1000')
    .option('--trades <n>', 'in all', '5000000')
    .option('--day <date>', 'UTC day', '2024-01-02')
    .option('--seed <n>', 'whole number', '7');

/** Their values. Errors: InputError for a count or a seed that is none. */
export function marketOptions(flags: Readonly<Record<string, string>>): MarketOptions {
  const { seed } = flags;
  if (seed === undefined || !/^\d{1,10}$/.test(seed))
    throw new InputError('--seed', seed, 'must be a whole number, 0 to 4294967295');
  return {
    instruments: positive('--instruments', flags.instruments)!,
    trades: positive('--trades', flags.trades)!,
    day: flags.day!,
    seed: Number(seed),
  };
}
