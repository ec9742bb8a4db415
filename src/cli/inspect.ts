import type { Command } from 'commander';
import { InputError } from '../core/errors.js';
import { findImporter } from '../engine/import-formats.js';
import { command } from './command.js';
import { paramFlags, paramValues } from './param-flags.js';
import { progressLine } from './progress.js';
import { tableFlags, tableOptions } from './table-flags.js';
import { counted } from './text-table.js';

const EXAMPLES = `
Examples:
  steelyard inspect dataset --check
  steelyard inspect ETHUSDT-aggTrades-2024-01-05.zip
  steelyard inspect BCHEUR.csv --format kraken-trades --symbol BCH/EUR
`;
/** Instruments listed without --all. */
const LISTED = 20;

/** `inspect <input…>`: the flags offered are those of the format named by --format, else those of tables. */
export function inspectCommand(args: readonly string[]): Command {
  const made = command('inspect', 'what a dataset or a file holds, and what is missing in it')
    .argument('<input...>', 'a dataset, or files of one format; zip and gzip are opened')
    .option('--format <name>', 'see `steelyard formats`; told from the content otherwise')
    .option('--check', "of a dataset, only compare every file with the manifest's SHA-256")
    .option('--all', `list all instruments, not only ${LISTED}`)
    .option('--json', 'everything as JSON on standard output')
    .addHelpText('after', EXAMPLES);
  const named = formatNamed(args);
  const importer = named === undefined ? undefined : findImporter(named);
  if (importer) paramFlags(made, importer.params);
  else tableFlags(made);
  return made.action(async (inputs: string[], flags: Record<string, unknown>) => {
    const { inspect } = await import('../engine/inspect.js');
    const { inspectLines } = await import('./inspect-lines.js');
    const progress = progressLine(false);
    try {
      const found = await inspect(inputs, {
        ...(named === undefined ? {} : { format: named }),
        ...(importer ? { params: paramValues(importer.params, flags) } : { table: tableOptions(flags) }),
        check: Boolean(flags.check),
        ...(progress.update ? { progress: progress.update } : {}),
      });
      progress.done();
      const text = flags.json
        ? JSON.stringify(found, null, 2)
        : inspectLines(found, flags.all ? Number.POSITIVE_INFINITY : LISTED, Boolean(flags.check)).join('\n');
      process.stdout.write(`${text}\n`);
      const problems = found.dataset?.problems ?? [];
      if (problems.length > 0)
        throw new InputError(
          'dataset',
          inputs[0],
          `has ${counted(problems.length, 'problem')}, the first: ${problems[0]}`,
        );
    } finally {
      progress.done();
    }
  });
}

/** What --format names among the arguments: its flags depend on it. */
function formatNamed(args: readonly string[]): string | undefined {
  const at = args.indexOf('--format');
  return at >= 0 ? args[at + 1] : args.find((arg) => arg.startsWith('--format='))?.slice('--format='.length);
}
