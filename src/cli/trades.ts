import { basename } from 'node:path';
import type { Ledger } from '../core/raw.js';
import type { Opened, OpenOptions } from '../engine/open.js';
import { clearLine, count } from './progress.js';

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
    process.stderr.write(`${ledgerLine(opened.ledger)}\n`);
  }
  return opened;
}

function ledgerLine(ledger: Ledger): string {
  const parts = [`ledger: ${count(ledger.rowsRead)} rows read`, `${count(ledger.rowsKept)} kept`];
  if (ledger.filtered > 0) parts.push(`${count(ledger.filtered)} filtered`);
  for (const [reason, n] of Object.entries(ledger.counts)) if (n) parts.push(`${count(n)} ${reason}`);
  if (ledger.outOfOrder > 0) parts.push(`${count(ledger.outOfOrder)} sorted`);
  if (ledger.clockSkew > 0) parts.push(`${count(ledger.clockSkew)} local stamps before the exchange's`);
  return parts.join(', ');
}
