import { InputError } from '../core/errors.js';

export interface JsonShape {
  /** Keys of all records, or 0-based positions of the longest. */
  readonly names: readonly string[];
  readonly positional: boolean;
  /** Columns that hold numbers and no texts. */
  readonly numeric: ReadonlySet<string>;
  /** Columns of the positional trade `[ts, id, type, side, price, amount, cost]`, if it is one. */
  readonly positions: Record<string, string> | undefined;
}

/** Columns of a sample of JSON records: all of the first one's kind, object or array; what is neither has no say. */
export function jsonShape(records: readonly string[], input: string): JsonShape {
  if (records.length === 0) throw new InputError('JSON file', input, 'is empty: it holds no records');
  const parsed = records.map(parse).filter((record) => typeof record === 'object' && record !== null);
  const first = parsed[0];
  if (first === undefined)
    throw new InputError(`${input} record`, records[0]!.slice(0, 60), 'must be an object or an array');
  const numbers = new Set<string>();
  const texts = new Set<string>();
  for (const record of parsed) {
    if (Array.isArray(record) !== Array.isArray(first)) continue;
    for (const [name, value] of Object.entries(record)) {
      numbers.add(name);
      if (value !== null && typeof value !== 'number') texts.add(name);
    }
  }
  const trade = first as readonly unknown[];
  return {
    names: [...numbers],
    positional: Array.isArray(first),
    numeric: new Set([...numbers].filter((name) => !texts.has(name))),
    positions:
      Array.isArray(first) && trade.length === 7 && /^(buy|sell)$/i.test(String(trade[3]))
        ? { time: '0', id: '1', side: '3', price: '4', size: '5' }
        : undefined,
  };
}

/** The record, or undefined if it is no JSON, such as one with a bare NaN. */
function parse(text: string): object | null | undefined {
  try {
    return JSON.parse(text) as object | null;
  } catch {
    return undefined;
  }
}
