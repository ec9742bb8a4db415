import type { Instrument } from '../core/columns.js';
import { divideBig } from '../core/exact.js';
import { symbols } from '../table/plain-columns.js';
import { int64Words, type PresentedColumn, type PresentedTable } from '../table/presented.js';
import { auditText, type RuleAudit, type SideAudit } from './audit-sides.js';

/** Lots in units of size, rounded once. */
export const inUnits = (lots: bigint | number, { lot }: Instrument): number =>
  typeof lots === 'bigint'
    ? divideBig(lots * BigInt(lot.coef), 10n ** BigInt(lot.scale))
    : (lots * lot.coef) / 10 ** lot.scale;

/** One line of an audit in decimal units; NaN where a rule has no such number. */
export interface AuditRow {
  readonly trades: number;
  readonly classified: number;
  readonly correct: number;
  /** Shares: of trades and of volume classified, and of those right. */
  readonly classifiedShare: number;
  readonly accuracy: number;
  readonly volumeShare: number;
  readonly volumeAccuracy: number;
  /** Flag, then rule. */
  readonly buyBuy: number;
  readonly buySell: number;
  readonly buyUnknown: number;
  readonly sellBuy: number;
  readonly sellSell: number;
  readonly sellUnknown: number;
  readonly volume: number;
  readonly delta: number;
  readonly inferredDelta: number;
  readonly deltaError: number;
  readonly maxDeltaError: number;
  readonly bars: number;
  readonly barsRight: number;
}

const share = (part: number, whole: number): number => (whole === 0 ? Number.NaN : part / whole);
const bigShare = (part: bigint, whole: bigint): number =>
  whole === 0n ? Number.NaN : divideBig(part, whole);

/** A rule's scores in decimal units; deltas are those of the trades, of bulk classification those of the bars compared. */
export function auditRow({ trades: score, bars }: RuleAudit, instrument: Instrument): AuditRow {
  const units = (lots: bigint | number): number => inUnits(lots, instrument);
  const common = { bars: bars.bars, barsRight: bars.right };
  const none = Number.NaN;
  if (!score)
    return {
      ...{ trades: none, classified: none, correct: none, classifiedShare: none, accuracy: none },
      ...{ volumeShare: none, volumeAccuracy: none, buyBuy: none, buySell: none, buyUnknown: none },
      ...{ sellBuy: none, sellSell: none, sellUnknown: none },
      volume: units(bars.volume),
      delta: units(bars.delta),
      inferredDelta: units(bars.inferredDelta),
      deltaError: units(bars.inferredDelta - bars.delta),
      maxDeltaError: units(bars.maxError),
      ...common,
    };
  const { buy, sell } = score.confusion;
  return {
    trades: score.trades,
    classified: score.classified,
    correct: score.correct,
    classifiedShare: share(score.classified, score.trades),
    accuracy: share(score.correct, score.classified),
    volumeShare: bigShare(score.volumeClassified, score.volume),
    volumeAccuracy: bigShare(score.volumeCorrect, score.volumeClassified),
    ...{ buyBuy: buy.buy, buySell: buy.sell, buyUnknown: buy.unknown },
    ...{ sellBuy: sell.buy, sellSell: sell.sell, sellUnknown: sell.unknown },
    volume: units(score.volume),
    delta: units(score.delta),
    inferredDelta: units(score.inferredDelta),
    deltaError: units(score.inferredDelta - score.delta),
    maxDeltaError: units(score.maxError),
    ...common,
  };
}

const SCORE_COLUMNS: Readonly<Record<keyof AuditRow, readonly [name: string, unit: string, doc: string]>> = {
  trades: ['trades', 'count', 'trades with a flag'],
  classified: ['classified', 'count', 'of these, trades the rule gives a side'],
  correct: ['correct', 'count', "of these, trades with the flag's side"],
  classifiedShare: ['classified_share', 'share', 'classified / trades'],
  accuracy: ['accuracy', 'share', 'correct / classified'],
  volumeShare: ['volume_classified_share', 'share', 'volume classified / volume'],
  volumeAccuracy: ['volume_accuracy', 'share', 'volume correct / volume classified'],
  buyBuy: ['buy_as_buy', 'count', 'buys by flag, buys by rule'],
  buySell: ['buy_as_sell', 'count', 'buys by flag, sells by rule'],
  buyUnknown: ['buy_as_unknown', 'count', 'buys by flag, unknown by rule'],
  sellBuy: ['sell_as_buy', 'count', 'sells by flag, buys by rule'],
  sellSell: ['sell_as_sell', 'count', 'sells by flag, sells by rule'],
  sellUnknown: ['sell_as_unknown', 'count', 'sells by flag, unknown by rule'],
  volume: ['volume', 'base', 'volume compared'],
  delta: ['delta', 'base', 'cumulative delta by the flags, at the end'],
  inferredDelta: ['inferred_delta', 'base', 'by the rule'],
  deltaError: ['delta_error', 'base', 'inferred_delta - delta'],
  maxDeltaError: [
    'max_delta_error',
    'base',
    'largest |error| of cumulative delta on the way; bvc: at bar ends',
  ],
  bars: ['bars', 'count', 'bars compared'],
  barsRight: ['bars_right', 'share', 'Σ (min(B, B̂) + min(S, Ŝ)) / Σ volume over these bars'],
};

