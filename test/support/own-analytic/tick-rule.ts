import {
  barGrid,
  type Carry,
  defineAnalytic,
  exactColumn,
  finestLevel,
  gridGroups,
  type Kernel,
  PlanError,
  packUniform,
  param,
  setBig,
  storage,
  type Table,
  type Tile,
  type TileResult,
  uniform,
  weightedRatio,
  weightedSum,
} from 'steelyard';

interface Params {
  readonly every: readonly number[];
}

/** State before an instrument's first trade; afterwards -1, 0 or 1. */
const NO_TRADE = 2;

/** The rule, trade by trade: up or down by price, the last direction where the price stays. */
function reference(tile: Tile, params: Params, carry: Carry): TileResult {
  const frame = tile.inputs.trades!;
  const grid = barGrid(frame, finestLevel(params.every));
  const { time, tick, size } = frame.columns as Record<string, Uint32Array>;
  const last = Int32Array.from(carry.last!);
  const sign = Int32Array.from(carry.sign!);
  const rows: { s: number; cell: number; lots: [number, number, number]; trades: number; sign: number }[] =
    [];
  for (let s = 0; s < frame.instruments.length; s++) {
    let open: (typeof rows)[number] | undefined;
    for (let i = frame.offsets[s]!; i < frame.offsets[s + 1]!; i++) {
      const k = tick![i]!;
      if (sign[s] === NO_TRADE) sign[s] = 0;
      else if (k !== last[s]) sign[s] = k > last[s]! ? 1 : -1;
      last[s] = k;
      const cell = Math.floor((time![i]! + grid.phase) / grid.units);
      if (open?.cell !== cell) {
        open = { s, cell, lots: [0, 0, 0], trades: 0, sign: 0 };
        rows.push(open);
      }
      open.lots[sign[s]! + 1]! += size![i]! >>> 2;
      open.trades++;
      open.sign = sign[s]!;
    }
  }
  const lots = [0, 1, 2].map((which) => {
    const column = exactColumn(rows.length);
    rows.forEach((row, n) => {
      setBig(column, n, BigInt(row.lots[which]!));
    });
    return column;
  });
  const table: Table = {
    rows: rows.length,
    columns: {
      instrument: Uint32Array.from(rows, (row) => row.s),
      time: Float64Array.from(rows, (row) => grid.start + row.cell * grid.every),
      up: lots[2]!,
      down: lots[0]!,
      flat: lots[1]!,
      trades: Uint32Array.from(rows, (row) => row.trades),
      last_sign: Int32Array.from(rows, (row) => row.sign),
    },
  };
  return { outputs: { bars: table }, carry: { last, sign } };
}

/** First pass: a thread walks one instrument, from the carried state to the state it leaves. */
const SIGNS = `override WG: u32;
//#import grid
struct Params { instruments: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
@group(0) @binding(2) var<storage, read> tick: array<i32>;
@group(0) @binding(3) var<storage, read_write> state: array<vec2<i32>>;
@group(0) @binding(4) var<storage, read_write> signs: array<i32>;
@compute @workgroup_size(WG)
fn walk(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let s = linear_thread(gid, groups, WG);
  if (s >= params.instruments) { return; }
  var last = state[s].x;
  var sign = state[s].y;
  for (var i = offsets[s]; i < offsets[s + 1u]; i++) {
    let k = tick[i];
    if (sign == ${NO_TRADE}) { sign = 0; } else if (k > last) { sign = 1; } else if (k < last) { sign = -1; }
    last = k;
    signs[i] = sign;
  }
  state[s] = vec2<i32>(last, sign);
}`;

