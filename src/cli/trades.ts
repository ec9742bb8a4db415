import { basename } from 'node:path';
import type { Ledger } from '../core/raw.js';
import type { Opened, OpenOptions } from '../engine/open.js';
import { clearLine, exactCount } from './progress.js';
import { quoteLines, sideLines } from './side-lines.js';

/** Opens the inputs and says on standard error which columns were taken, and what the ledger counted. */
export async function openInputs(
  paths: readonly string[],
  options: OpenOptions,
  quiet: boolean,
): Promise<Opened> {
  const { openTrades } = await import('../engine/open.js');
  const opened = await openTrades(paths, options);
  if (!quiet) {
    clearLine();
    const seen = new Set<string>();
    for (const { input, mapping } of opened.mappings) {
      const text = Object.entries(mapping)
        .map(([name, column]) => `${name}=${column}`)
        .join(', ');
      // a folder of like files would repeat itself
      if (seen.has(text)) continue;
      seen.add(text);
      process.stderr.write(`${basename(input)}: columns ${text}\n`);
    }
    const lines = ledgerLines(opened.ledger);
    if (opened.quotes) lines.push(...quoteLines(opened.quotes));
    lines.push(...sideLines(opened.frame.sides));
    process.stderr.write(`${lines.join('\n')}\n`);
  }
  return opened;
}

/** The ledger's counts in full, so that read = kept + filtered + rejected can be checked. */
export function ledgerLines(ledger: Ledger, name = 'ledger'): string[] {
  const parts = [`${name}: ${exactCount(ledger.rowsRead)} rows read`, `${exactCount(ledger.rowsKept)} kept`];
  if (ledger.filtered > 0) parts.push(`${exactCount(ledger.filtered)} filtered`);
  for (const [reason, n] of Object.entries(ledger.counts)) if (n) parts.push(`${exactCount(n)} ${reason}`);
  if (ledger.outOfOrder > 0) parts.push(`${exactCount(ledger.outOfOrder)} sorted`);
  if (ledger.clockSkew > 0) parts.push(`${exactCount(ledger.clockSkew)} local stamps before the exchange's`);
  const lines = [parts.join(', ')];
  const cut = ledger.cut ?? 0;
  if (cut > 0)
    lines.push(
      `${name}: lists ${exactCount(ledger.rows.length)} rejected rows; ${exactCount(cut)} more are only counted`,
    );
  if (ledger.counts.inexact)
    lines.push(
      'inexact: prices or sizes that are no short decimals; declare --tick and --lot to round them to units',
    );
  return lines;
}
