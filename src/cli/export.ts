import type { Command } from 'commander';
import { InputError } from '../core/errors.js';
import { KINDS, type KindName } from '../core/kinds.js';
import { checkDestination, destination, FORMATS } from '../table/write-tables.js';
import { command, joined } from './command.js';
import { names, oneOf } from './input-flags.js';
import { parseInstant } from './instant.js';
import { exactCount, progressLine } from './progress.js';
import { outsideOf } from './separate-paths.js';

const EXAMPLES = `
Examples:
  steelyard export dataset --kind trades --out trades.parquet --instruments binance-usdm:ETHUSDT
  steelyard export dataset --out tables --format parquet --from-time 2024-01-05 --until 2024-01-06

Prices and sizes are f64, each rounded once; times are UTC; sides are text; money is Decimal128(38, 18);
integers of any size are text. Rows come by day, venue, instrument and time.`;

/** `export <dataset>`: tables for other programs. */
export function exportCommand(): Command {
  return command('export', 'write what a dataset holds as Parquet, Arrow or CSV in decimal units')
    .argument('<dataset>', 'folder of a dataset')
    .requiredOption(
      '--out <target>',
      'file.parquet, file.arrow or file.csv for one kind, a folder for several, or - for CSV on standard output',
    )
    .option('--kind <kinds>', 'kinds, separated by commas (default: all the dataset holds)', joined)
    .option('--format <name>', 'arrow, parquet or csv: of the files in a folder (default: parquet)')
    .option('--instruments <names>', 'only these, separated by commas, such as binance-usdm:ETHUSDT', joined)
    .option('--from-time <time>', 'first moment, ISO (UTC) or epoch number')
    .option('--until <time>', 'end, exclusive, ISO (UTC) or epoch number')
    .option('--exact', 'add the exact integers, such as tick and lots, and the units they count')
    .option('--quiet', 'print errors only')
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string, flags) => {
      const { readManifest } = await import('../dataset/manifest.js');
      const { isDataset } = await import('../dataset/select.js');
      const to = destination(flags.out, oneOf('--format', flags.format, FORMATS), 'parquet');
      const manifest = (await isDataset(folder)) ? await readManifest(folder) : undefined;
      if (manifest === undefined)
        throw new InputError('dataset', folder, 'must be a folder that `steelyard import` has made');
      const held = Object.keys(manifest.rows) as KindName[];
      const kinds = kindsOf(flags.kind) ?? held;
      if (kinds.length === 0) throw new InputError('dataset', folder, 'holds nothing');
      checkDestination(to, kinds);
      if (to.kind !== 'stdout') outsideOf(folder, '--out', [to.path]);
      const instant = (flag: string, text: string | undefined): number | undefined =>
        text === undefined ? undefined : parseInstant(text, flag);
      const [fromTime, until] = [instant('--from-time', flags.fromTime), instant('--until', flags.until)];
      if (fromTime !== undefined && until !== undefined && until <= fromTime)
        throw new InputError('--until', flags.until, `must lie after --from-time ${flags.fromTime}`);
      const progress = progressLine(Boolean(flags.quiet));
      try {
        const { exportDataset } = await import('../engine/export.js');
        const { writeStreams } = await import('../table/write-streams.js');
        const tables = await exportDataset(folder, {
          ...{ kinds, exact: Boolean(flags.exact) },
          ...(flags.instruments ? { instruments: names('--instruments', flags.instruments) } : {}),
          ...(fromTime === undefined ? {} : { fromTime }),
          ...(until === undefined ? {} : { until }),
          ...(progress.update ? { progress: progress.update } : {}),
        });
        await writeStreams(to, tables);
        progress.done();
        if (flags.quiet) return;
        const rows = Object.entries(tables).map(([kind, table]) => `${kind} ${exactCount(table.rows)} rows`);
        process.stderr.write(`${to.kind === 'stdout' ? '-' : to.path}: ${rows.join(', ')}\n`);
      } finally {
        progress.done();
      }
    });
}

function kindsOf(text: string | undefined): KindName[] | undefined {
  if (text === undefined) return undefined;
  const kinds = [...new Set(names('--kind', text))];
  for (const kind of kinds)
    if (!Object.hasOwn(KINDS, kind))
      throw new InputError('--kind', kind, `must be one of ${Object.keys(KINDS).join(', ')}`);
  return kinds as KindName[];
}
