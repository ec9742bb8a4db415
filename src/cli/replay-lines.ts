import type { InstrumentSummary, ReplayReport } from '../engine/replay-summary.js';
import { count, exactCount } from './progress.js';

/** Instruments shown one by one; more are summed up. */
const SHOWN = 20;

/** What a replay found: states by covered time, gaps, speed. */
export function replayLines(report: ReplayReport): string[] {
  const { instruments, rejected } = report;
  const lines = instruments.slice(0, SHOWN).map((one) => `${one.instrument} (${one.rule}): ${line(one)}`);
  if (instruments.length > 1) lines.push(`${exactCount(instruments.length)} instruments: ${line(report)}`);
  const reasons = Object.entries(rejected).map(([reason, n]) => `${exactCount(n)} ${reason}`);
  if (reasons.length > 0) lines.push(`rows of the files that cannot be used: ${reasons.join(', ')}`);
  const rate = report.messages / Math.max(report.seconds, 1e-6);
  lines.push(
    `${report.input}: opened in ${report.openSeconds.toFixed(2)} s, replayed in ${report.seconds.toFixed(2)} s, ${count(rate)} events/s`,
  );
  return lines;
}

function line(of: Omit<InstrumentSummary, 'instrument' | 'rule' | 'from' | 'to'>): string {
  const states = of.states.map(
    ({ state, share, microseconds }) =>
      `${state} ${share === null ? '-' : percent(share)} (${(microseconds / 1e6).toFixed(3)} s)`,
  );
  const dropped: [number, string][] = [
    [of.old, 'older than the book'],
    [of.unused, 'of no use'],
  ];
  const notes = dropped.filter(([n]) => n > 0).map(([n, what]) => `${exactCount(n)} ${what}`);
  const repaired = of.repaired > 0 ? `, ${exactCount(of.repaired)} levels repaired` : '';
  return [
    `${exactCount(of.messages)} messages${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`,
    `${exactCount(of.rows)} states${repaired}`,
    `${exactCount(of.gaps)} ${of.gaps === 1 ? 'gap' : 'gaps'}`,
    states.join(', ') || 'nothing covered',
  ].join('; ');
}

/** A share that is not all never reads as 100 %, nor one that is something as 0. */
function percent(share: number): string {
  if (share > 0.9999 && share < 1) return '>99.99 %';
  if (share < 0.0001 && share > 0) return '<0.01 %';
  return `${Number((share * 100).toFixed(2))} %`;
}
