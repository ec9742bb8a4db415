/**
 * Face value in USD of one contract of Binance's COIN-M futures (`BTCUSD_PERP`, `ETHUSD_240927`): 100 for bitcoin, 10 for
 * every other coin. Undefined for symbols that are not named so.
 */
export function coinMarginedFace(symbol: string): number | undefined {
  const match = /^([A-Z0-9]+)USD_(PERP|\d{6})$/.exec(symbol);
  return match ? (match[1] === 'BTC' ? 100 : 10) : undefined;
}
