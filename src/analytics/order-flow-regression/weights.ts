import { firstComponent } from '../../stats/first-component.js';
import { centre } from '../../stats/pair-sums.js';
import type { Flows } from './flows.js';

/** Flows of all levels in one number, and the weights it takes. NaN is null. */
export interface Integrated {
  /** By bar, wᵀ(OFI/Q̄)/‖w‖₁; null up to the last bar of training. */
  readonly values: Float64Array;
  /** w/‖w‖₁ by instrument and level. */
  readonly weights: Float64Array;
  /** By instrument: share of the variance along w, and the last bar of training. */
  readonly share: Float64Array;
  readonly lastTrained: Uint32Array;
}

/** Weights are fitted on the first bars alone, so that more data moves neither them nor a value. */
export function integrate(flows: Flows, levels: number, trainBars: number): Integrated {
  const { bars, offsets, flow, depth } = flows;
  const instruments = offsets.length - 1;
  const out = {
    values: new Float64Array(bars).fill(Number.NaN),
    weights: new Float64Array(instruments * levels).fill(Number.NaN),
    share: new Float64Array(instruments).fill(Number.NaN),
    lastTrained: new Uint32Array(instruments),
  };
  let trained: Float64Array[] | undefined;
  for (let s = 0; s < instruments; s++) {
    const end = offsets[s + 1]!;
    let b = offsets[s]!;
    let n = 0;
    // training may be asked for that is longer than memory, and than the bars
    if (end - b < trainBars) continue;
    trained ??= Array.from({ length: levels }, () => new Float64Array(trainBars));
    for (; b < end && n < trainBars; b++) {
      if (!isWhole(flows, levels, b)) continue;
      for (let m = 0; m < levels; m++) trained[m]![n] = flow[b * levels + m]! / depth[b]!;
      n++;
    }
    if (n < trainBars) continue;
    const component = firstComponent(covariance(trained), levels);
    if (component === null) continue;
    out.share[s] = component.share;
    out.lastTrained[s] = b - 1;
    const weights = out.weights.subarray(s * levels, (s + 1) * levels);
    const norm = component.direction.reduce((sum, w) => sum + Math.abs(w), 0);
    for (let m = 0; m < levels; m++) weights[m] = component.direction[m]! / norm;
    for (; b < end; b++) {
      if (!isWhole(flows, levels, b)) continue;
      let sum = 0;
      for (let m = 0; m < levels; m++) sum += weights[m]! * (flow[b * levels + m]! / depth[b]!);
      out.values[b] = sum;
    }
  }
  return out;
}

/** A flow at every level, of a book with some depth. */
function isWhole({ flow, depth }: Flows, levels: number, bar: number): boolean {
  for (let m = 0; m < levels; m++) if (Number.isNaN(flow[bar * levels + m]!)) return false;
  return depth[bar]! > 0;
}

/** Of series of equal length, from which it takes the mean. */
function covariance(series: readonly Float64Array[]): Float64Array {
  const size = series.length;
  const out = new Float64Array(size * size);
  for (const values of series) centre(values);
  series.forEach((a, m) => {
    for (let k = 0; k <= m; k++) {
      const b = series[k]!;
      let sum = 0;
      for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
      out[m * size + k] = sum / (a.length - 1);
      out[k * size + m] = out[m * size + k]!;
    }
  });
  return out;
}
