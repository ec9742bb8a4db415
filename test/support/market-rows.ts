import { registry } from '../../src/analytics/index.js';
import type { AnyAnalytic, InputKind } from '../../src/core/analytic.js';
import { CROSSED, GAP, LOCKED, OK, ONE_SIDED } from '../../src/core/book-states.js';
import { parseDuration } from '../../src/core/duration.js';
import type { Inputs } from '../../src/engine/inputs.js';
import { kindsOf } from '../../src/engine/inputs.js';
import { resolve } from '../../src/engine/resolve.js';
import { type BookRow, bookFrameOf } from './book-frames.js';
import { frameOf, type TradeRow } from './frames.js';
import { type MarketOptions, marketRows } from './markets.js';
import { type OiRow, oiFrameOf } from './oi-frames.js';
import { integerIn, random } from './random.js';

/** A market's rows by kind, one list an instrument; kinds that nobody reads are absent. */
export interface MarketRows {
  readonly trades?: readonly (readonly TradeRow[])[];
  readonly book?: readonly (readonly BookRow[])[];
  readonly oi?: readonly (readonly OiRow[])[];
}

const PANEL_LOTS = 2n ** 40n;
// a panel is dense: 800 trades in 40 days would be 400,000 bars of a minute, nearly all empty
const PANEL_BARS = 2 * 1440;

/** Kinds of rows an analytic and its needs read; panels are made of trades. */
export function rowKinds(
  analytic: AnyAnalytic,
  params: Readonly<Record<string, unknown>>,
): Set<keyof MarketRows> {
  const kinds = new Set<InputKind>(kindsOf(resolve(analytic, params, registry)));
  return new Set([...kinds].map((kind) => (kind === 'panel' ? 'trades' : kind)));
}

/** The hostile market of these options, in the kinds the analytic reads. */
export function marketRowsOf(
  analytic: AnyAnalytic,
  params: Readonly<Record<string, unknown>>,
  options: MarketOptions = {},
): MarketRows {
  const kinds = rowKinds(analytic, params);
  const market = kindsOf(resolve(analytic, params, registry)).has('panel')
    ? ofPanel(options, params)
    : options;
  return {
    ...(kinds.has('trades') ? { trades: marketRows(market) } : {}),
    ...(kinds.has('book') ? { book: bookRows(market) } : {}),
    ...(kinds.has('oi') ? { oi: oiRows(market) } : {}),
  };
}

/** A market whose panel's volumes add up to less than 2^53, four times as many in the scale test, and of few bars. */
function ofPanel(
  { maxLots, span, ...options }: MarketOptions,
  { every }: Readonly<Record<string, unknown>>,
): MarketOptions {
  return {
    ...options,
    ...(maxLots === undefined ? {} : { maxLots: maxLots < PANEL_LOTS ? maxLots : PANEL_LOTS }),
    ...(span === undefined ? {} : { span: Math.min(span, PANEL_BARS * parseDuration(String(every))!) }),
  };
}

/** The rows as frames. */
export const framesOf = ({ trades, book, oi }: MarketRows, options: MarketOptions = {}): Inputs => ({
  ...(trades ? { trades: frameOf(trades, options) } : {}),
  ...(book ? { book: bookFrameOf(book, options) } : {}),
  ...(oi ? { oi: oiFrameOf(oi, options) } : {}),
});

export const marketOf = (
  analytic: AnyAnalytic,
  params: Readonly<Record<string, unknown>>,
  options: MarketOptions = {},
): Inputs => framesOf(marketRowsOf(analytic, params, options), options);

/** Instruments of the market. */
export const countOf = (rows: MarketRows): number => Object.values(rows)[0]!.length;

/** The same change of every list of rows, kind by kind. */
export function mapLists(
  rows: MarketRows,
  change: <T extends TradeRow | BookRow | OiRow>(list: readonly T[], instrument: number) => readonly T[],
): MarketRows {
  const map = <T extends TradeRow | BookRow | OiRow>(lists: readonly (readonly T[])[] | undefined) =>
    lists?.map((list, s) => change(list, s));
  const [trades, book, oi] = [map(rows.trades), map(rows.book), map(rows.oi)];
  return { ...(trades && { trades }), ...(book && { book }), ...(oi && { oi }) };
}

