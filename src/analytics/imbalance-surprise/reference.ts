import type { Tile, TileResult } from '../../core/analytic.js';
import type { Frame } from '../../core/columns.js';
import { ema } from '../../core/ema.js';
import { lotsToSizes } from '../../core/panel-rows.js';
import { panelSessions } from '../../core/panel-sessions.js';
import { SlidingWindow } from '../../core/sliding-window.js';
import { warmedUp } from '../../core/warmed-up.js';
import { zScore } from '../../core/z-score.js';
import { outputColumns, type SurpriseParams } from './columns.js';
import { robustScore, toSteps } from './steps.js';

type Out = ReturnType<typeof outputColumns>;

/** Imbalance of each bar, what it adds up to, its averages, and where it stands among the bars before it. */
export function reference(tile: Tile, params: SurpriseParams): TileResult {
  const frame = tile.inputs.panel!;
  const out = outputColumns(frame);
  flows(frame, params, out);
  surprise(frame, params, out);
  for (const lots of [out.delta, out.cvd, out.volume_ema]) lotsToSizes(frame, lots);
  return { outputs: { bars: { rows: frame.rows, columns: out } } };
}

function flows(frame: Frame, params: SurpriseParams, out: Out): void {
  const { buy_volume: buy, sell_volume: sell, volume } = frame.columns as Record<string, Float64Array>;
  const { session } = panelSessions(frame, params.anchor, 'imbalance-surprise anchor');
  for (let s = 0; s < frame.instruments.length; s++) {
    const from = frame.offsets[s]!;
    const to = frame.offsets[s + 1]!;
    let cvd = 0;
    for (let i = from; i < to; i++) {
      if (i > from && session[i] !== session[i - 1]) cvd = 0;
      const delta = buy![i]! - sell![i]!;
      // a bar that nobody saw has no place in the sum, and does not end it
      if (Number.isNaN(delta)) continue;
      cvd += delta;
      out.cvd[i] = cvd;
      out.delta[i] = delta;
      const known = buy![i]! + sell![i]!;
      // 0 / 0 is NaN, the null
      out.vi[i] = delta / known;
      out.coverage[i] = known / volume![i]!;
    }
    ema(out.vi.subarray(from, to), to - from, params.ema, params.seed, out.vi_ema.subarray(from, to));
    ema(volume!.subarray(from, to), to - from, params.ema, params.seed, out.volume_ema.subarray(from, to));
  }
}

/** A window of bars slides over each instrument; a bar without VI holds its place in it, and nothing else. */
function surprise(frame: Frame, params: SurpriseParams, out: Out): void {
  const { bars, includeCurrent, minPeriods } = params;
  const robust = params.form === 'robust';
  const window = new SlidingWindow(bars);
  const { moments, sorted } = window;
  const lag = includeCurrent ? 0 : 1;
  const steps = out.vi.map(toSteps);
  for (let s = 0; s < frame.instruments.length; s++) {
    const from = frame.offsets[s]!;
    window.clear();
    for (let i = from; i < frame.offsets[s + 1]!; i++) {
      const enter = i - lag;
      window.slide(steps, from, enter);
      const own = steps[i]!;
      if (!(own >= 0) || !warmedUp(enter - from + 1 >= bars, sorted.size, minPeriods)) continue;
      out.vi_percentile[i] = sorted.rank(own) / (2 * sorted.size);
      if (robust) {
        const centre = sorted.twiceMedian();
        out.vi_z[i] = robustScore(own, centre, sorted.fourDeviations(centre));
      } else out.vi_z[i] = zScore(own, moments.count, moments.sum, moments.scatter());
    }
  }
}
