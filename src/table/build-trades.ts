import { type Frame, type Instrument, measureTrades } from '../core/columns.js';
import type { Decimal } from '../core/decimal.js';
import { InputError } from '../core/errors.js';
import type { InstrumentDeclaration, Ledger, RawSource } from '../core/raw.js';
import { keepRows } from './keep-rows.js';
import { layOut } from './lay-out.js';
import { TradeStage } from './stage-trades.js';

export interface BuildOptions {
  /** Declared for every instrument. */
  readonly tick?: Decimal;
  readonly lot?: Decimal;
  readonly contract?: 'linear' | 'inverse';
  readonly multiplier?: Decimal;
  /** Declared by symbol; goes before the declarations above, which go before the file's own. */
  readonly scales?: ReadonlyMap<string, InstrumentDeclaration>;
  readonly instruments?: readonly string[];
  /** µs, half-open. */
  readonly fromTime?: number;
  readonly until?: number;
  readonly progress?: (p: { stage: string; rows: number; total?: number }) => void;
  readonly signal?: AbortSignal;
}

/** Coin-margined contracts count in face values of USD: taken as linear, notional would be nonsense. */
const COIN_MARGINED = /USD_(PERP|\d{6})(?![A-Z0-9])/i;
/** Rows between two turns of the event loop, so that an abort is seen. */
const YIELD_ROWS = 500_000;

/**
 * Sources of trades → one trades frame and the quality ledger: integers at declared units or at the smallest
 * decimal scale that holds every good row of an instrument, instruments by symbol, rows by (ts, seq, input row),
 * duplicates dropped. The result does not depend on batch sizes, formats or the order of inputs and instruments,
 * save that rows equal in (ts, seq) keep input order. Throws an InputError if no row remains.
 */
export async function buildTrades(
  sources: readonly RawSource[],
  options: BuildOptions = {},
): Promise<{ frame: Frame; ledger: Ledger }> {
  const declared = declarations(sources, options);
  const stage = new TradeStage({
    declared,
    ...(options.instruments?.length ? { instruments: new Set(options.instruments) } : {}),
    fromTime: options.fromTime ?? Number.NEGATIVE_INFINITY,
    until: options.until ?? Number.POSITIVE_INFINITY,
  });
  let yielded = 0;
  for (const source of sources) {
    const take = stage.input(source);
    for await (const batch of source.batches()) {
      take(batch);
      options.progress?.({ stage: 'read', rows: stage.ledger.rowsRead });
      if (stage.ledger.rowsRead - yielded >= YIELD_ROWS) {
        yielded = stage.ledger.rowsRead;
        await new Promise(setImmediate);
      }
      options.signal?.throwIfAborted();
    }
  }
  const found = new Set(stage.symbols);
  for (const symbol of options.instruments ?? [])
    if (!found.has(symbol))
      throw new InputError(
        'instrument',
        symbol,
        `is not in the input; found: ${stage.symbols.slice(0, 20).join(', ') || 'none'}`,
      );
  const kept = keepRows(stage);
  const order = stage.symbols
    .map((_, s) => s)
    .filter((s) => kept.counts[s]! > 0)
    .sort((a, b) => (stage.symbols[a]! < stage.symbols[b]! ? -1 : 1));
  for (const s of order) {
    const symbol = stage.symbols[s]!;
    if (declared(symbol).contract === 'inverse' && declared(symbol).multiplier === undefined)
      throw new InputError(
        'contract of',
        symbol,
        'is inverse: declare its face value with --multiplier, or in a --scales file',
      );
    if (COIN_MARGINED.test(symbol) && declared(symbol).contract === undefined)
      throw new InputError(
        'instrument',
        symbol,
        'is a COIN-M contract: pass --contract inverse --multiplier <face value in USD>, or a --scales file',
      );
  }
  const laid = layOut(stage, kept, order);
  const instruments = order.map((s, i): Instrument => {
    const own = declared(stage.symbols[s]!);
    return {
      symbol: stage.symbols[s]!,
      tick: own.tick ?? { coef: 1, scale: stage.price.scale[s]! },
      lot: own.lot ?? { coef: 1, scale: stage.size.scale[s]! },
      tickDeclared: own.tick !== undefined,
      contract: own.contract ?? 'linear',
      multiplier: own.multiplier ?? { coef: 1, scale: 0 },
      base: laid.bases[i]!,
    };
  });
  const ledger = stage.ledger.close({
    rows: laid.rows,
    outOfOrder: kept.outOfOrder,
    clockSkew: laid.clockSkew,
  });
  if (laid.rows === 0) throw nothingLeft(sources, ledger);
  const { tick, size, sizeHi } = laid.columns;
  const frame: Frame = {
    kind: 'trades',
    instruments,
    offsets: laid.offsets,
    rows: laid.rows,
    time: laid.time,
    columns: laid.columns as Frame['columns'],
    stats: measureTrades(instruments.length, laid.offsets, tick, size, sizeHi),
  };
  options.progress?.({ stage: 'read', rows: ledger.rowsRead, total: ledger.rowsRead });
  return { frame, ledger };
}

/** Declaration of a symbol, the most particular first; files that contradict each other are an error. */
function declarations(
  sources: readonly RawSource[],
  options: BuildOptions,
): (symbol: string) => InstrumentDeclaration {
  const all: InstrumentDeclaration = {
    ...(options.tick ? { tick: options.tick } : {}),
    ...(options.lot ? { lot: options.lot } : {}),
    ...(options.contract ? { contract: options.contract } : {}),
    ...(options.multiplier ? { multiplier: options.multiplier } : {}),
  };
  const known = new Map<string, InstrumentDeclaration>();
  return (symbol) => {
    const before = known.get(symbol);
    if (before) return before;
    const given: Readonly<Record<string, unknown>> = { ...all, ...options.scales?.get(symbol) };
    const merged: Record<string, unknown> = {};
    for (const source of sources)
      for (const [key, value] of Object.entries(source.declarations.get(symbol) ?? {})) {
        if (given[key] !== undefined) continue;
        if (merged[key] !== undefined && JSON.stringify(merged[key]) !== JSON.stringify(value))
          throw new InputError(
            `${symbol} ${key} in`,
            source.input,
            'contradicts an earlier input; pass --scales',
          );
        merged[key] = value;
      }
    const settled = { ...merged, ...given };
    known.set(symbol, settled);
    return settled;
  };
}

function nothingLeft(sources: readonly RawSource[], ledger: Ledger): InputError {
  const names = sources.map((source) => source.input);
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
  if (ledger.rowsRead === 0) return new InputError('input', shown, 'is empty: it holds no trades');
  const why = Object.entries(ledger.counts).map(([reason, count]) => `${reason} ${count}`);
  if (ledger.filtered > 0) why.push(`filtered ${ledger.filtered}`);
  const hint = ledger.counts.inexact ? '; declare --tick and --lot' : '';
  return new InputError(`${shown} rows`, ledger.rowsRead, `must hold a good trade: ${why.join(', ')}${hint}`);
}
