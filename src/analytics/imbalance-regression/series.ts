import type { Frame } from '../../core/columns.js';
import { panelImbalance } from '../../core/panel-imbalance.js';
import { type RegimeParams, regimeStates } from './regimes.js';

/** What the regressions of a tile read, by bar. */
export interface Series {
  readonly imbalance: Float64Array;
  /** Log returns, slot by slot: slot 0 over the bar itself, slot k over the `horizons[k - 1]` bars after it. */
  readonly returns: Float64Array;
  readonly states: Uint32Array;
}

export function seriesOf(
  frame: Frame,
  params: RegimeParams & { readonly horizons: readonly number[] },
): Series {
  const returns = slotReturns(frame, params.horizons);
  return {
    imbalance: panelImbalance(frame),
    returns,
    states: regimeStates(frame, returns.subarray(0, frame.rows), params),
  };
}

/** Null where a bar of the span, or the one before it, has no price above 0. */
function slotReturns({ offsets, columns, rows }: Frame, horizons: readonly number[]): Float64Array {
  const close = columns.close as Float64Array;
  const out = new Float64Array(rows * (horizons.length + 1)).fill(Number.NaN);
  for (let s = 0; s + 1 < offsets.length; s++) {
    // bars with a price up to this one without a gap
    let known = 0;
    for (let i = offsets[s]!; i < offsets[s + 1]!; i++) {
      known = close[i]! > 0 ? known + 1 : 0;
      if (known > 1) out[i] = Math.log(close[i]! / close[i - 1]!);
      for (let slot = 1; slot <= horizons.length; slot++) {
        const h = horizons[slot - 1]!;
        if (known > h) out[slot * rows + i - h] = Math.log(close[i]! / close[i - h]!);
      }
    }
  }
  return out;
}
