import type { Frame, Instrument } from '../core/columns.js';
import { decimal } from '../core/decimal.js';
import { parseDuration } from '../core/duration.js';
import { InputError } from '../core/errors.js';
import type { Units } from '../dataset/block.js';
import type { BookRows } from '../ingest/replay/index.js';
import { noStats } from './panel.js';

/** Books as `replayBooks` and `snapshotBooks` give them. */
export interface Books {
  readonly instruments: readonly {
    readonly instrument: string;
    readonly units: Units;
    readonly states: BookRows;
  }[];
  readonly levels: number;
  /** Of a replay: `at` is `event`, or the width of its grid. */
  readonly params?: Readonly<Record<string, string>>;
}

const SIDES = ['bid', 'ask'] as const;
type Levels = Readonly<Record<'tick' | 'lots', readonly Float64Array[]>>;

/**
 * Rebuilt books as a frame of kind book: a row a state, levels best first, ticks as offsets from the first best price.
 * Lots are u32, or f64 where one passes 32 bits. Ticks and lots are in storage units: none is a declared tick. Errors:
 * InputError for a price so far from the first that its offset leaves an i32.
 */
export function bookFrame({ instruments, levels, params }: Books): Frame {
  const offsets = new Uint32Array(instruments.length + 1);
  instruments.forEach(({ states }, s) => {
    offsets[s + 1] = offsets[s]! + states.rows;
  });
  const rows = offsets[instruments.length]!;
  const sides = instruments.map(({ states }) => SIDES.map((side) => levelsOf(states, side, levels)));
  const wide = sides.flat().some(({ lots }) => lots.some((column) => column.some((q) => q >= 2 ** 32)));
  const sizes = () => (wide ? new Float64Array(rows * levels) : new Uint32Array(rows * levels));
  const time = new Float64Array(rows);
  const available = new Float64Array(rows);
  const state = new Uint32Array(rows);
  const measured = instruments.some((one) => one.states.columns.depth !== undefined);
  const depth = new Float64Array(measured ? rows : 0);
  const ticks = SIDES.map(() => new Int32Array(rows * levels));
  const lots = SIDES.map(sizes);
  const named = instruments.map(({ instrument, units, states }, s): Instrument => {
    const from = offsets[s]!;
    time.set(states.columns.ts!, from);
    available.set(states.columns.recv_ts!, from);
    state.set(states.state, from);
    if (measured) depth.set(states.columns.depth!, from);
    const base = firstPrice(sides[s]!, states.rows);
    sides[s]!.forEach((side, n) => {
      for (let l = 0; l < levels; l++) {
        const place = from * levels + l;
        putTicks(ticks[n]!, place, levels, side.tick[l]!, base, instrument);
        putLots(lots[n]!, place, levels, side.lots[l]!);
      }
    });
    return {
      ...{ symbol: instrument, tick: units.price, lot: units.size, tickDeclared: false, base },
      ...{ contract: 'linear', multiplier: decimal(1) },
    };
  });
  const every = params?.at === undefined ? undefined : parseDuration(params.at);
  return {
    ...{ kind: 'book', instruments: named, offsets, rows, time: { base: 0, unit: 1 } },
    columns: {
      ...{ time, available, state, ...(measured ? { depth } : {}) },
      ...{ bid_tick: ticks[0]!, bid_lots: lots[0]!, ask_tick: ticks[1]!, ask_lots: lots[1]! },
    },
    strides: { bid_tick: levels, bid_lots: levels, ask_tick: levels, ask_lots: levels },
    ...(every === undefined ? {} : { step: every }),
    stats: noStats(instruments.length),
  };
}

const levelsOf = ({ columns }: BookRows, side: string, levels: number): Levels => {
  const of = (what: string) => Array.from({ length: levels }, (_, l) => columns[`${side}_${what}_${l + 1}`]!);
  return { tick: of('tick'), lots: of('lots') };
};

/** Best bid of the first row that has one, or else its best ask; 0 if no row has a price. */
function firstPrice([bids, asks]: readonly Levels[], rows: number): number {
  for (let i = 0; i < rows; i++)
    for (const side of [bids!, asks!]) if (!Number.isNaN(side.tick[0]![i]!)) return side.tick[0]![i]!;
  return 0;
}

function putTicks(
  out: Int32Array,
  place: number,
  stride: number,
  ticks: Float64Array,
  base: number,
  name: string,
): void {
  for (let i = 0, at = place; i < ticks.length; i++, at += stride) {
    // a missing level is NaN, which becomes 0
    const offset = ticks[i]! - base;
    out[at] = offset;
    if (out[at] !== offset && !Number.isNaN(offset))
      throw new InputError(
        `${name} book price of tick`,
        ticks[i],
        `must lie within 2^31 ticks of the first, ${base}`,
      );
  }
}

function putLots(out: Uint32Array | Float64Array, place: number, stride: number, lots: Float64Array): void {
  // a missing level is NaN: no lots
  for (let i = 0, at = place; i < lots.length; i++, at += stride) out[at] = lots[i]! || 0;
}
