import { isObject } from './json-items.js';

/** A level as the feed writes it: price and size as decimal text. */
export type BybitLevel = readonly [price: string, size: string];

/** One message of an order-book topic. */
export interface BybitBook {
  readonly symbol: string;
  readonly snapshot: boolean;
  /** ms. */
  readonly ts: number;
  readonly u: number;
  readonly bids: readonly BybitLevel[];
  readonly asks: readonly BybitLevel[];
}

/**
 * The order-book message of a line. `other`: a message of another topic, or an answer to a command. Undefined: no JSON,
 * or not of the documented shape.
 */
export function bybitBook(line: string): BybitBook | 'other' | undefined {
  const message = parse(line);
  if (!isObject(message)) return undefined;
  const { topic, type, ts, data } = message;
  if (topic === undefined && typeof message.op === 'string') return 'other';
  if (typeof topic !== 'string') return undefined;
  if (!topic.startsWith('orderbook.')) return 'other';
  if ((type !== 'snapshot' && type !== 'delta') || typeof ts !== 'number' || !isObject(data))
    return undefined;
  const { s, u, b, a } = data;
  if (typeof s !== 'string' || s === '' || !isWhole(u) || !areLevels(b) || !areLevels(a)) return undefined;
  return { symbol: s, snapshot: type === 'snapshot', ts, u, bids: b, asks: a };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const isWhole = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** Numbers instead of texts are refused: beyond 17 digits parsing has rounded them already. */
const areLevels = (value: unknown): value is BybitLevel[] => Array.isArray(value) && value.every(isLevel);

const isLevel = (value: unknown): value is BybitLevel =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && typeof value[1] === 'string';
