import { WARNS_LONG, WARNS_SHORT } from './layout.js';

const PRIOR = 20;
const RETURN = 10;
const sorted = new Float64Array(PRIOR);

interface Bars {
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/**
 * A volume climax against traded bars before it: volume ≥ 3 times the median of 20, range ≥ 1.5 ATR, ten-bar log return
 * ≥ 2σ√10 either way, and a new extreme of 21 bars. After a climax up longs are warned, after one down shorts.
 */
export function climaxAt(
  { high, low, close, volume }: Bars,
  atr: Float64Array,
  sigma: Float64Array,
  i: number,
): number {
  if (i < PRIOR || !(high[i]! - low[i]! >= 1.5 * atr[i - 1]!)) return 0;
  const move = Math.log(close[i]! / close[i - RETURN]!);
  if (!(Math.abs(move) >= 2 * sigma[i - 1]! * Math.sqrt(RETURN))) return 0;
  sorted.set(volume.subarray(i - PRIOR, i));
  sorted.sort();
  if (volume[i]! < 3 * ((sorted[PRIOR / 2 - 1]! + sorted[PRIOR / 2]!) / 2)) return 0;
  for (let j = i - PRIOR; j < i; j++) if (move > 0 ? high[j]! >= high[i]! : low[j]! <= low[i]!) return 0;
  return move > 0 ? WARNS_LONG : WARNS_SHORT;
}
