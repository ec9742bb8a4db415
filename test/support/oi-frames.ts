import type { Frame, Instrument } from '../../src/core/columns.js';
import { decimal } from '../../src/core/decimal.js';
import { noStats } from '../../src/engine/panel.js';
import { type FrameOptions, symbolOf } from './frames.js';

/** Open interest at a moment; NaN where it is not known. */
export interface OiRow {
  readonly t: number;
  readonly a?: number;
  readonly oi: number;
}

/** An open-interest frame of observations already in order. */
export function oiFrameOf(instruments: readonly (readonly OiRow[])[], options: FrameOptions = {}): Frame {
  const all = instruments.flat();
  const offsets = new Uint32Array(instruments.length + 1);
  instruments.forEach((list, s) => {
    offsets[s + 1] = offsets[s]! + list.length;
  });
  const meta = instruments.map(
    (_, s): Instrument => ({
      ...{ symbol: symbolOf(s), base: 0, tickDeclared: options.tickDeclared ?? true },
      ...{ tick: decimal(options.tick ?? '0.01'), lot: decimal(options.lot ?? '0.001') },
      ...{ contract: options.contract ?? 'linear', multiplier: decimal(options.multiplier ?? '1') },
    }),
  );
  return {
    ...{ kind: 'oi', instruments: meta, offsets, rows: all.length, time: { base: 0, unit: 1 as const } },
    columns: {
      time: Float64Array.from(all, ({ t }) => t),
      available: Float64Array.from(all, ({ t, a }) => Math.max(t, a ?? t)),
      oi: Float64Array.from(all, ({ oi }) => oi),
      oi_usd: new Float64Array(all.length).fill(Number.NaN),
    },
    stats: noStats(instruments.length),
  };
}
