import { SIDE_BUY, SIDE_SELL } from '../core/columns.js';
import { InputError } from '../core/errors.js';
import type { InstrumentDeclaration, RawSource, RawTrades } from '../core/raw.js';
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
 * Trades of a raw Binance websocket capture, given as its unpacked bytes: `T` is the time (ms), `t` the trade id, `m` true a
 * taker sell, the line's own stamp (ns) the local one; prices and sizes stay text, so they are exact. Rows are
 * the capture's trade messages; aggTrade ones only of symbols without any trade event. COIN-M symbols (`ETHUSD_PERP`, `BTCUSD_240927`) are declared inverse with their
 * face value as multiplier.
 */
export function binanceCapture(input: string, bytes: () => AsyncIterable<Uint8Array>): RawSource {
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
      for await (const text of lines(bytes())) {
        line++;
        // parsing only the trades is most of the speed
        const aggregate = !text.includes(TRADE);
        if (aggregate && !text.includes(AGGREGATE)) continue;
        const message = messageOf(text, input, line);
        const symbol = typeof message.s === 'string' ? message.s : '';
        if (aggregate) {
          traded ??= await tradedSymbols(bytes);
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
    this.#side[i] = message.m === true ? SIDE_SELL : message.m === false ? SIDE_BUY : 255;
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

async function tradedSymbols(bytes: () => AsyncIterable<Uint8Array>): Promise<ReadonlySet<string>> {
  const survey = new CaptureSurvey();
  for await (const text of lines(bytes())) survey.add(text);
  return survey.traded;
}

async function* lines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes) {
    const text = rest + decoder.decode(chunk, { stream: true });
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      yield text.slice(from, end);
      from = end + 1;
    }
    rest = text.slice(from);
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
