import type { Command } from 'commander';

/** Adds the flags that say where tables go, all of them or one. */
export const outFlags = (command: Command): Command =>
  command
    .requiredOption(
      '--out <target>',
      'file.arrow, file.parquet, file.csv, a folder, or - for CSV on standard output',
    )
    .option('--format <name>', 'arrow, parquet or csv: of the files in a folder (default: arrow)');
