/** Execution of a visible and of a hidden limit order: the trades among the message types 1 to 7. */
export const VISIBLE_EXECUTION = '4';
export const HIDDEN_EXECUTION = '5';

/** One line of a message file. */
export interface LobsterMessage {
  /** µs after midnight, floored; NaN if unreadable. */
  readonly micros: number;
  readonly type: string;
  readonly orderId: string;
  readonly size: string;
  readonly price: string;
  /** Of the resting order: 1 buy, -1 sell. */
  readonly direction: string;
}

/** Time, type, order id, size, price, direction, and in some files the market participant; undefined otherwise. */
export function lobsterMessage(fields: readonly string[] | undefined): LobsterMessage | undefined {
  if (fields === undefined || fields.length < 6 || fields.length > 7) return undefined;
  const [time, type, orderId, size, price, direction] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (!/^[1-7]$/.test(type)) return undefined;
  return { micros: microsAfterMidnight(time), type, orderId, size, price, direction };
}

/** µs of seconds after midnight with up to 12 decimals, floored; NaN for other texts and beyond a day. */
export function microsAfterMidnight(text: string): number {
  const parts = /^(\d{1,5})(?:\.(\d{1,12}))?$/.exec(text);
  if (!parts) return Number.NaN;
  const seconds = Number(parts[1]);
  if (seconds >= 86_400) return Number.NaN;
  return seconds * 1e6 + Number((parts[2] ?? '').slice(0, 6).padEnd(6, '0'));
}

/** A price in ten-thousandths as decimal text: `2239500` → `223.9500`; undefined for other texts. */
export function lobsterPrice(text: string): string | undefined {
  if (!/^\d{1,12}$/.test(text)) return undefined;
  const digits = text.length > 4 ? text : text.padStart(5, '0');
  return `${digits.slice(0, -4)}.${digits.slice(-4)}`;
}
