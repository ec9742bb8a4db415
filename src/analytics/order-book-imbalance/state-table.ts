import type { Carry } from '../../core/analytic.js';
import type { Column, Frame, Table } from '../../core/columns.js';
import { usable } from './pieces.js';
import { type Params, sidesTaken } from './rules.js';

/** Imbalances of each row and number of levels, NaN where there is none, with the levels on the thinner side. */
export interface States {
  readonly obi: Float64Array;
  readonly used: Uint32Array;
}

/** Every state by number of levels, with mid, spread and weighted mid of its best prices; empty unless asked for. */
export function stateTable(frame: Frame, params: Params, states: States | undefined, carry: Carry): Table {
  const items = params.levels.length;
  const rows = states ? frame.rows * items : 0;
  const u32 = (): Uint32Array => new Uint32Array(rows);
  const f64 = (): Float64Array => new Float64Array(rows).fill(Number.NaN);
  const out = {
    ...{ instrument: u32(), time: f64(), place: u32(), levels: u32(), state: u32() },
    ...{ mid: f64(), spread: f64(), weighted_mid: f64(), obi: f64(), n_levels: f64(), available_at: f64() },
  } satisfies Record<string, Column>;
  const time = frame.columns.time as Float64Array;
  const available = frame.columns.available as Float64Array;
  const state = frame.columns.state as Uint32Array;
  for (let s = 0; states && s + 1 < frame.offsets.length; s++) {
    const from = frame.offsets[s]!;
    let known = carry.known![s]!;
    let place = 0;
    for (let row = from; row < frame.offsets[s + 1]!; row++) {
      known = Math.max(known, available[row]!);
      place = row > from && time[row] === time[row - 1] ? place + 1 : 0;
      const at = row * items;
      out.instrument.fill(s, at, at + items);
      out.time.fill(time[row]!, at, at + items);
      out.place.fill(place, at, at + items);
      out.state.fill(state[row]!, at, at + items);
      out.available_at.fill(known, at, at + items);
      for (let item = 0; item < items; item++) {
        out.levels[at + item] = params.levels[item]!;
        out.obi[at + item] = states.obi[at + item]!;
        if (!Number.isNaN(out.obi[at + item]!)) out.n_levels[at + item] = states.used[at + item]!;
      }
      if (usable(frame, row, params) && sidesTaken(state[row]!, params) === 1)
        putPrices(out, frame, s, row, at, items);
    }
  }
  return { rows, columns: out };
}

/** Mid (b + a) / 2, spread a - b, and (P_a q_b + P_b q_a) / (q_a + q_b). */
function putPrices(
  out: Record<'mid' | 'spread' | 'weighted_mid', Float64Array>,
  { columns, instruments, strides }: Frame,
  s: number,
  row: number,
  at: number,
  items: number,
): void {
  const { base, tick } = instruments[s]!;
  const best = row * strides!.bid_tick!;
  const bid = base + (columns.bid_tick as Int32Array)[best]!;
  const ask = base + (columns.ask_tick as Int32Array)[best]!;
  const bids = (columns.bid_lots as Float64Array)[best]!;
  const asks = (columns.ask_lots as Float64Array)[best]!;
  const unit = 10 ** tick.scale;
  out.mid.fill(((bid + ask) * tick.coef) / (2 * unit), at, at + items);
  out.spread.fill(((ask - bid) * tick.coef) / unit, at, at + items);
  out.weighted_mid.fill((((ask * bids + bid * asks) / (bids + asks)) * tick.coef) / unit, at, at + items);
}
