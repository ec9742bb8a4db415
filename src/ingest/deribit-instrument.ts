/** What the name of a Deribit instrument says. Times in µs. */
export type DeribitName =
  | {
      readonly type: 'option';
      readonly expiry: number;
      readonly strike: number;
      readonly cp: 'C' | 'P';
      readonly linear: boolean;
    }
  | { readonly type: 'future'; readonly expiry?: number; readonly linear: boolean }
  /** Spot pairs and combinations: no open interest of their own. */
  | { readonly type: 'other' };

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const BASE = '([A-Z0-9]{1,20}(?:_[A-Z0-9]{1,20})?)';
const DATE = '(\\d{1,2})([A-Z]{3})(\\d{2})';
// `d` is the decimal point of a strike
const OPTION = new RegExp(`^${BASE}-${DATE}-(\\d{1,12}(?:d\\d{1,12})?)-([CP])$`);
const FUTURE = new RegExp(`^${BASE}-(?:PERPETUAL|${DATE})$`);
const COMBINATION = new RegExp(`^${BASE}-[A-Z][A-Z0-9]{1,11}-\\d[0-9A-Z_d-]{1,80}$`);
const SPOT = /^[A-Z0-9]{1,20}_[A-Z0-9]{1,20}$/;

/**
 * Reads names such as `ETH-26JAN24-1200-P`, `XRP_USDC-30JUN23-0d625-C` (strike 0.625), `BTC-PERPETUAL` and
 * `BTC-29MAR24`; expiry is at 08:00 UTC of the day. An underscore in the base means a linear contract, settled in the
 * currency behind it. Undefined for a text that is no such name.
 */
export function parseDeribitName(name: string): DeribitName | undefined {
  const option = OPTION.exec(name);
  if (option) {
    const expiry = expiryOf(option[2]!, option[3]!, option[4]!);
    const strike = Number(option[5]!.replace('d', '.'));
    if (expiry === undefined || !(strike > 0)) return undefined;
    return { type: 'option', expiry, strike, cp: option[6] as 'C' | 'P', linear: option[1]!.includes('_') };
  }
  const future = FUTURE.exec(name);
  if (future) {
    const linear = future[1]!.includes('_');
    if (future[2] === undefined) return { type: 'future', linear };
    const expiry = expiryOf(future[2], future[3]!, future[4]!);
    return expiry === undefined ? undefined : { type: 'future', expiry, linear };
  }
  return COMBINATION.test(name) || SPOT.test(name) ? { type: 'other' } : undefined;
}

function expiryOf(day: string, month: string, year: string): number | undefined {
  const m = MONTHS.indexOf(month);
  const ms = Date.UTC(2000 + Number(year), m, Number(day), 8);
  // 31FEB24 would roll over into March
  return m >= 0 && new Date(ms).getUTCDate() === Number(day) ? ms * 1000 : undefined;
}
