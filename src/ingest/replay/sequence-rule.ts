/** How messages of a venue name what they follow. */
export const SEQUENCE_RULES = ['binance-spot', 'binance-futures', 'bybit', 'none'] as const;
export type SequenceRule = (typeof SEQUENCE_RULES)[number];

/** What to do with a message: apply it, leave it as older than the book, or see that one is missing. */
export type Verdict = 'apply' | 'old' | 'break';

/**
 * Rule of a venue, by its name (`binance-spot`, `binance-usdm`, `binance-coinm`, `bybit…`). Without sequence numbers, as
 * in Tardis' increments of every venue, there is none to keep: snapshots alone begin a book.
 */
export function sequenceRuleOf(venue: string, sequenced: boolean): SequenceRule {
  if (!sequenced) return 'none';
  if (venue === 'binance-spot') return 'binance-spot';
  if (venue === 'binance-usdm' || venue === 'binance-coinm') return 'binance-futures';
  return venue.startsWith('bybit') ? 'bybit' : 'none';
}

/**
 * True where snapshots come beside the stream (REST), so that messages may have to wait for theirs and a snapshot may
 * be older than the book. Elsewhere a snapshot is part of the stream and always starts anew.
 */
export const snapshotsBeside = (rule: SequenceRule): boolean =>
  rule === 'binance-spot' || rule === 'binance-futures';

/**
 * Verdict on message (first, seq, prev: its ids, NaN where it has none) when the book stands at id `last`; `fresh` if that is a snapshot's. Messages that end at or
 * before `last` are old, those without the ids their rule needs break it. Else:
 * - binance-spot: U = last + 1; after a snapshot U ≤ last + 1 ≤ u.
 * - binance-futures: pu = last; after a snapshot U ≤ last ≤ u, or pu = last where the snapshot stands just between two.
 * - bybit: u = last + 1.
 * - none: every message applies.
 */
export function verdictOf(
  rule: SequenceRule,
  last: number,
  fresh: boolean,
  first: number,
  seq: number,
  prev: number,
): Verdict {
  if (rule === 'none') return 'apply';
  if (!(seq > last)) return seq <= last ? 'old' : 'break';
  switch (rule) {
    case 'binance-spot':
      return first === last + 1 || (fresh && first <= last + 1) ? 'apply' : 'break';
    case 'binance-futures':
      return prev === last || (fresh && first <= last) ? 'apply' : 'break';
    case 'bybit':
      return seq === last + 1 ? 'apply' : 'break';
    default:
      rule satisfies never;
      return 'break';
  }
}
