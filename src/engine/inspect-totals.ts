import type {
  GapReport,
  IdGapReport,
  InstrumentInspection,
  IntervalReport,
  SequenceReport,
} from './inspect-types.js';

/** Gaps of all instruments: counts summed, and of what is largest the largest. */
export function totalGaps(
  instruments: readonly InstrumentInspection[],
): GapReport & { readonly silenceOf: string | null } {
  let quiet: InstrumentInspection | undefined;
  for (const instrument of instruments)
    if ((instrument.gaps.silence?.micros ?? 0) > (quiet?.gaps.silence?.micros ?? 0)) quiet = instrument;
  const all = instruments.map(({ gaps }) => gaps);
  return {
    ids: total(
      all.flatMap(({ ids }) => ids ?? []),
      idGaps,
    ),
    sequence: total(
      all.flatMap(({ sequence }) => sequence ?? []),
      sequences,
    ),
    intervals: total(
      all.flatMap(({ intervals }) => intervals ?? []),
      intervalGaps,
    ),
    silence: quiet?.gaps.silence ?? null,
    silenceOf: quiet?.name ?? null,
  };
}

const total = <T>(list: readonly T[], join: (a: T, b: T) => T): T | null =>
  list.length === 0 ? null : list.reduce(join);

const idGaps = (a: IdGapReport, b: IdGapReport): IdGapReport => ({
  rows: a.rows + b.rows,
  missing: a.missing + b.missing,
  gaps: a.gaps + b.gaps,
  repeated: a.repeated + b.repeated,
  exact: a.exact && b.exact,
  largest: largest(a.largest, b.largest, ({ from, to }) => to - from),
});

const sequences = (a: SequenceReport, b: SequenceReport): SequenceReport => ({
  // instruments of different venues: each has its own
  rule: a.rule === b.rule ? a.rule : a.rule === null || b.rule === null ? (a.rule ?? b.rule) : 'several',
  messages: a.messages + b.messages,
  snapshots: a.snapshots + b.snapshots,
  breaks: known(a.breaks, b.breaks),
  old: known(a.old, b.old),
  examples: [...a.examples, ...b.examples].slice(0, 3),
});

function intervalGaps(a: IntervalReport, b: IntervalReport): IntervalReport {
  const widths = new Map<number, number>();
  for (const { interval, rows } of [...a.widths, ...b.widths])
    widths.set(interval, (widths.get(interval) ?? 0) + rows);
  return {
    rows: a.rows + b.rows,
    widths: [...widths]
      .map(([interval, rows]) => ({ interval, rows }))
      .sort((x, y) => x.interval - y.interval),
    gaps: a.gaps + b.gaps,
    missing: a.missing + b.missing,
    repeated: a.repeated + b.repeated,
    irregular: a.irregular + b.irregular,
    cutShort: a.cutShort + b.cutShort,
    largest: largest(a.largest, b.largest, ({ missing }) => missing),
  };
}

/** The sum of what was counted; null if nothing was. */
const known = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : a + b;

const largest = <T>(a: T | null, b: T | null, size: (of: T) => number): T | null =>
  a === null ? b : b === null || size(a) >= size(b) ? a : b;
