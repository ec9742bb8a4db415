import { InputError } from '../core/errors.js';
import type { QuoteSource, Quotes, RawQuotes } from '../core/quotes.js';
import type { Ledger, RawNumbers } from '../core/raw.js';
import { NO_INSTRUMENT } from './canonical.js';
import { codeOf, FILTERED, LedgerBook } from './ledger-book.js';
import { NumberEncoder, POW10, type WideValue } from './number-encoder.js';
import { orderRows } from './order.js';
import { QuoteStage } from './quote-stage.js';

const SAFE = 2 ** 53;
const MAX_TIME = 2 ** 32 * 1e6;
/** A side that is not there: null, empty or 0, as venues write it. */
const MISSING = 254;
const CODES = [0, codeOf('bad_price'), codeOf('off_tick'), codeOf('inexact')];
const NOTHING = /^\s*(nan|null|none|[+-]?0*\.?0*)?\s*$/i;

export interface BuiltQuotes {
  readonly quotes: Quotes;
  readonly ledger: Ledger;
  /** Kept quotes without a mid: a side is missing; bid above ask. */
  readonly oneSided: number;
  readonly crossed: number;
  /** Name of the quotes of the one instrument, where it differs from the trades'. */
  readonly paired?: string;
}

/**
 * Sources of quotes → the quotes of `symbols`, in their order. Rows of other instruments count as filtered; only where
 * both sides name one single instrument are its quotes taken whatever their name. A price that is negative, no
 * number or not exact, or a time that is missing, goes to the ledger. Errors: InputError if no quote remains.
 */
export async function buildQuotes(
  sources: readonly QuoteSource[],
  symbols: readonly string[],
  signal?: AbortSignal,
): Promise<BuiltQuotes> {
  const ledger = new LedgerBook();
  const stages = new Map<string, QuoteStage>();
  const single = symbols.length === 1;
  const wanted = new Set(symbols);
  for (const source of sources) {
    const taker = new QuoteTaker(source.input, ledger);
    const local: (QuoteStage | undefined)[] = [];
    for await (const batch of source.batches()) {
      for (let n = local.length; n < source.instruments.length; n++) {
        const name = source.instruments[n]!;
        if (!stages.has(name) && (single || wanted.has(name))) stages.set(name, new QuoteStage());
        local.push(stages.get(name));
      }
      taker.take(batch, local);
      signal?.throwIfAborted();
    }
  }
  const own = symbols.map((symbol) => stages.get(symbol));
  let paired: string | undefined;
  if (single && own[0] === undefined && stages.size === 1) [paired, own[0]] = [...stages][0]!;
  const taken = own.map((stage) => stage ?? new QuoteStage());
  const total = (of: 'rows' | 'oneSided' | 'crossed' | 'clockSkew'): number =>
    taken.reduce((sum, stage) => sum + stage[of], 0);
  const rows = total('rows');
  // quotes of an instrument nobody asked for were staged as the possible single one
  for (const [name, stage] of stages)
    if (!own.includes(stage) && name !== paired) ledger.filtered += stage.rows;
  const { quotes, outOfOrder } = laidOut(taken, rows);
  const closed = ledger.close({ rows, outOfOrder, clockSkew: total('clockSkew') });
  if (rows === 0) throw nothingLeft(sources, symbols, closed);
  return {
    ...{ quotes, ledger: closed, oneSided: total('oneSided'), crossed: total('crossed') },
    ...(paired === undefined ? {} : { paired }),
  };
}

/** Takes the batches of one input. */
class QuoteTaker {
  readonly #bid = new NumberEncoder();
  readonly #ask = new NumberEncoder();
  #instruments = 0;

  constructor(
    readonly input: string,
    readonly ledger: LedgerBook,
  ) {}

