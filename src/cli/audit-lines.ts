import type { Instrument } from '../core/columns.js';
import { durationText } from '../core/duration.js';
import type { SideAudit } from '../engine/audit-sides.js';
import { type AuditRow, auditRow } from '../engine/audit-tables.js';
import { exactCount } from './progress.js';

/** Instruments printed; all of them are in --json and --out. */
const SHOWN = 20;

const HEAD = [
  'rule',
  'classified',
  'accuracy',
  'by volume',
  'delta',
  'inferred',
  'error',
  'max |error|',
  'bars',
  'bars right',
];

const percent = (value: number): string => (Number.isNaN(value) ? '-' : `${(value * 100).toFixed(2)} %`);
const plain = (value: number): string => (Number.isNaN(value) ? '-' : String(Number(value.toPrecision(9))));
const line = (cells: readonly string[]): string =>
  `  ${cells[0]!.padEnd(10)}${cells
    .slice(1)
    .map((cell) => cell.padStart(14))
    .join('')}`;

/** An audit as a table for people, by instrument, most traded first. */
export function auditLines(audit: SideAudit, instruments: readonly Instrument[]): string[] {
  const lines: string[] = [];
  const order = audit.instruments
    .map((_, s) => s)
    .sort((a, b) => audit.instruments[b]!.trades - audit.instruments[a]!.trades || a - b);
  for (const s of order.slice(0, SHOWN)) {
    const { symbol, trades, unflagged, flagCoverage, rules } = audit.instruments[s]!;
    lines.push(
      `${symbol}: ${exactCount(trades)} trades, ${exactCount(unflagged)} without a flag (coverage ${plain(flagCoverage)}); bars of ${durationText(audit.every)}`,
      line(HEAD),
    );
    for (const rule of rules) {
      const row = auditRow(rule, instruments[s]!);
      lines.push(
        line([
          rule.rule,
          percent(row.classifiedShare),
          percent(row.accuracy),
          percent(row.volumeAccuracy),
          ...[row.delta, row.inferredDelta, row.deltaError, row.maxDeltaError].map(plain),
          exactCount(row.bars),
          percent(row.barsRight),
        ]),
      );
    }
    for (const rule of rules)
      if (rule.trades) lines.push(confusion(rule.rule, auditRow(rule, instruments[s]!)));
    const bulk = rules.find(({ rule }) => rule === 'bvc')!;
    const total = audit.bars.offsets[s + 1]! - audit.bars.offsets[s]!;
    const changes =
      audit.minPeriods === audit.window ? audit.window : `${audit.minPeriods} to ${audit.window}`;
    lines.push(
      `  bvc: ${exactCount(bulk.bars.bars)} of ${exactCount(total)} bars have a σ (of ${changes} earlier changes) and every flag; its delta is that of these bars`,
    );
    if (!rules.some(({ rule }) => rule === 'quote')) lines.push('  quote and lee-ready need --quotes');
  }
  if (order.length > SHOWN)
    lines.push(`${exactCount(order.length - SHOWN)} more instruments: see --json or --out`);
  return lines;
}

const confusion = (rule: string, row: AuditRow): string =>
  `  ${rule}: buys as buy ${exactCount(row.buyBuy)}, sell ${exactCount(row.buySell)}, unknown ${exactCount(row.buyUnknown)}; ` +
  `sells as buy ${exactCount(row.sellBuy)}, sell ${exactCount(row.sellSell)}, unknown ${exactCount(row.sellUnknown)}`;
