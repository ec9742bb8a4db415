import type { Command } from 'commander';
import { parseDuration } from '../core/duration.js';
import { InputError } from '../core/errors.js';
import { inputPaths } from '../engine/input-paths.js';
import { checkDestination, destination, FORMATS, targetFiles, writeTables } from '../table/write-tables.js';
import { auditLines } from './audit-lines.js';
import { command, refuseRepeats } from './command.js';
import { inputFlags, oneOf, openOptions } from './input-flags.js';
import { progressLine } from './progress.js';
import { positive } from './run-flags.js';
import { separatePaths } from './separate-paths.js';
import { quoteFlags, quoteOptions } from './side-flags.js';
import { quoteLines } from './side-lines.js';
import { openInputs } from './trades.js';

const EXAMPLE = `
Example:
  steelyard audit sides capture.gz --quotes capture.gz --every 10s --window 20`;

/** `audit sides <input…>`: the exchange's flags beside the rules that stand in for them. */
export function auditCommand(): Command {
  const sides = command(
    'sides',
    'exchange flags beside tick rule, quote rule, Lee-Ready and bulk classification',
  )
    .argument('<input...>', 'files or folders of trades with a side')
    .option('--every <width>', 'width of the bars of bulk classification', '1m')
    .option('--window <n>', 'earlier bars behind its σ', '50')
    .option('--min-periods <n>', 'fewest of them for a σ (default: the window)')
    .option('--json', 'print the scores as JSON')
    .option(
      '--out <target>',
      'scores to a file (.arrow, .parquet, .csv) or - for CSV; scores and bars to a folder',
    )
    .option('--format <name>', 'arrow, parquet or csv: of the files in a folder (default: arrow)')
    .option('--quiet', 'print errors and the result only')
    .addHelpText('after', EXAMPLE);
  quoteFlags(inputFlags(sides)).action(audit);
  return command('audit', 'check what the data says of itself')
    .argument('[what]')
    .addCommand(refuseRepeats(sides))
    .action((what: string | undefined) => {
      throw new InputError('audit', what ?? '(nothing)', 'must be sides');
    });
}

// biome-ignore lint/suspicious/noExplicitAny: flags as commander gives them
async function audit(inputs: string[], flags: any): Promise<void> {
  const every = parseDuration(flags.every);
  if (every === undefined) throw new InputError('--every', flags.every, 'must be a width such as 10s or 1m');
  const { quotes: quotePaths, quotesMap, ...asOf } = quoteOptions(flags);
  const minPeriods = positive('--min-periods', flags.minPeriods);
  const options = {
    ...{ ...asOf, every, window: positive('--window', flags.window)! },
    ...(minPeriods === undefined ? {} : { minPeriods }),
  };
  const to =
    flags.out === undefined ? undefined : destination(flags.out, oneOf('--format', flags.format, FORMATS));
  const names = to?.kind === 'folder' ? ['scores', 'bars'] : ['scores'];
  if (to) checkDestination(to, names);
  if (to?.kind === 'stdout' && flags.json)
    throw new InputError('--json', '--out -', 'must be one of the two');
  separatePaths({
    inputs: {
      'the input': await inputPaths(inputs),
      ...(flags.scales ? { '--scales': [flags.scales] } : {}),
      ...(quotePaths ? { '--quotes': await inputPaths(quotePaths) } : {}),
    },
    outputs: to ? { '--out': targetFiles(to, names) } : {},
  });
  const quiet = Boolean(flags.quiet);
  const progress = progressLine(quiet);
  try {
    const reading = { ...openOptions(flags), ...(progress.update ? { progress: progress.update } : {}) };
    const { frame } = await openInputs(inputs, reading, quiet);
    const { openQuotes } = await import('../engine/open-quotes.js');
    const { auditSides } = await import('../engine/audit-sides.js');
    const { auditRow, auditTables } = await import('../engine/audit-tables.js');
    const quotes = quotePaths && (await openQuotes(quotePaths, frame, quotesMap ? { map: quotesMap } : {}));
    progress.done();
    if (quotes && !quiet) process.stderr.write(`${quoteLines(quotes).join('\n')}\n`);
    const found = auditSides(frame, quotes?.quotes, options);
    if (to) {
      const { scores, bars } = auditTables(found, frame.instruments);
      await writeTables(to, to.kind === 'folder' ? { scores, bars } : { scores });
    }
    if (to?.kind === 'stdout') return;
    if (flags.json) {
      const instruments = found.instruments.map(({ rules, ...rest }, s) => ({
        ...rest,
        rules: rules.map((rule) => ({ rule: rule.rule, ...auditRow(rule, frame.instruments[s]!) })),
      }));
      const { window, minPeriods: fewest } = found;
      process.stdout.write(
        `${JSON.stringify({ every: flags.every, window, minPeriods: fewest, instruments }, null, 2)}\n`,
      );
    } else process.stdout.write(`${auditLines(found, frame.instruments).join('\n')}\n`);
  } finally {
    progress.done();
  }
}
