import { basename } from 'node:path';
import type { Command } from 'commander';
import type { AnyAnalytic } from '../core/analytic.js';
import type { Frame } from '../core/columns.js';
import { type Decimal, decimal } from '../core/decimal.js';
import { InputError } from '../core/errors.js';
import type { OpenedInputs, OpenInputsOptions } from '../engine/open-inputs.js';
import { joined } from './command.js';
import { oneOf } from './input-flags.js';
import { clearLine, exactCount } from './progress.js';
import { quoteLines, sideLines } from './side-lines.js';
import { ledgerLines } from './trades.js';

/** Adds the flags of inputs beside the first. */
export const otherInputFlags = (command: Command): Command =>
  command
    .option('--oi <paths>', 'open interest, where the inputs do not hold it: files or a dataset', joined)
    .option(
      '--book <paths>',
      'order books, where the inputs do not hold them, or for bars to look at: files or a dataset',
      joined,
    )
    .option(
      '--match <how>',
      'instruments of other inputs have the same name, symbol or base currency (default: name)',
    )
    .option('--bar-lot <decimal>', 'unit in which bars count volume, rounded (default: the lot)');

/** The checked options of those flags. */
export function otherInputs(flags: {
  oi?: string;
  book?: string;
  match?: string;
  barLot?: string;
}): Pick<OpenInputsOptions, 'oi' | 'book' | 'match' | 'barLot'> {
  const match = oneOf('--match', flags.match, ['name', 'symbol', 'base']);
  return {
    ...(flags.oi === undefined ? {} : { oi: flags.oi.split(',') }),
    ...(flags.book === undefined ? {} : { book: flags.book.split(',') }),
    ...(match === undefined ? {} : { match }),
    ...(flags.barLot === undefined ? {} : { barLot: positiveDecimal('--bar-lot', flags.barLot) }),
  };
}

function positiveDecimal(flag: string, text: string): Decimal {
  const value = decimal(text, flag);
  if (value.coef <= 0) throw new InputError(flag, text, 'must be above 0');
  return value;
}

/** Opens what the analytic reads and says on standard error what was taken, and what the ledger counted. */
export async function openRunInputs(
  analytic: AnyAnalytic,
  params: Readonly<Record<string, unknown>>,
  paths: readonly string[],
  options: OpenInputsOptions,
  quiet: boolean,
): Promise<OpenedInputs> {
  const { openInputs } = await import('../engine/open-inputs.js');
  const opened = await openInputs(analytic, paths, params, options);
  if (quiet) return opened;
  clearLine();
  const lines = new Set<string>();
  for (const { input, mapping } of opened.mappings) {
    const text = Object.entries(mapping)
      .map(([name, column]) => `${name}=${column}`)
      .join(', ');
    // a folder of like files would repeat itself
    if (![...lines].some((line) => line.endsWith(`: columns ${text}`)))
      lines.add(`${basename(input)}: columns ${text}`);
  }
  for (const line of ledgerLines(opened.ledger)) lines.add(line);
  for (const [kind, ledger] of Object.entries(opened.otherLedgers))
    for (const line of ledgerLines(ledger, `ledger of ${kind}`)) lines.add(line);
  if (opened.quotes) for (const line of quoteLines(opened.quotes)) lines.add(line);
  for (const line of sideLines(opened.inputs.trades?.sides)) lines.add(line);
  for (const line of oiLines(opened.inputs.oi)) lines.add(line);
  if (opened.unmatched.length > 0) {
    const some = opened.unmatched.slice(0, 3).join(', ');
    lines.add(
      `${opened.unmatched.length} instruments are without a counterpart: ${some}${opened.unmatched.length > 3 ? ', …' : ''}`,
    );
  }
  process.stderr.write(`${[...lines].join('\n')}\n`);
  return opened;
}

/** Which of the two measures of open interest is there, where one of them is not. */
function oiLines(frame: Frame | undefined): string[] {
  if (frame === undefined) return [];
  const known = (name: string): number =>
    (frame.columns[name] as Float64Array).reduce((n, value) => (Number.isNaN(value) ? n : n + 1), 0);
  const [contracts, usd] = [known('oi'), known('oi_usd')];
  const missing = contracts === 0 ? 'contracts' : usd === 0 ? 'USD' : undefined;
  return missing ? [`open interest: ${exactCount(frame.rows)} observations, none of them in ${missing}`] : [];
}