/** When a row is known. */
export const knownAt = (row: { readonly t: number; readonly a?: number }): number =>
  Math.max(row.t, row.a ?? row.t);

const T0 = Date.UTC(2024, 0, 1, 22) * 1000;

/**
 * Books that move and break: best prices that rise, fall and stay, queues that empty, levels that are missing, one-sided,
 * crossed, stale and gap states, equal times, times on bar boundaries, late receipts.
 */
function bookRows(options: MarketOptions): BookRow[][] {
  const next = random((options.seed ?? 1) + 1000);
  const instruments = options.instruments ?? 7;
  const rows = Math.min(options.rows ?? 3000, 3000);
  const most = Number((options.maxLots ?? 5000n) > 2n ** 40n ? 2n ** 40n : (options.maxLots ?? 5000n));
  const span = options.span ?? 4 * 3_600_000_000;
  const lists: BookRow[][] = Array.from({ length: instruments }, () => []);
  for (let i = 0; i < rows; i++) {
    const s = Math.floor(next() * next() * (instruments - 1)) + (instruments > 1 && next() < 0.02 ? 1 : 0);
    const step = next() < 0.1 ? 60_000_000 : options.micros ? 1 : 1000;
    const t = T0 + Math.floor((next() * span) / step) * step;
    const late = options.received ? { a: t + (next() < 0.1 ? integerIn(next, 0, 2_000_000_000) : -500) } : {};
    lists[Math.min(s, instruments - 1)]!.push({ t, ...late, state: OK, bids: [], asks: [] });
  }
  for (const list of lists) {
    list.sort((a, b) => a.t - b.t);
    let mid = 100_000;
    for (const [i, row] of list.entries()) {
      const before = list[i - 1];
      if (before && next() < 0.2 && before.state === OK) {
        // only one queue changes
        list[i] = {
          ...before,
          t: row.t,
          ...(row.a === undefined ? {} : { a: row.a }),
          bids: resized(before.bids, next, most),
        };
        continue;
      }
      if (next() < 0.4) mid += integerIn(next, -2, 2);
      const state = next() < 0.85 ? OK : integerIn(next, 1, GAP);
      const spread = state === LOCKED ? 0 : state === CROSSED ? -1 : integerIn(next, 1, 2);
      const shown = [OK, LOCKED, CROSSED].includes(state);
      const bids = shown || (state === ONE_SIDED && next() < 0.5) ? side(mid, -1, next, most) : [];
      const asks =
        shown || (state === ONE_SIDED && bids.length === 0) ? side(mid + spread, 1, next, most) : [];
      list[i] = { ...row, state, bids, asks };
    }
  }
  return lists;
}

type Level = readonly [tick: number, lots: number];

const resized = (levels: readonly Level[], next: () => number, most: number): Level[] =>
  levels.map(([tick, lots], l) => (l === 0 ? [tick, integerIn(next, 1, most)] : [tick, lots]));

/** One to eight levels from `tick` outward. */
function side(tick: number, step: 1 | -1, next: () => number, most: number): Level[] {
  let at = tick;
  return Array.from({ length: integerIn(next, 1, 8) }, (): Level => {
    const level: Level = [at, next() < 0.3 ? integerIn(next, 1, 3) : integerIn(next, 1, most)];
    at += step * integerIn(next, 1, 3);
    return level;
  });
}

/** Open interest every five minutes or so: standing still, missing, late, falling to zero. */
function oiRows(options: MarketOptions): OiRow[][] {
  const next = random((options.seed ?? 1) + 2000);
  const span = options.span ?? 4 * 3_600_000_000;
  return Array.from({ length: options.instruments ?? 7 }, () => {
    const list: OiRow[] = [];
    let oi = 1000;
    for (let t = T0; t < T0 + span && list.length < 400; t += integerIn(next, 1, 3) * 300_000_000) {
      if (next() < 0.8) oi = Math.max(0, oi + integerIn(next, -50, 50));
      const late = options.received && next() < 0.3 ? { a: t + integerIn(next, 0, 900_000_000) } : {};
      list.push({ t, ...late, oi: next() < 0.05 ? Number.NaN : oi });
    }
    return list;
  });
}
