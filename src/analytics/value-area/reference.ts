import type { Tile, TileResult } from '../../core/analytic.js';
import { decimal } from '../../core/decimal.js';
import { bigAt, type ExactColumn, exactColumn, SAFE, setBig } from '../../core/exact.js';
import { timeGroups } from '../../core/time-groups.js';
import { type Area, type Rules, valueArea } from './grow.js';
import { profileSummary } from './profiles.js';

export interface ValueAreaParams extends Rules {
  readonly share: number;
}

/** Each profile by the rule in words; in f64 while its volume stays below 2^53, else in BigInt. */
export function reference(tile: Tile, params: ValueAreaParams): TileResult {
  const frame = tile.inputs.profile!;
  const starts = timeGroups(frame);
  const summary = profileSummary(frame, starts);
  const profiles = starts.length - 1;
  const row = frame.columns.row as Float64Array;
  const volume = frame.columns.volume as ExactColumn;
  const share = decimal(params.share);
  const column = (): Float64Array => new Float64Array(profiles);
  const out = {
    ...summary,
    poc_row: column(),
    val_row: column(),
    vah_row: column(),
    poc_volume: exactColumn(profiles),
    contained_volume: exactColumn(profiles),
  };
  for (let p = 0; p < profiles; p++) {
    const from = starts[p]!;
    const to = starts[p + 1]!;
    const rows = row.subarray(from, to);
    const total = summary.volume.values[p]!;
    // least volume that satisfies the stop rule: ceil(share · total), or the next integer above it
    const product = bigAt(summary.volume, p) * BigInt(share.coef);
    const unit = 10n ** BigInt(share.scale);
    const least = params.stop === 'gt' ? product / unit + 1n : (product + unit - 1n) / unit;
    const area: Area<number | bigint> =
      total < SAFE
        ? valueArea<number>(rows, volume.values.subarray(from, to), Number(least), 0, params)
        : valueArea<bigint>(
            rows,
            Array.from(rows, (_, i) => bigAt(volume, from + i)),
            least,
            0n,
            params,
          );
    out.poc_row[p] = rows[area.poc]!;
    out.val_row[p] = area.lowest;
    out.vah_row[p] = area.highest;
    setBig(out.poc_volume, p, bigAt(volume, from + area.poc));
    setBig(out.contained_volume, p, BigInt(area.contained));
  }
  return { outputs: { areas: { rows: profiles, columns: out } } };
}
