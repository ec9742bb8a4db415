import { type Frame, SIDE_UNKNOWN } from '../core/columns.js';
import { durationText } from '../core/duration.js';
import { InputError } from '../core/errors.js';
import type { AsOf, Quotes } from '../core/quotes.js';
import { bulkVolume } from '../core/side-rules/bulk-volume.js';
import { sideCoverage } from '../core/side-rules/fill-sides.js';
import { type SideScore, scoreSides } from '../core/side-rules/score-sides.js';
import { tickRule } from '../core/side-rules/tick-rule.js';
import {
  type AuditBars,
  auditBars,
  type BarScore,
  type BarSides,
  barSides,
  scoreBars,
} from './audit-bars.js';
import { checkAsOf, ruleSides } from './infer-sides.js';

export interface AuditOptions extends AsOf {
  /** Width of the bars, µs. Default one minute. */
  readonly every?: number;
  /** Bars behind the σ of bulk classification. Default 50. */
  readonly window?: number;
  /** Fewest of them for a σ, at least 2. Default: the whole window. */
  readonly minPeriods?: number;
}

export type AuditedRule = 'tick' | 'quote' | 'lee-ready' | 'bvc';

export interface RuleAudit {
  readonly rule: AuditedRule;
  /** By trade; bulk classification says nothing of trades. */
  readonly trades?: SideScore;
  readonly bars: BarScore;
}

export interface InstrumentAudit {
  readonly symbol: string;
  readonly trades: number;
  /** Trades without a flag: in no score. */
  readonly unflagged: number;
  /** 1 - U/V of the flags. */
  readonly flagCoverage: number;
  readonly rules: readonly RuleAudit[];
}

export interface SideAudit {
  readonly every: number;
  readonly window: number;
  readonly minPeriods: number;
  readonly instruments: readonly InstrumentAudit[];
  readonly bars: AuditBars;
  /** Each rule's bars, in the order of the rules. */
  readonly byRule: readonly { readonly rule: AuditedRule; readonly sides: BarSides }[];
}

export const AUDIT_EVERY = 60_000_000;
export const AUDIT_WINDOW = 50;

/**
 * The exchange's flags beside what each rule would have inferred: by trade accuracy and the error of cumulative delta,
 * by bar the error of taker-buy volume and delta, bulk classification among them. Quote rule and Lee-Ready need
 * `quotes`. Only trades with a flag are scored; bulk classification takes a bar's whole volume, so it is scored on
 * bars whose every trade has one. Errors: InputError for options, and for trades without any flag.
 */
export function auditSides(frame: Frame, quotes: Quotes | undefined, options: AuditOptions = {}): SideAudit {
  const { every = AUDIT_EVERY, window = AUDIT_WINDOW } = options;
  const { minPeriods = window } = options;
  if (!Number.isSafeInteger(every) || every < 1)
    throw new InputError('audit every', every, 'must be whole microseconds, at least 1');
  if (!Number.isSafeInteger(window) || window < 2)
    throw new InputError('audit window', window, 'must be at least 2');
  if (!Number.isSafeInteger(minPeriods) || minPeriods < 2 || minPeriods > window)
    throw new InputError('audit min periods', minPeriods, `must be 2 to ${window}, the window`);
  const asOf = checkAsOf(options);
  const size = frame.columns.size as Uint32Array;
  const sizeHi = frame.columns.sizeHi as Uint32Array | undefined;
  const unflagged = unflaggedTrades(frame);
  if (unflagged.reduce((sum, n) => sum + n, 0) === frame.rows)
    throw new InputError('trades with a side', 0, 'must be at least 1: there is nothing to compare with');
  const byTrade: { rule: AuditedRule; side: Uint8Array }[] = [{ rule: 'tick', side: tickRule(frame).side }];
  if (quotes)
    for (const rule of ['quote', 'lee-ready'] as const)
      byTrade.push({ rule, side: ruleSides(rule, frame, quotes, asOf).side });
  const bars = auditBars(frame, every);
  const byRule = [
    ...byTrade.map(({ rule, side }) => ({ rule, sides: barSides(frame, bars, side) })),
    { rule: 'bvc' as const, sides: bulkSides(bars, { window, minPeriods }) },
  ];
  const coverage = sideCoverage(frame);
  const instruments = frame.instruments.map(({ symbol }, s): InstrumentAudit => {
    const [from, to] = [frame.offsets[s]!, frame.offsets[s + 1]!];
    return {
      symbol,
      trades: to - from,
      unflagged: unflagged[s]!,
      flagCoverage: coverage[s]!,
      rules: byRule.map(({ rule, sides }, r) => ({
        rule,
        ...(byTrade[r] ? { trades: scoreSides(size, sizeHi, byTrade[r].side, from, to) } : {}),
        bars: scoreBars(bars, sides, bars.offsets[s]!, bars.offsets[s + 1]!),
      })),
    };
  });
  return { every, window, minPeriods, instruments, bars, byRule };
}

function unflaggedTrades(frame: Frame): number[] {
  const size = frame.columns.size as Uint32Array;
  return frame.instruments.map((_, s) => {
    let n = 0;
    for (let i = frame.offsets[s]!; i < frame.offsets[s + 1]!; i++) if ((size[i]! & 3) === SIDE_UNKNOWN) n++;
    return n;
  });
}

/** Bulk classification of every bar; NaN in the warm-up, where σ is 0, and in bars with a trade without a flag. */
function bulkSides(bars: AuditBars, options: { window: number; minPeriods: number }): BarSides {
  const buy = new Float64Array(bars.rows);
  for (let s = 0; s + 1 < bars.offsets.length; s++) {
    const [from, to] = [bars.offsets[s]!, bars.offsets[s + 1]!];
    buy.set(bulkVolume(bars.close.subarray(from, to), bars.volume.subarray(from, to), options), from);
  }
  for (let b = 0; b < buy.length; b++)
    if (bars.buy[b]! + bars.sell[b]! !== bars.volume[b]) buy[b] = Number.NaN;
  return { buy, sell: buy.map((volume, b) => bars.volume[b]! - volume) };
}

/** The options of an audit as metadata of its tables. */
export const auditText = ({ every, window, minPeriods }: SideAudit): Record<string, string> => ({
  every: durationText(every),
  window: String(window),
  minPeriods: String(minPeriods),
});
