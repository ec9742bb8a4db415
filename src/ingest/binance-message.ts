import { microsOfStamp } from '../core/stamps.js';

/** A line of a capture: local nanoseconds, a blank, the message. */
export const CAPTURE_LINE = /^\d{18,19} \{/;

/** Payload of a message, of any shape. */
export type Payload = Readonly<Record<string, unknown>>;

export interface CaptureMessage {
  /** Name of the stream, of combined-stream envelopes; '' for a bare message. */
  readonly stream: string;
  readonly data: Payload;
}

/** The message of a capture line, out of its envelope `{stream, data}` if it has one; undefined if there is none. */
export function captureMessage(line: string): CaptureMessage | undefined {
  if (!CAPTURE_LINE.test(line)) return undefined;
  let parsed: Payload;
  try {
    parsed = JSON.parse(line.slice(line.indexOf(' ') + 1)) as Payload;
  } catch {
    return undefined;
  }
  const { stream, data } = parsed;
  return {
    stream: typeof stream === 'string' ? stream : '',
    data: typeof data === 'object' && data !== null && !Array.isArray(data) ? (data as Payload) : parsed,
  };
}

/** Local µs of a capture line, floored; NaN if implausible. */
export const localMicros = (line: string): number => microsOfStamp(line.slice(0, line.indexOf(' ')));

/** µs of a numeric stamp, told by magnitude: Binance sends ms, or µs where the subscriber asked for them. */
export const microsOfNumber = (value: unknown): number =>
  typeof value === 'number' ? microsOfStamp(String(value)) : Number.NaN;

/** A whole number from 0 to 2^53, NaN for everything else. */
export const idOf = (value: unknown): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : Number.NaN;

const TYPE = /"e"\s*:\s*"(trade|depthUpdate)"/;
const SYMBOL = /"s"\s*:\s*"([^"]*)"/;

/** What only the whole of a capture tells: some of its messages mean something by what else there is. */
export class CaptureSurvey {
  /** Symbols with `trade` events: where they are, aggTrade would count the same volume again. */
  readonly traded = new Set<string>();
  /** What tells the instrument of each depth stream: a REST snapshot does not name its symbol. */
  readonly depth = new Map<string, Payload>();

  add(line: string): void {
    const type = TYPE.exec(line)?.[1];
    if (type === undefined) return;
    const symbol = SYMBOL.exec(line)?.[1];
    if (symbol === undefined) return;
    if (type === 'trade') this.traded.add(symbol);
    else {
      const futures = line.includes('"pu"');
      const key = futures ? `${symbol} futures` : symbol;
      if (this.depth.has(key)) return;
      const pair = line.includes('"ps"');
      this.depth.set(key, { s: symbol, ...(futures ? { pu: true } : {}), ...(pair ? { ps: true } : {}) });
    }
  }
}
