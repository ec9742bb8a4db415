import type { Command } from 'commander';
import { decimal } from '../core/decimal.js';
import { InputError } from '../core/errors.js';
import type { InstrumentDeclaration } from '../core/raw.js';
import type { ImportFormat } from '../dataset/read-phase.js';
import {
  findImporter,
  isFormat,
  nativeFormat,
  TABLE_FORMATS,
  tableFormat,
} from '../engine/import-formats.js';
import type { TableFormat } from '../table/table-rows.js';
import { command } from './command.js';
import { importLines } from './import-lines.js';
import { oneOf } from './input-flags.js';
import { paramFlags, paramValues } from './param-flags.js';
import { progressLine } from './progress.js';
import { tableFlags, tableOptions } from './table-flags.js';

const EXAMPLES = `
Examples:
  steelyard import binance-klines klines/*.csv --to dataset
  steelyard import binance-aggtrades ETHUSDT-aggTrades-2024-01-05.zip --market usdm --to dataset
  steelyard import parquet lake/**/*.parquet --kind trades --venue okx --to dataset
`;

interface ImportFlags {
  readonly to: string;
  readonly replace?: boolean;
  readonly tick?: string;
  readonly lot?: string;
  readonly contract?: string;
  readonly multiplier?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly [flag: string]: unknown;
}

/** `import <format> <input…>`: the flags offered are those of the format named among the arguments. */
export function importCommand(args: readonly string[]): Command {
  const made = command('import', 'read exchange files into a dataset, with a ledger of what was left out')
    .argument('<format>', 'see `steelyard formats`; its own flags appear in `import <format> --help`')
    .argument('<input...>', 'files, folders or patterns such as data/**/*.csv.gz; zip archives are opened')
    .requiredOption('--to <dataset>', 'folder of the dataset; made if it does not exist')
    .option('--replace', 'rows imported now replace those of the same instruments and days')
    .option('--tick <decimal>', 'declared price tick of all instruments')
    .option('--lot <decimal>', 'declared size step of all instruments')
    .option('--contract <kind>', 'linear or inverse')
    .option('--multiplier <decimal>', 'contract multiplier, or face value of an inverse contract')
    .option('--json', 'the report as JSON on standard output')
    .option('--quiet', 'print errors only')
    .addHelpText('after', EXAMPLES);
  // a flag's value may stand before the format
  const named = args.find(isFormat);
  const table = TABLE_FORMATS.find((format) => format === named);
  if (table) tableFlags(made);
  else if (named !== undefined) paramFlags(made, findImporter(named)!.params);
  return made.action(async (name: string, inputs: string[], flags: ImportFlags) => {
    const declared = declaration(flags);
    const format = formatOf(name, flags);
    const { inputNames, inputPaths } = await import('../engine/input-paths.js');
    const { importSources } = await import('../dataset/source-files.js');
    const { importDataset } = await import('../dataset/import.js');
    const files = await inputPaths(inputs, findImporter(name)?.files);
    const progress = progressLine(Boolean(flags.quiet));
    try {
      const report = await importDataset({
        folder: flags.to,
        sources: await importSources(files, inputNames(files)),
        format,
        declared,
        replace: Boolean(flags.replace),
        ...(progress.update ? { progress: progress.update } : {}),
      });
      progress.done();
      if (flags.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
      else if (!flags.quiet) process.stderr.write(`${importLines(flags.to, report).join('\n')}\n`);
    } finally {
      progress.done();
    }
  });
}

function formatOf(name: string, flags: ImportFlags): ImportFormat {
  const importer = findImporter(name);
  if (importer) return nativeFormat(importer, paramValues(importer.params, flags));
  return tableFormat({ ...tableOptions(flags), format: name as TableFormat });
}

function declaration(flags: ImportFlags): InstrumentDeclaration {
  const positive = (text: string, subject: string) => {
    const value = decimal(text, subject);
    if (value.coef <= 0) throw new InputError(subject, text, 'must be above 0');
    return value;
  };
  const contract = oneOf('--contract', flags.contract, ['linear', 'inverse'] as const);
  return {
    ...(flags.tick === undefined ? {} : { tick: positive(flags.tick, '--tick') }),
    ...(flags.lot === undefined ? {} : { lot: positive(flags.lot, '--lot') }),
    ...(contract === undefined ? {} : { contract }),
    ...(flags.multiplier === undefined ? {} : { multiplier: positive(flags.multiplier, '--multiplier') }),
  };
}