  take(batch: RawQuotes, stages: readonly (QuoteStage | undefined)[]): void {
    const { rows, instrument, time, received, seq } = batch;
    const { ledger } = this;
    for (; this.#instruments < stages.length; this.#instruments++) {
      this.#bid.add(this.#instruments, undefined);
      this.#ask.add(this.#instruments, undefined);
    }
    ledger.rowsRead += rows;
    const row = new Uint8Array(rows);
    for (let i = 0; i < rows; i++) {
      if (batch.badRow && batch.badRow[i] !== 0) row[i] = codeOf('bad_row');
      else if (instrument[i] === NO_INSTRUMENT) row[i] = codeOf('bad_instrument');
      else if (stages[instrument[i]!] === undefined) row[i] = FILTERED;
      else if (!(time[i]! >= 0 && time[i]! < MAX_TIME)) row[i] = codeOf('bad_time');
    }
    const bid = encoded(this.#bid, batch.bid, batch.bidNulls, instrument, row);
    const ask = encoded(this.#ask, batch.ask, batch.askNulls, instrument, row);
    for (let i = 0; i < rows; i++) {
      const reject = [row[i]!, bid.reject[i]!, ask.reject[i]!].find((code) => code !== 0 && code !== MISSING);
      const scale = Math.max(bid.scale[i]!, ask.scale[i]!);
      const b = bid.value[i]! * POW10[scale - bid.scale[i]!]!;
      const a = ask.value[i]! * POW10[scale - ask.scale[i]!]!;
      const sided = bid.reject[i] === 0 && ask.reject[i] === 0;
      if (reject !== undefined || (sided && !(b + a < SAFE))) {
        ledger.add(this.input, batch.firstRow + i, reject ?? codeOf('inexact'));
        continue;
      }
      const stage = stages[instrument[i]!]!;
      if (!sided) stage.oneSided++;
      else if (b > a) stage.crossed++;
      const local = received ? received[i]! : Number.NaN;
      if (local < time[i]!) stage.clockSkew++;
      // NaN compares false: without a local stamp a quote is available at its own time
      const late = local > time[i]!;
      if (late) stage.received = true;
      const sum = sided && b <= a ? b + a : Number.NaN;
      stage.add(time[i]!, late ? local : time[i]!, seq ? seq[i]! : Number.NaN, sum, sided ? scale : 0);
    }
  }
}

interface Encoded {
  readonly value: Float64Array;
  readonly scale: Uint8Array;
  /** 0, MISSING or a reject code. */
  readonly reject: Uint8Array;
}

/** Prices as integers with their own scale a row; rows already rejected are left alone. */
function encoded(
  encoder: NumberEncoder,
  raw: RawNumbers,
  nulls: Uint8Array | undefined,
  ids: Uint32Array,
  row: Uint8Array,
): Encoded {
  const rows = row.length;
  const reject = row.slice();
  for (let i = 0; i < rows; i++) if (reject[i] === 0 && missing(raw, nulls, i)) reject[i] = MISSING;
  const value = new Float64Array(rows);
  const scale = new Uint8Array(rows);
  encoder.encode(raw, nulls, ids, rows, CODES, reject, value, scale, new Map<number, WideValue>());
  return { value, scale, reject };
}

function missing(raw: RawNumbers, nulls: Uint8Array | undefined, i: number): boolean {
  if (nulls?.[i]) return true;
  if (raw.kind === 'f64') return raw.values[i] === 0 || Number.isNaN(raw.values[i]!);
  if (raw.kind === 'decimal') return raw.unscaled[i] === 0n;
  const text = raw.values[i]!;
  return text === null || NOTHING.test(text);
}

/** All instruments' quotes in (ts, seq, input row) order. */
function laidOut(stages: readonly QuoteStage[], rows: number): { quotes: Quotes; outOfOrder: number } {
  const offsets = new Uint32Array(stages.length + 1);
  const time = new Float64Array(rows);
  const sum = new Float64Array(rows);
  const scale = new Uint8Array(rows);
  const available = stages.some((stage) => stage.received) ? new Float64Array(rows) : undefined;
  let outOfOrder = 0;
  stages.forEach((stage, s) => {
    const from = offsets[s]!;
    const order = orderRows(stage.time.subarray(0, stage.rows), stage.seq.subarray(0, stage.rows));
    for (let i = 0; i < order.length; i++) {
      const row = order[i]!;
      if (i > 0 && row < order[i - 1]!) outOfOrder++;
      time[from + i] = stage.time[row]!;
      sum[from + i] = stage.sum[row]!;
      scale[from + i] = stage.scale[row]!;
      if (available) available[from + i] = stage.available[row]!;
    }
    offsets[s + 1] = from + stage.rows;
  });
  return { quotes: { offsets, time, sum, scale, ...(available ? { available } : {}) }, outOfOrder };
}

function nothingLeft(
  sources: readonly QuoteSource[],
  symbols: readonly string[],
  ledger: Ledger,
): InputError {
  const inputs = sources
    .map((source) => source.input)
    .slice(0, 3)
    .join(', ');
  const found = [...new Set(sources.flatMap((source) => source.instruments))];
  if (ledger.rowsRead === 0) return new InputError('quotes', inputs, 'is empty: it holds no quotes');
  if (ledger.filtered === ledger.rowsRead)
    return new InputError(
      `${inputs} quotes of`,
      found.slice(0, 10).join(', '),
      `must name an instrument of the trades: ${symbols.slice(0, 10).join(', ')}`,
    );
  const why = Object.entries(ledger.counts).map(([reason, count]) => `${reason} ${count}`);
  const hint = ledger.counts.bad_time ? "; a quote needs the exchange's time" : '';
  return new InputError(
    `${inputs} quotes`,
    ledger.rowsRead,
    `must hold a good one: ${why.join(', ')}${hint}`,
  );
}