/** An audit as tables: `scores` by instrument and rule, `bars` by instrument, rule and bar. */
export function auditTables(
  audit: SideAudit,
  instruments: readonly Instrument[],
): { scores: PresentedTable; bars: PresentedTable } {
  const rules = audit.byRule.map(({ rule }) => rule);
  const metadata = { 'steelyard.audit': JSON.stringify({ of: 'sides', ...auditText(audit) }) };
  const names = instruments.map(({ symbol }) => symbol);
  const lines = audit.instruments.flatMap(({ rules: list }, s) =>
    list.map((rule) => auditRow(rule, instruments[s]!)),
  );
  const count = rules.length;
  const scores: PresentedTable = {
    rows: lines.length,
    metadata,
    columns: [
      symbols(
        'instrument',
        'instrument',
        Uint32Array.from(lines, (_, i) => Math.floor(i / count)),
        names,
      ),
      symbols(
        'rule',
        'tick, quote, lee-ready or bvc',
        Uint32Array.from(lines, (_, i) => i % count),
        rules,
      ),
      ...Object.entries(SCORE_COLUMNS).map(([key, [name, unit, doc]]) =>
        numbers(
          name,
          unit,
          doc,
          Float64Array.from(lines, (line) => line[key as keyof AuditRow]),
        ),
      ),
    ],
  };
  const { bars } = audit;
  const rows = bars.rows * count;
  const bar = (i: number): number => Math.floor(i / count);
  const each = (unit: string, name: string, doc: string, lots: (b: number, rule: number) => number) =>
    numbers(
      ...([name, unit, doc] as const),
      Float64Array.from({ length: rows }, (_, i) =>
        inUnits(lots(bar(i), i % count), instruments[bars.instrument[bar(i)]!]!),
      ),
    );
  const by = (rule: number) => audit.byRule[rule]!.sides;
  const table: PresentedTable = {
    rows,
    metadata,
    columns: [
      symbols(
        'instrument',
        'instrument',
        Uint32Array.from({ length: rows }, (_, i) => bars.instrument[bar(i)]!),
        names,
      ),
      {
        name: 'time',
        data: {
          type: 'timestamp',
          words: int64Words(Float64Array.from({ length: rows }, (_, i) => bars.time[bar(i)]!)),
        },
        nulls: 0,
        metadata: { unit: 'µs UTC', doc: 'start of the bar' },
      },
      symbols(
        'rule',
        'tick, quote, lee-ready or bvc',
        Uint32Array.from({ length: rows }, (_, i) => i % count),
        rules,
      ),
      each('base', 'volume', 'volume, trades without a flag among it', (b) => bars.volume[b]!),
      each('base', 'buy_volume', 'taker-buy volume by the flags', (b) => bars.buy[b]!),
      each('base', 'sell_volume', 'taker-sell volume by the flags', (b) => bars.sell[b]!),
      each('base', 'inferred_buy', 'taker-buy volume by the rule', (b, r) => by(r).buy[b]!),
      each('base', 'inferred_sell', 'taker-sell volume by the rule', (b, r) => by(r).sell[b]!),
      each('base', 'buy_error', 'inferred_buy - buy_volume', (b, r) => by(r).buy[b]! - bars.buy[b]!),
      each(
        ...(['base', 'delta_error', 'error of delta: buy_error less that of sells'] as const),
        (b, r) => by(r).buy[b]! - by(r).sell[b]! - (bars.buy[b]! - bars.sell[b]!),
      ),
    ],
  };
  return { scores, bars: table };
}

/** An f64 column; NaN becomes null, with 0 beneath. */
function numbers(name: string, unit: string, doc: string, values: Float64Array): PresentedColumn {
  const valid = new Uint8Array(Math.ceil(values.length / 64) * 8).fill(255);
  let nulls = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isNaN(values[i]!)) continue;
    valid[i >> 3]! &= ~(1 << (i & 7));
    values[i] = 0;
    nulls++;
  }
  const data = { type: 'f64', values } as const;
  return { name, data, nulls, metadata: { unit, doc, accuracy: 'f64' }, ...(nulls > 0 ? { valid } : {}) };
}
