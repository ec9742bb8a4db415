import type { Tile, TileResult } from '../../core/analytic.js';
import { instrumentsWithRows, longestSeries } from '../../core/panel-rows.js';
import { setSums } from '../../stats/correlation-columns.js';
import { lagTable, type PairSums, pairScratch, pairSums } from '../../stats/pair-sums.js';
import { lagColumns, lagSeries, shifted, type Target } from './lagged.js';
import { addRankSums } from './rank-sums.js';
import { type RollingParams, rollingTable } from './rolling.js';

interface Params extends RollingParams {
  readonly maxLag: number;
  readonly target: Target;
  readonly hacLags: number | undefined;
}

/** Every instrument at every lag; then its windows, if asked for. */
export function reference(tile: Tile, params: Params): TileResult {
  const { maxLag, target, hacLags } = params;
  const frame = tile.inputs.bars!;
  const { x, y } = lagSeries(frame, target);
  const { rows, columns } = lagColumns(frame, maxLag);
  const lags = lagTable(longestSeries(frame), hacLags);
  const scratch = pairScratch(longestSeries(frame));
  const sums: PairSums = { n: 0, xx: 0, yy: 0, xy: 0, windows: 0 };
  let row = 0;
  for (const s of instrumentsWithRows(frame))
    for (let lag = -maxLag; lag <= maxLag; lag++) {
      const at = shifted(frame.offsets[s]!, frame.offsets[s + 1]!, lag);
      pairSums(x, at.x, y, at.y, at.rows, lags, scratch, sums);
      setSums(columns, '', row++, sums);
    }
  addRankSums(frame, { x, y }, maxLag, hacLags, columns);
  return { outputs: { lags: { rows, columns }, rolling: rollingTable(frame, { x, y }, params) } };
}
