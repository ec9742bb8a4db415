import { InputError } from '../core/errors.js';
import type { LineBatch } from '../core/importer.js';
import type { InstrumentDeclaration, RawSource, RawTrades } from '../core/raw.js';
import { takerSideOf } from './binance-cells.js';
import {
  CaptureSurvey,
  captureMessage,
  idOf,
  localMicros,
  microsOfNumber,
  type Payload,
} from './binance-message.js';
import { coinMarginedFace } from './coin-margined.js';

/** Rows a batch. */
const BATCH = 8192;

const TRADE = '"e":"trade"';
const AGGREGATE = '"e":"aggTrade"';

/**
 * Trades of a raw Binance websocket capture, given as its lines: `T` is the time (ms), `t` the trade id, `m` true a taker
 * sell, the line's own stamp (ns) the local one; prices and sizes stay text, so they are exact. Rows are the capture's
 * trade messages; aggTrade ones only of symbols without any trade event. COIN-M symbols (`ETHUSD_PERP`,
 * `BTCUSD_240927`) are declared inverse with their face value as multiplier.
 */
export function binanceCapture(input: string, lines: () => AsyncIterable<LineBatch>): RawSource {
  const instruments: string[] = [];
  const declarations = new Map<string, InstrumentDeclaration>();
  return {
    input,
    instruments,
    declarations,
    mapping: { time: 'T', price: 'p', size: 'q', side: 'm', instrument: 's', id: 't', received: 'local ns' },
    batches: async function* () {
      const codes = new Map<string, number>();
      let batch = new CaptureBatch(0);
      let line = 0;
      let traded: ReadonlySet<string> | undefined;
      for await (const text of eachLine(lines())) {
        line++;
        // parsing only the trades is most of the speed
        const aggregate = !text.includes(TRADE);
        if (aggregate && !text.includes(AGGREGATE)) continue;
        const message = messageOf(text, input, line);
        const symbol = typeof message.s === 'string' ? message.s : '';
        if (aggregate) {
          traded ??= await tradedSymbols(lines);
          if (traded.has(symbol)) continue;
        }
        let code = codes.get(symbol);
        if (code === undefined) {
          code = instruments.length;
          codes.set(symbol, code);
          instruments.push(symbol);
          const face = coinMarginedFace(symbol);
          if (face) declarations.set(symbol, { contract: 'inverse', multiplier: { coef: face, scale: 0 } });
        }
        batch.add(message, code, localMicros(text));
        if (batch.rows === BATCH) {
          yield batch.close();
          batch = new CaptureBatch(batch.firstRow + BATCH);
        }
      }
      if (batch.rows > 0) yield batch.close();
    },
  };
}

class CaptureBatch {
  rows = 0;
  readonly #instrument = new Uint32Array(BATCH);
  readonly #time = new Float64Array(BATCH);
  readonly #received = new Float64Array(BATCH);
  readonly #seq = new Float64Array(BATCH);
  readonly #side = new Uint8Array(BATCH);
  readonly #price: (string | null)[] = [];
  readonly #size: (string | null)[] = [];
  constructor(readonly firstRow: number) {}

  add(message: Payload, instrument: number, local: number): void {
    const i = this.rows++;
    this.#instrument[i] = instrument;
    this.#time[i] = microsOfNumber(message.T);
    this.#received[i] = local;
    this.#seq[i] = idOf(message.t ?? message.a);
    this.#side[i] = takerSideOf(message.m);
    this.#price.push(typeof message.p === 'string' ? message.p : null);
    this.#size.push(typeof message.q === 'string' ? message.q : null);
  }

  close(): RawTrades {
    return {
      rows: this.rows,
      instrument: this.#instrument,
      time: this.#time,
      received: this.#received,
      price: { kind: 'text', values: this.#price },
      size: { kind: 'text', values: this.#size },
      side: this.#side,
      seq: this.#seq,
      firstRow: this.firstRow,
    };
  }
}

function messageOf(text: string, input: string, line: number): Payload {
  const message = captureMessage(text);
  if (!message) throw new InputError(`${input} line ${line}`, text.slice(0, 40), 'must be <local ns> <json>');
  return message.data;
}

async function tradedSymbols(lines: () => AsyncIterable<LineBatch>): Promise<ReadonlySet<string>> {
  const survey = new CaptureSurvey();
  for await (const text of eachLine(lines())) survey.add(text);
  return survey.traded;
}

async function* eachLine(batches: AsyncIterable<LineBatch>): AsyncGenerator<string> {
  for await (const { lines } of batches) yield* lines;
}
