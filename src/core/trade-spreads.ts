/** Spreads of trades, bps of the mid at the trade; a row a trade. */
export interface TradeSpreads {
  readonly effective: Float64Array;
  readonly realised: Float64Array;
  readonly impact: Float64Array;
}

/**
 * Round-trip spreads of trades: effective 2s(p-m)/m, realised 2s(p-m')/m, price impact 2s(m'-m)/m, in bps, so that
 * effective = realised + impact. s is the aggressor's side (+1 buy, -1 sell), p the trade's price, m the mid as of the
 * trade and m' the mid τ of time (never τ rows) later, all in one unit. Null (NaN): all three where the side is 0
 * (unknown) or m is not positive; realised and impact also where m' is null, as after the session's end. They look ahead
 * by τ: available when m' is. Accuracy f64. Source: Huang & Stoll (1996), Journal of Financial Economics 41(3).
 */
export function tradeSpreads(
  side: ArrayLike<number>,
  price: ArrayLike<number>,
  mid: ArrayLike<number>,
  laterMid: ArrayLike<number>,
): TradeSpreads {
  const rows = side.length;
  const out = {
    effective: new Float64Array(rows).fill(Number.NaN),
    realised: new Float64Array(rows).fill(Number.NaN),
    impact: new Float64Array(rows).fill(Number.NaN),
  };
  for (let i = 0; i < rows; i++) {
    const m = mid[i]!;
    if (side[i] === 0 || !(m > 0)) continue;
    const factor = side[i]! * 2e4;
    out.effective[i] = (factor * (price[i]! - m)) / m;
    out.realised[i] = (factor * (price[i]! - laterMid[i]!)) / m;
    out.impact[i] = (factor * (laterMid[i]! - m)) / m;
  }
  return out;
}