/** Second pass: the thread of a bar's first trade sums the bar; other threads leave a count of zero. */
const BARS = `override WG: u32;
//#import grid
//#import segment
//#import u128
struct Params { rows: u32, instruments: u32, units: u32, phase: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
@group(0) @binding(2) var<storage, read> time: array<u32>;
@group(0) @binding(3) var<storage, read> size: array<u32>;
@group(0) @binding(4) var<storage, read> signs: array<i32>;
@group(0) @binding(5) var<storage, read_write> out: array<u32>;
@compute @workgroup_size(WG)
fn sum_bar(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let row = linear_thread(gid, groups, WG);
  if (row >= params.rows) { return; }
  var low = 0u;
  var high = params.instruments;
  while (high - low > 1u) {
    let middle = (low + high) / 2u;
    if (offsets[middle] <= row) { low = middle; } else { high = middle; }
  }
  let end = cell_end(time[row], params.phase, params.units);
  out[row] = 0u;
  if (row > offsets[low] && cell_end(time[row - 1u], params.phase, params.units) == end) { return; }
  var sums: array<vec4<u32>, 3>;
  var i = row;
  for (; i < offsets[low + 1u] && time[i] < end; i++) {
    let which = signs[i] + 1;
    sums[which] = add128(sums[which], vec4<u32>(size[i] >> 2u, 0u, 0u, 0u));
  }
  let rows = params.rows;
  out[row] = i - row;
  out[rows + row] = low;
  out[2u * rows + row] = bitcast<u32>(signs[i - 1u]);
  for (var n = 0u; n < 3u; n++) {
    out[(3u + 2u * n) * rows + row] = sums[n].x;
    out[(4u + 2u * n) * rows + row] = sums[n].y;
  }
}`;

const layouts = {
  signs: { instruments: 'u32' },
  bars: { rows: 'u32', instruments: 'u32', units: 'u32', phase: 'u32' },
} as const;

const kernel: Kernel<Params> = {
  shaders: { signs: { text: SIGNS }, bars: { text: BARS } },
  layouts,
  plan({ tile, params, limits, carry, workgroup }) {
    const frame = tile.inputs.trades!;
    const { rows, instruments, offsets } = frame;
    const { time, tick, size, sizeHi } = frame.columns as Record<string, Uint32Array>;
    if (sizeHi)
      throw new PlanError('tick-rule sizes beyond lots', 2 ** 30, 'need a kernel of two-word sizes');
    const { units, phase } = barGrid(frame, finestLevel(params.every));
    const count = instruments.length;
    const state = new Int32Array(2 * count);
    for (let s = 0; s < count; s++) {
      state[2 * s] = carry.last![s]!;
      state[2 * s + 1] = carry.sign![s]!;
    }
    const constants = { WG: workgroup };
    return {
      buffers: {
        signParams: uniform(layouts.signs),
        barParams: uniform(layouts.bars),
        offsets: storage(count + 1),
        time: storage(rows),
        tick: storage(rows),
        size: storage(rows),
        state: storage(2 * count),
        signs: storage(rows),
        out: storage(9 * rows),
      },
      uploads: [
        { buffer: 'signParams', data: packUniform(layouts.signs, { instruments: count }), encode: 'raw' },
        {
          buffer: 'barParams',
          data: packUniform(layouts.bars, { rows, instruments: count, units, phase }),
          encode: 'raw',
        },
        { buffer: 'offsets', data: offsets, encode: 'raw' },
        { buffer: 'time', data: time!, encode: 'raw' },
        { buffer: 'tick', data: tick!, encode: 'raw' },
        { buffer: 'size', data: size!, encode: 'raw' },
        { buffer: 'state', data: state, encode: 'raw' },
      ],
      dispatches: [
        {
          shader: 'signs',
          entry: 'walk',
          constants,
          bind: ['signParams', 'offsets', 'tick', 'state', 'signs'],
          groups: gridGroups(count, workgroup, limits),
        },
        {
          shader: 'bars',
          entry: 'sum_bar',
          constants,
          bind: ['barParams', 'offsets', 'time', 'size', 'signs', 'out'],
          groups: gridGroups(rows, workgroup, limits),
        },
      ],
      reads: [
        { name: 'state', buffer: 'state', words: 2 * count },
        { name: 'out', buffer: 'out', words: 9 * rows },
      ],
    };
  },
  decode(reads, { tile, params }) {
    const frame = tile.inputs.trades!;
    const grid = barGrid(frame, finestLevel(params.every));
    const time = frame.columns.time as Uint32Array;
    const out = reads.out!;
    const state = new Int32Array(reads.state!.buffer, reads.state!.byteOffset, reads.state!.length);
    const { rows } = frame;
    const starts: number[] = [];
    for (let i = 0; i < rows; i++) if (out[i] !== 0) starts.push(i);
    const word = (block: number, n: number): number => out[block * rows + starts[n]!]!;
    const lots = [0, 1, 2].map((which) => {
      const column = exactColumn(starts.length);
      for (let n = 0; n < starts.length; n++)
        setBig(column, n, (BigInt(word(4 + 2 * which, n)) << 32n) | BigInt(word(3 + 2 * which, n)));
      return column;
    });
    const table: Table = {
      rows: starts.length,
      columns: {
        instrument: Uint32Array.from(starts, (_, n) => word(1, n)),
        time: Float64Array.from(
          starts,
          (i) => grid.start + Math.floor((time[i]! + grid.phase) / grid.units) * grid.every,
        ),
        up: lots[2]!,
        down: lots[0]!,
        flat: lots[1]!,
        trades: Uint32Array.from(starts, (i) => out[i]!),
        last_sign: Int32Array.from(starts, (_, n) => word(2, n) | 0),
      },
    };
    return {
      outputs: { bars: table },
      carry: {
        last: state.filter((_, n) => n % 2 === 0),
        sign: state.filter((_, n) => n % 2 === 1),
      },
    };
  },
};

