import type { Frame, Instrument } from '../../src/core/columns.js';
import { decimal } from '../../src/core/decimal.js';
import type { ExactColumn } from '../../src/core/exact.js';
import { panelOf } from '../../src/engine/panel.js';
import { type FrameOptions, symbolOf } from './frames.js';

/** A bar: prices in ticks, volumes in lots. */
export interface BarRow {
  /** Start, µs since the epoch. */
  readonly t: number;
  readonly o: number;
  readonly h: number;
  readonly l: number;
  readonly c: number;
  readonly buy?: number;
  readonly sell?: number;
  readonly unknown?: number;
  readonly trades?: number;
  readonly notional?: number;
  /** Availability, µs; default the end of the bar. */
  readonly a?: number;
}

/** A panel of bars `every` µs wide; bars that are not there were not observed unless `absent` says empty. */
export function panelFrameOf(
  instruments: readonly (readonly BarRow[])[],
  every: number,
  options: FrameOptions & { readonly absent?: 'empty' | 'unknown' } = {},
): Frame {
  const all = instruments.flat();
  const offsets = new Uint32Array(instruments.length + 1);
  instruments.forEach((list, s) => {
    offsets[s + 1] = offsets[s]! + list.length;
  });
  const tick = decimal(options.tick ?? '0.01');
  const lot = decimal(options.lot ?? '0.001');
  const of = (value: (row: BarRow) => number): Float64Array => Float64Array.from(all, value);
  const exact = (value: (row: BarRow) => number): ExactColumn => ({ values: of(value), wide: undefined });
  const volume = ({ buy = 0, sell = 0, unknown = 0 }: BarRow): number => buy + sell + unknown;
  return panelOf({
    instruments: instruments.map(
      (_, s): Instrument => ({
        ...{ symbol: symbolOf(s), tick, lot, base: 0, tickDeclared: options.tickDeclared ?? true },
        ...{ contract: options.contract ?? 'linear', multiplier: decimal(options.multiplier ?? '1') },
      }),
    ),
    ...{ offsets, every, absent: options.absent ?? 'unknown' },
    time: of(({ t }) => t),
    available: of(({ t, a }) => a ?? t + every),
    prices: {
      open: of(({ o }) => o),
      high: of(({ h }) => h),
      low: of(({ l }) => l),
      close: of(({ c }) => c),
    },
    volumes: [
      exact(({ buy }) => buy ?? 0),
      exact(({ sell }) => sell ?? 0),
      exact(({ unknown }) => unknown ?? 0),
    ],
    trades: of(({ trades }) => trades ?? 1),
    notional: of(
      (row) =>
        row.notional ?? (((row.c * tick.coef) / 10 ** tick.scale) * volume(row) * lot.coef) / 10 ** lot.scale,
    ),
  });
}
