import { basename } from 'node:path';
import type { SideOrigin } from '../core/side-rules/sides.js';
import type { OpenedQuotes } from '../engine/open-quotes.js';
import { exactCount } from './progress.js';

/** The rule behind inferred sides, as CSV output has no metadata to name it; nothing where none was asked for. */
export function sideLines(sides: SideOrigin | undefined): string[] {
  if (sides === undefined || sides.rule === 'flag') return [];
  const known = sides.flagCoverage.slice().sort();
  const [low, high] = [known[0] ?? 1, known.at(-1) ?? 1].map((share) => `${(share * 100).toFixed(2)} %`);
  return [
    `sides: where the data has none, by rule ${sides.rule}; the data's own cover ${low === high ? low : `${low} to ${high}`} of volume`,
  ];
}

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
