import type { ImportReport } from '../dataset/import.js';
import { exactCount } from './progress.js';

/** Sources shown one by one; more are summed up. */
const SHOWN = 20;

/** What an import did, so that read = kept + duplicates + ledger can be checked by eye. */
export function importLines(folder: string, report: ImportReport): string[] {
  const lines: string[] = [];
  const { sources, known, written, manifest } = report;
  for (const source of sources.slice(0, SHOWN)) lines.push(`${source.source}: ${countsOf([source])}`);
  if (sources.length > 1) lines.push(`${exactCount(sources.length)} sources: ${countsOf(sources)}`);
  if (known.length > 0)
    lines.push(`${exactCount(known.length)} sources imported before: nothing to do for them`);
  const rows = Object.entries(manifest.rows).map(([kind, n]) => `${exactCount(n)} ${kind}`);
  const span = manifest.from === undefined ? '' : `, ${manifest.from} to ${manifest.to}`;
  lines.push(
    `${folder}: ${exactCount(written.length)} partitions written; holds ${rows.join(', ') || 'no rows'} in ${exactCount(manifest.partitions.length)} partitions${span}`,
  );
  return lines;
}

function countsOf(sources: ImportReport['sources']): string {
  const sum = (of: (source: ImportReport['sources'][number]) => number): number =>
    sources.reduce((total, source) => total + of(source), 0);
  const ledger = new Map<string, number>();
  for (const source of sources)
    for (const [reason, n] of Object.entries(source.ledger))
      ledger.set(reason, (ledger.get(reason) ?? 0) + n);
  const left = [...ledger.values()].reduce((total, n) => total + n, 0);
  const reasons = [...ledger].map(([reason, n]) => `${exactCount(n)} ${reason}`);
  const parts = [
    `${exactCount(sum((s) => s.rowsRead))} rows read = ${exactCount(sum((s) => s.rowsKept))} kept`,
    ` + ${exactCount(left)} in the ledger${reasons.length > 0 ? ` (${reasons.join(', ')})` : ''}`,
    ` + ${exactCount(sum((s) => s.duplicates))} duplicates`,
  ];
  const more: [number, string][] = [
    [sum((s) => s.skipped), 'other records skipped'],
    [sum((s) => s.filtered), 'left out by filters'],
    [sum((s) => s.outOfOrder), 'sorted'],
    [sum((s) => s.clockSkew), "local stamps before the exchange's"],
  ];
  const notes = more.filter(([n]) => n > 0).map(([n, what]) => `${exactCount(n)} ${what}`);
  return parts.join('') + (notes.length > 0 ? `; ${notes.join(', ')}` : '');
}
