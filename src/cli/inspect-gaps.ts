import type { KindInspection } from '../engine/inspect-types.js';
import { exactCount } from './progress.js';
import { counted, instant, spanText } from './text-table.js';

/** Above this share of ids missing, ids are taken for other than a count of trades. */
const COUNTING = 0.5;

/** What can be said of missing rows of a kind, for people. */
export function gapLines({ gaps, instruments }: KindInspection): string[] {
  const { ids, sequence, intervals, silence, silenceOf } = gaps;
  const lines: string[] = [];
  if (ids) {
    const counting = ids.missing <= COUNTING * (ids.missing + ids.rows);
    const again = ids.repeated > 0 ? `, ${exactCount(ids.repeated)} repeated` : '';
    lines.push(
      counting
        ? `  ids      ${counted(ids.missing, 'trade id')} missing in ${counted(ids.gaps, 'gap')}${ids.exact ? '' : ' at most'}${again}`
        : `  ids      do not count these trades: most ids between the first and the last are of others${again}`,
    );
  }
  if (sequence) {
    const { rule, messages, snapshots, breaks, old } = sequence;
    const count = `${counted(messages, 'message')}, ${counted(snapshots, 'snapshot')}`;
    lines.push(
      rule === null
        ? `  sequence ${count}; no rule of sequence is known, so none was checked`
        : `  sequence ${counted(breaks!, 'break')} by the rule of ${rule}; ${count}${old! > 0 ? `, ${exactCount(old!)} repeated or late` : ''}`,
    );
    for (const { ts, after, found } of sequence.examples)
      lines.push(`    ${instant(ts)} after ${after}: found ${found ?? 'no id'}`);
  }
  if (intervals) lines.push(...intervalLines(intervals));
  if (silence) {
    const of = instruments.length > 1 ? ` (${silenceOf})` : '';
    lines.push(
      `  silence  longest ${spanText(silence.micros)}, ${instant(silence.from)} to ${instant(silence.to)}${of}`,
    );
  }
  return lines;
}

function intervalLines(of: NonNullable<KindInspection['gaps']['intervals']>): string[] {
  const widths = of.widths.slice(0, 6).map(({ interval }) => spanText(interval));
  const notes: [number, string][] = [
    [of.repeated, 'rows repeated'],
    [of.cutShort, 'cut short'],
    [of.irregular, 'off the grid'],
  ];
  const more = notes.filter(([n]) => n > 0).map(([n, what]) => `, ${exactCount(n)} ${what}`);
  const lines = [
    `  spacing  ${counted(of.missing, 'interval')} without a row in ${counted(of.gaps, 'gap')}${more.join('')}; widths ${widths.join(', ')}${of.widths.length > widths.length ? ', …' : ''}`,
  ];
  if (of.largest)
    lines.push(
      `    largest ${exactCount(of.largest.missing)}, ${instant(of.largest.from)} to ${instant(of.largest.to)}`,
    );
  return lines;
}
