import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { InputError } from '../core/errors.js';
import { checkParams } from '../core/schema.js';
import { isDataset } from '../dataset/select.js';
import { findImporter } from '../engine/import-formats.js';
import { inputPaths } from '../engine/input-paths.js';
import type { ReplayBooksOptions } from '../engine/replay.js';
import { REPLAY_TABLES } from '../engine/replay-tables.js';
import { replayParams, SEQUENCE_RULES } from '../ingest/replay/index.js';
import {
  checkDestination,
  type Destination,
  destination,
  FORMATS,
  targetFiles,
  writeTables,
} from '../table/write-tables.js';
import { command, joined } from './command.js';
import { oneOf } from './input-flags.js';
import { parseInstant } from './instant.js';
import { paramFlags, paramValues } from './param-flags.js';
import { progressLine } from './progress.js';
import { replayLines } from './replay-lines.js';
import { separatePaths } from './separate-paths.js';

const EXAMPLES = `
Examples:
  steelyard replay dataset --levels 10 --at 100ms --out books
  steelyard replay capture.gz --levels 1 --at event --out touch.parquet
  steelyard replay 2024-08-08_xrpusdt_ob500.data.zip --at 1s --crossed repair --out - | head`;

interface ReplayFlags {
  readonly out: string;
  readonly format?: string;
  readonly from?: string;
  readonly rule?: string;
  readonly instruments?: string;
  readonly fromTime?: string;
  readonly until?: string;
  readonly workers?: string;
  readonly exact?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly [flag: string]: unknown;
}

/** `replay <input…>`: flags of the parameters, and of the input's format where `--from` names one. */
export function replayCommand(args: readonly string[]): Command {
  const made = command('replay', 'rebuild order books from snapshots and changes')
    .argument('<input...>', 'a dataset with book changes; or captures and book files, folders or patterns')
    .requiredOption(
      '--out <target>',
      'a folder for states, coverage and ledger of gaps; a file (.arrow, .parquet, .csv) or - for states alone',
    )
    .option('--format <name>', 'arrow, parquet or csv: of the files in a folder (default: arrow)')
    .option(
      '--from <format>',
      'format of the files, see `steelyard formats`; told from their content otherwise',
    )
    .option('--rule <name>', `sequence rule: ${SEQUENCE_RULES.join(', ')} (default: the venue's)`)
    .option('--instruments <names>', 'only these, venue:symbol, separated by commas', joined)
    .option(
      '--from-time <time>',
      'states from then on, ISO (UTC) or epoch number; the book is built from before',
    )
    .option('--until <time>', 'end, exclusive, ISO (UTC) or epoch number')
    .option('--workers <n>', 'threads, each with an instrument at a time; 0 for none (default: one a core)')
    .option('--exact', 'add ticks and lots')
    .option('--json', 'the summary as JSON on standard output')
    .option('--quiet', 'print errors only')
    .addHelpText('after', EXAMPLES);
  paramFlags(made, replayParams);
  const importer = importerIn(args);
  if (importer) paramFlags(made, importer.params);
  return made.action(async (inputs: string[], flags: ReplayFlags) => {
    const to = destination(flags.out, oneOf('--format', flags.format, FORMATS));
    const tables = to.kind === 'folder' ? REPLAY_TABLES : REPLAY_TABLES.slice(0, 1);
    checkDestination(to, tables);
    if (to.kind === 'stdout' && flags.json)
      throw new InputError('--json', '--out -', 'must be one of the two');
    const options = replayOptionsOf(flags);
    await separate(inputs, flags.from, to, tables);
    const quiet = Boolean(flags.quiet);
    const progress = progressLine(quiet);
    try {
      const { replayBooks } = await import('../engine/replay.js');
      const { replayTables } = await import('../engine/replay-tables.js');
      const { replayReport } = await import('../engine/replay-summary.js');
      const observe = progress.update ? { progress: progress.update } : {};
      const books = await replayBooks(inputs, { ...options, ...observe });
      const all = replayTables(books, { exact: Boolean(flags.exact) });
      progress.done();
      await writeTables(to, Object.fromEntries(tables.map((name) => [name, all[name]])));
      const report = replayReport(books);
      if (flags.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
      else if (!quiet) process.stderr.write(`${replayLines(report).join('\n')}\n`);
    } finally {
      progress.done();
    }
  });
}

/** The importer that `--from` names, for its flags; undefined for a table format and without the flag. */
function importerIn(args: readonly string[]) {
  const at = args.findIndex((arg) => arg === '--from' || arg.startsWith('--from='));
  const name = at < 0 ? undefined : (args[at]!.split('=')[1] ?? args[at + 1]);
  return name === undefined ? undefined : findImporter(name);
}

function replayOptionsOf(flags: ReplayFlags): ReplayBooksOptions {
  const moment = (flag: '--from-time' | '--until', text: string | undefined): number | undefined =>
    text === undefined ? undefined : parseInstant(text, flag);
  const fromTime = moment('--from-time', flags.fromTime);
  const until = moment('--until', flags.until);
  if (fromTime !== undefined && until !== undefined && until <= fromTime)
    throw new InputError('--until', flags.until, `must lie after --from-time ${flags.fromTime}`);
  const { workers } = flags;
  if (workers !== undefined && !/^\d{1,4}$/.test(workers))
    throw new InputError('--workers', workers, 'must be a whole number from 0 to 9999');
  const params = paramValues(replayParams, flags);
  checkParams('replay', replayParams, params);
  const importer = flags.from === undefined ? undefined : findImporter(flags.from);
  const given = {
    params,
    rule: oneOf('--rule', flags.rule, SEQUENCE_RULES),
    instruments: flags.instruments?.split(',').map((name) => name.trim()),
    ...{ fromTime, until, from: flags.from },
    formatParams: importer && paramValues(importer.params, flags),
    workers: workers === undefined ? undefined : Number(workers),
  };
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as ReplayBooksOptions;
}

/** Throws an InputError if the output would replace a file of an input or of any dataset. */
async function separate(
  inputs: readonly string[],
  from: string | undefined,
  to: Destination,
  tables: readonly string[],
): Promise<void> {
  const datasets: string[] = [];
  const files: string[] = [];
  for (const input of inputs) ((await isDataset(input)) ? datasets : files).push(input);
  const importer = from === undefined ? undefined : findImporter(from);
  if (to.kind === 'stdout') return;
  const folder = to.kind === 'folder' ? to.path : join(to.path, '..');
  const inside = (dataset: string): boolean => {
    const way = relative(resolve(dataset), resolve(folder));
    return way === '' || !way.startsWith('..');
  };
  if (datasets.some(inside) || (await isDataset(folder)))
    throw new InputError('--out', to.path, 'must lie outside of the dataset, which has files of its own');
  separatePaths({
    inputs: { 'the input': files.length > 0 ? await inputPaths(files, importer?.files) : [] },
    outputs: { '--out': targetFiles(to, tables) },
  });
}
