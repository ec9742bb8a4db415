import { basename } from 'node:path';
import type { OpenedQuotes } from '../engine/open-quotes.js';
import { exactCount } from './progress.js';

/** What was taken for quotes, and their ledger, as lines of text. */
export function quoteLines({ mappings, ledger, oneSided, crossed, paired }: OpenedQuotes): string[] {
  const lines: string[] = [];
  const seen = new Set<string>();
  for (const { input, mapping } of mappings) {
    const text = Object.entries(mapping)
      .map(([name, column]) => `${name}=${column}`)
      .join(', ');
    if (seen.has(text)) continue;
    seen.add(text);
    lines.push(`${basename(input)}: quotes ${text}`);
  }
  const parts = [`quotes: ${exactCount(ledger.rowsRead)} read`, `${exactCount(ledger.rowsKept)} kept`];
  if (ledger.filtered > 0) parts.push(`${exactCount(ledger.filtered)} of other instruments`);
  for (const [reason, n] of Object.entries(ledger.counts)) if (n) parts.push(`${exactCount(n)} ${reason}`);
  if (ledger.outOfOrder > 0) parts.push(`${exactCount(ledger.outOfOrder)} sorted`);
  if (oneSided > 0) parts.push(`${exactCount(oneSided)} one-sided`);
  if (crossed > 0) parts.push(`${exactCount(crossed)} crossed`);
  lines.push(parts.join(', '));
  if (paired !== undefined) lines.push(`quotes: those of ${paired} were taken, the only ones there are`);
  return lines;
}
