import type { Frame } from '../core/columns.js';
import { InputError } from '../core/errors.js';
import type { AsOf, Quotes } from '../core/quotes.js';
import { asOfQuotes } from '../core/side-rules/as-of-quotes.js';
import { fillSides, sideCoverage } from '../core/side-rules/fill-sides.js';
import { leeReady } from '../core/side-rules/lee-ready.js';
import { quoteRule } from '../core/side-rules/quote-rule.js';
import { type InferredSides, SIDE_RULES, type SideOrigin, type SideRule } from '../core/side-rules/sides.js';
import { tickRule } from '../core/side-rules/tick-rule.js';
import { type OpenedQuotes, openQuotes } from './open-quotes.js';

/** How sides that the exchange does not give are inferred. */
export interface SideOptions extends AsOf {
  /** Default `flag`: they stay unknown. */
  readonly rule?: SideRule;
  /** Files or folders of quotes, which `quote` and `lee-ready` need. */
  readonly quotes?: readonly string[];
  /** Columns of the quotes, see QuoteOptions. */
  readonly quotesMap?: Readonly<Record<string, string>>;
}

/**
 * The frame with unknown sides filled in by the rule, and labelled: `frame.sides` names the rule and the coverage of
 * the exchange's own flags. Sides that came with the trades are never changed. Errors: InputError for the options
 * and the quotes.
 */
export async function inferSides(
  frame: Frame,
  options: SideOptions = {},
  signal?: AbortSignal,
): Promise<{ frame: Frame; quotes?: OpenedQuotes }> {
  const { rule = 'flag', quotes: paths = [], quotesMap } = options;
  if (!SIDE_RULES.includes(rule))
    throw new InputError('sides', rule, `must be one of ${SIDE_RULES.join(', ')}`);
  const joins = rule === 'quote' || rule === 'lee-ready';
  if (joins && paths.length === 0) throw new InputError('sides', rule, 'needs quotes');
  if (!joins && paths.length > 0) throw new InputError('quotes', paths[0], `are of no use to sides ${rule}`);
  const asOf = checkAsOf(options);
  const origin: SideOrigin = { rule, flagCoverage: sideCoverage(frame), ...(joins ? { asOf } : {}) };
  if (!joins) {
    const filled = rule === 'tick' ? fillSides(frame, tickRule(frame)) : frame;
    return { frame: { ...filled, sides: origin } };
  }
  const quotes = await openQuotes(paths, frame, {
    ...(quotesMap ? { map: quotesMap } : {}),
    ...(signal ? { signal } : {}),
  });
  const inferred = ruleSides(rule, frame, quotes.quotes, asOf);
  return { frame: { ...fillSides(frame, inferred), sides: origin }, quotes };
}

/** What a rule that joins quotes says of every trade. */
export function ruleSides(
  rule: 'quote' | 'lee-ready',
  frame: Frame,
  quotes: Quotes,
  asOf: AsOf,
): InferredSides {
  const joined = asOfQuotes(frame, quotes, asOf);
  return rule === 'quote' ? quoteRule(frame, quotes, joined) : leeReady(frame, quotes, joined);
}

/** The join's options with their defaults. */
export function checkAsOf({ at = 'before', lag = 0, maxAge }: AsOf): NonNullable<SideOrigin['asOf']> {
  if (at !== 'before' && at !== 'at') throw new InputError('quotes at', at, 'must be before or at');
  for (const [name, value] of [['lag', lag] as const, ['max age', maxAge ?? 0] as const])
    if (!(value >= 0 && Number.isSafeInteger(value)))
      throw new InputError(`quotes ${name}`, value, 'must be whole microseconds, 0 or more');
  return { at, lag, ...(maxAge === undefined ? {} : { maxAge }) };
}