const sides = (table: Table) => [table.columns.up, table.columns.down, table.columns.flat] as never;
const common = { unit: 'size', nulls: 'never', accuracy: 'exact' } as const;

/** Volume by the tick rule: an ordered analytic, whose state crosses every cut as carry. */
export const tickRule = defineAnalytic({
  name: 'tick-rule',
  version: '1.0.0',
  summary: 'Volume by direction of the last price change, per bar.',
  doc: {
    formula: 'side = sign(p - previous p), or the previous side where the price stays.',
    source: 'Lee, Ready (1991)',
  },
  params: {
    every: param.durations({ default: ['1m'], min: '1ms', doc: 'Bar widths.' }),
  },
  inputs: { trades: 'trades' },
  outputs: {
    bars: {
      grain: 'instrument × bar',
      key: ['instrument', 'time'],
      levels: (p) => p.every,
      columns: {
        instrument: { ...common, unit: 'symbol', dtype: 'instrument', merge: 'key', doc: 'Instrument.' },
        time: { ...common, unit: 'UTC', dtype: 'time', merge: 'key', doc: 'Start of the bar.' },
        up: { ...common, dtype: 'lots', merge: 'sum', doc: 'Volume after a rise.' },
        down: { ...common, dtype: 'lots', merge: 'sum', doc: 'Volume after a fall.' },
        flat: { ...common, dtype: 'lots', merge: 'sum', doc: 'Volume before any change.' },
        trades: { ...common, unit: 'trades', dtype: 'count', merge: 'sum', doc: 'Trades.' },
        last_sign: { ...common, unit: 'sign', dtype: 'index', merge: 'last', doc: 'Side at the end.' },
        delta: {
          ...common,
          dtype: 'lots',
          merge: 'derived',
          doc: 'up - down.',
          derive: ({ table }) => weightedSum(sides(table), [1, -1, 0]),
        },
        imbalance: {
          dtype: 'f64',
          unit: 'ratio',
          nulls: 'up + down = 0',
          accuracy: 'rounded',
          merge: 'derived',
          doc: '(up - down) / (up + down).',
          derive: ({ table }) => weightedRatio(sides(table), [1, -1, 0], [1, 1, 0]),
        },
        running: {
          ...common,
          dtype: 'lots',
          merge: 'scan',
          doc: 'Running sum of delta.',
          scan: { of: 'delta', op: 'sum' },
        },
        largest: {
          ...common,
          unit: 'trades',
          dtype: 'count',
          merge: 'scan',
          doc: 'Most trades of a bar so far.',
          scan: { of: 'trades', op: 'max' },
        },
      },
    },
  },
  carry: {
    last: { type: 'i32', stride: 1, initial: 0 },
    sign: { type: 'i32', stride: 1, initial: NO_TRADE },
  },
  reference,
  kernel,
  module: import.meta.url,
  exportName: 'tickRule',
});
