import { join } from 'node:path';
import type { Command } from 'commander';
import type { Opened } from '../engine/open.js';
import type { Result } from '../engine/result.js';
import { tradeAnalytics } from '../engine/trade-analytics.js';
import { command } from './command.js';
import { verifySample } from './demo-verify.js';
import { marketFlags, marketOptions } from './market-flags.js';
import { count, progressLine, rowCounts } from './progress.js';
import { positive } from './run-flags.js';
import { mostImbalanced } from './top-imbalance.js';

/** What the demo asks of each analytic; the rest run with their defaults. */
const PARAMS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'volume-imbalance': { every: '1m,1d' },
};

/** `demo`: a synthetic market through every registered analytic, verified on a sample, written as Arrow. */
export function demoCommand(): Command {
  const demo = command('demo', 'a synthetic market through every analytic, verified and written').option(
    '--out <folder>',
    'where the market and the results go',
    'out',
  );
  return marketFlags(demo)
    .option('--sample <n>', 'instruments verified on both backends', '25')
    .action(async (flags) => {
      const progress = progressLine(false);
      const say = (line: string): void => {
        progress.done();
        process.stdout.write(`${line}\n`);
      };
      try {
        let since = performance.now();
        const lap = (): number => {
          const seconds = (performance.now() - since) / 1000;
          since = performance.now();
          return seconds;
        };
        const { writeMarket } = await import('../engine/market.js');
        const { path, market } = await writeMarket(flags.out, marketOptions(flags));
        const instruments = market.instruments.length;
        say(
          `generated  ${count(market.rows)} synthetic trades of ${count(instruments)} instruments on ${flags.day} in ${lap().toFixed(1)} s: ${path}`,
        );
        const { openTrades } = await import('../engine/open.js');
        const observe = progress.update ? { progress: progress.update } : {};
        const opened: Opened = await openTrades([path], observe);
        const reading = lap();
        say(
          `read       ${rate(opened.frame.rows, reading)}, ${count(opened.ledger.rowsRead - opened.ledger.rowsKept)} rows rejected`,
        );
        const { run } = await import('../engine/run.js');
        const { presentResult } = await import('../engine/present-result.js');
        const { writeTables } = await import('../table/write-tables.js');
        const days: Result[] = [];
        for (const [name, analytic] of tradeAnalytics()) {
          lap();
          const options = { inputHash: opened.inputHash, ...observe };
          const result = await run(analytic, opened.frame, PARAMS[name] ?? {}, options);
          const computed = lap();
          const tables = presentResult(result, { ledger: opened.ledger });
          const folder = join(flags.out, name);
          await writeTables({ kind: 'folder', path: folder, format: 'arrow' }, tables);
          say(
            `ran        ${name} on ${result.backend}: ${rate(opened.frame.rows, computed)}; wrote ${rowCounts(tables)} to ${folder} in ${lap().toFixed(2)} s`,
          );
          if (name === 'volume-imbalance') days.push(result);
        }
        const agreed = await verifySample(path, opened, positive('--sample', flags.sample)!, PARAMS, say);
        for (const result of days) for (const line of mostImbalanced(result, 10)) say(line);
        if (!agreed) process.exitCode = 1;
      } finally {
        progress.done();
      }
    });
}

const rate = (rows: number, seconds: number): string =>
  `${count(rows)} trades in ${seconds.toFixed(2)} s (${count(rows / Math.max(seconds, 1e-6))} trades/s)`;
