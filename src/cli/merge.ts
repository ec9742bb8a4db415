import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { destination, FORMATS, targetFiles, writeTables } from '../table/write-tables.js';
import { command } from './command.js';
import { oneOf } from './input-flags.js';
import { outFlags } from './out-flags.js';
import { rowCounts } from './progress.js';
import { separatePaths } from './separate-paths.js';

const EXAMPLE = `
Example:
  for i in 1 2 3 4; do steelyard run volume-imbalance trades/ --shard $i/4 --out shards; done
  steelyard merge shards --out bars.arrow`;

/** `merge <shards…>`: the tables of the run whose shards these are, to the byte. */
export function mergeCommand(): Command {
  const merge = command(
    'merge',
    'put the shards of a run together: the bytes of a run that was not cut',
  ).argument('<shards...>', 'folders with shards, or their JSON files');
  return outFlags(merge)
    .option('--exact', 'add the exact integers and the hidden columns')
    .option('--quiet', 'print errors only')
    .addHelpText('after', EXAMPLE)
    .action(async (paths: string[], flags) => {
      const to = destination(flags.out, oneOf('--format', flags.format, FORMATS));
      const { readShards, shardFiles } = await import('../engine/shard-files.js');
      const { mergeShards } = await import('../engine/merge-shards.js');
      const { presentResult } = await import('../engine/present-result.js');
      const shards = await readShards(paths);
      const result = mergeShards(shards);
      const tables = presentResult(result, { exact: Boolean(flags.exact), ledgerCounts: shards[0]!.ledger });
      // other files beside the shards, such as tables of an earlier merge, may be replaced
      const names = shards.flatMap((shard) => shardFiles(shard, Object.keys(shard.tables)));
      const folders = paths.map((path) => (statSync(path).isDirectory() ? path : dirname(path)));
      separatePaths({
        inputs: { 'the shards': folders.flatMap((folder) => names.map((name) => join(folder, name))) },
        outputs: { '--out': targetFiles(to, Object.keys(tables)) },
      });
      await writeTables(to, tables);
      if (flags.quiet) return;
      process.stderr.write(`${result.analytic} of ${shards.length} shards: ${rowCounts(tables)}\n`);
    });
}
