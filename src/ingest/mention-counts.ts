import type { LedgerReason } from '../core/raw.js';
import { isObject, shown } from './json-items.js';

/** One count of a document, good or with the reason why it is none. */
export interface MentionCount {
  /** '' where there is none. */
  readonly symbol: string;
  /** NaN where it is no whole number from 0 to 2^53. */
  readonly mentions: number;
  readonly text: string;
  reject: LedgerReason | undefined;
}

/**
 * Counts of a document that gives them as an object, as a list, or as both. Given both, a symbol must be once in each
 * with the same count, or it is a `conflict`: nothing says which of two counts is right. A further entry of a symbol in
 * the list is a row of its own in the ledger, `duplicate` if it says the same. `repeated` are symbols that the object
 * names twice.
 */
export function mentionCounts(
  results: Readonly<Record<string, unknown>> | undefined,
  list: readonly unknown[] | undefined,
  repeated: ReadonlySet<string>,
): MentionCount[] {
  const counts: MentionCount[] = [];
  const bySymbol = new Map<string, MentionCount>();
  const add = (symbol: string, count: unknown, text: string): MentionCount => {
    const entry: MentionCount = { symbol, mentions: wholeCount(count), text, reject: undefined };
    if (symbol === '') entry.reject = 'bad_instrument';
    else if (Number.isNaN(entry.mentions)) entry.reject = 'bad_value';
    counts.push(entry);
    return entry;
  };
  for (const [symbol, count] of Object.entries(results ?? {})) {
    const entry = add(symbol, count, shown({ [symbol]: count }));
    bySymbol.set(symbol, entry);
    if (repeated.has(symbol)) entry.reject ??= 'conflict';
  }
  const listed = new Set<string>();
  for (const item of list ?? []) {
    const symbol = isObject(item) && typeof item.symbol === 'string' ? item.symbol : undefined;
    const count = isObject(item) ? item.count : undefined;
    const first = symbol === undefined ? undefined : bySymbol.get(symbol);
    if (symbol === undefined) add('', count, shown(item)).reject = 'bad_row';
    else if (first === undefined) {
      const entry = add(symbol, count, shown(item));
      bySymbol.set(symbol, entry);
      if (results) entry.reject ??= 'conflict';
    } else {
      const agrees = first.mentions === wholeCount(count);
      if (listed.has(symbol)) add(symbol, count, shown(item)).reject = agrees ? 'duplicate' : 'conflict';
      if (!agrees) first.reject ??= 'conflict';
    }
    if (symbol !== undefined) listed.add(symbol);
  }
  if (results && list)
    for (const [symbol, entry] of bySymbol) if (!listed.has(symbol)) entry.reject ??= 'conflict';
  return counts;
}

/** Counts are JSON numbers: a text, a fraction or one beyond 2^53 is none. */
const wholeCount = (count: unknown): number =>
  typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? Math.abs(count) : Number.NaN;
