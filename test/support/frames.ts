import {
  type Frame,
  type Instrument,
  measureTrades,
  SIDE_BUY,
  SIDE_SELL,
  SIDE_UNKNOWN,
} from '../../src/core/columns.js';
import { decimal } from '../../src/core/decimal.js';

export interface TradeRow {
  /** µs since the epoch. */
  readonly t: number;
  /** Tick number. */
  readonly k: number;
  readonly lots: number | bigint;
  readonly side?: 'B' | 'S' | 'U';
  /** Availability, µs; default t. */
  readonly a?: number;
}

export interface FrameOptions {
  readonly tick?: string;
  readonly lot?: string;
  readonly tickDeclared?: boolean;
  readonly contract?: 'linear' | 'inverse';
  readonly multiplier?: string;
  readonly unit?: 1 | 1000 | 1_000_000;
}

/** A trades frame from rows already in (ts, seq, row) order, one list an instrument, named A, B, … */
export function frameOf(instruments: readonly (readonly TradeRow[])[], options: FrameOptions = {}): Frame {
  const rows = instruments.reduce((n, list) => n + list.length, 0);
  const all = instruments.flat();
  const first = Math.min(...all.map((r) => r.t));
  const base = rows === 0 ? 0 : Math.floor(first / 1_000_000) * 1_000_000;
  const unit = options.unit ?? 1000;
  const offsets = new Uint32Array(instruments.length + 1);
  const time = new Uint32Array(rows);
  const fine = new Uint32Array(rows);
  const tick = new Int32Array(rows);
  const size = new Uint32Array(rows);
  const sizeHi = new Uint32Array(rows);
  const available = new Float64Array(rows);
  const meta: Instrument[] = [];
  let at = 0;
  instruments.forEach((list, s) => {
    const origin = list[0]?.k ?? 0;
    meta.push({
      symbol: symbolOf(s),
      tick: decimal(options.tick ?? '0.01'),
      lot: decimal(options.lot ?? '0.001'),
      tickDeclared: options.tickDeclared ?? true,
      lotDeclared: true,
      contract: options.contract ?? 'linear',
      multiplier: decimal(options.multiplier ?? '1'),
      base: origin,
    } as Instrument);
    for (const row of list) {
      const lots = BigInt(row.lots);
      const side = row.side === 'B' ? SIDE_BUY : row.side === 'S' ? SIDE_SELL : SIDE_UNKNOWN;
      const packed = lots * 4n + BigInt(side);
      time[at] = Math.floor((row.t - base) / unit);
      fine[at] = (row.t - base) % unit;
      tick[at] = row.k - origin;
      size[at] = Number(packed & 0xffffffffn);
      sizeHi[at] = Number(packed >> 32n);
      available[at] = Math.max(row.t, row.a ?? row.t);
      at++;
    }
    offsets[s + 1] = at;
  });
  const wide = sizeHi.some((w) => w !== 0) ? sizeHi : undefined;
  return {
    kind: 'trades',
    instruments: meta,
    offsets,
    rows,
    time: { base, unit },
    columns: {
      time,
      tick,
      size,
      ...(fine.some((f) => f !== 0) && { fine }),
      ...(wide && { sizeHi: wide }),
      ...(all.some((r) => r.a !== undefined) && { available }),
    },
    stats: measureTrades(instruments.length, offsets, tick, size, wide),
  };
}

/** A, B, … Z, AA, … in code-unit order of equal lengths. */
export const symbolOf = (s: number): string => `S${String(s).padStart(5, '0')}`;
