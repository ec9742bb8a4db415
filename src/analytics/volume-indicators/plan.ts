import type { Kernel, PlanContext, TileResult } from '../../core/analytic.js';
import { decodeF64 } from '../../core/exact.js';
import type { Dispatch, Plan } from '../../core/plan.js';
import { gridGroups, packUniform, storage, uniform } from '../../core/planners.js';
import { type ObservedBars, observedBars } from './observed.js';
import { type Indicator, type Params, wantedOf } from './parameters.js';
import { COLUMNS, finishInstrument, indicatorTable } from './table.js';
import { typicalPrices } from './typical.js';

const shape = { rows: 'u32', instruments: 'u32' } as const;
const seeded = { ...shape, seed_first: 'u32' } as const;
const layouts = {
  totals: shape,
  klinger: shape,
  averages: {
    ...seeded,
    ...({ adosc_fast: 'u32', adosc_slow: 'u32', pvo_fast: 'u32', pvo_slow: 'u32' } as const),
    ...({ kvo_fast: 'u32', kvo_slow: 'u32' } as const),
  },
  oscillators: { ...seeded, pvo_signal: 'u32', kvo_signal: 'u32', back: 'u32' },
  windows: { ...shape, period: 'u32' },
} as const;

type Shader = keyof typeof layouts;

/** Averages of an instrument, and oscillators: a thread each. */
const LINES = 8;
const KINDS = 4;

/** Columns of a buffer that are read, one after another, and how many it has. */
const BLOCKS: Readonly<Record<string, { readonly columns: readonly string[]; readonly all: number }>> = {
  totals: { columns: ['obv', 'pvt', 'nvi', 'pvi', 'adl'], all: 5 },
  averages: { columns: ['force2', 'force13'], all: LINES },
  oscillators: { columns: ['adosc', 'pvo', 'kvo', 'vroc', 'pvo_signal', 'kvo_signal'], all: 6 },
  windows: { columns: ['cmf', 'vwma', 'mfi', 'emv', 'emv_sma'], all: 5 },
  // money flow volume, raw force, volume force
  terms: { columns: [], all: 3 },
  // the two sums of a window
  work: { columns: [], all: 2 },
};

/** One entry point: whom it serves, and its buffers after the parameters and offsets. */
interface Pass {
  readonly shader: Shader;
  readonly entry: string;
  readonly serves: readonly Indicator[];
  readonly binds: readonly string[];
  /** Threads an instrument. */
  readonly threads?: number;
}

const window = (entry: Indicator, value: string): Pass => ({
  ...{ shader: 'windows', entry, serves: [entry] },
  binds: ['high', 'low', value, 'volume', 'work', 'windows'],
});
const BARS = ['high', 'low', 'close', 'volume'];

/** In order: later passes take what earlier ones wrote. */
const PASSES: readonly Pass[] = [
  {
    ...{ shader: 'totals', entry: 'totals', binds: [...BARS, 'terms', 'totals'] },
    serves: ['obv', 'pvt', 'nvi', 'pvi', 'adl', 'adosc', 'cmf', 'force'],
  },
  { shader: 'klinger', entry: 'klinger', serves: ['kvo'], binds: [...BARS, 'terms'] },
  {
    ...{ shader: 'averages', entry: 'averages', binds: ['volume', 'terms', 'totals', 'averages'] },
    ...{ serves: ['force', 'adosc', 'pvo', 'kvo'], threads: LINES },
  },
  {
    ...{ shader: 'oscillators', entry: 'oscillators', binds: ['volume', 'averages', 'oscillators'] },
    ...{ serves: ['adosc', 'pvo', 'kvo', 'vroc'], threads: KINDS },
  },
  ...[window('cmf', 'terms'), window('vwma', 'close'), window('mfi', 'typical'), window('emv', 'close')],
];

const passesOf = (params: Params): readonly Pass[] => {
  const wanted = wantedOf(params);
  return PASSES.filter(({ serves }) => serves.some((indicator) => wanted.has(indicator)));
};

/** Scalars of a pass's struct. */
function scalarsOf({ shader, entry }: Pass, { rows, offsets }: ObservedBars, p: Params): Uint32Array {
  const size = { rows, instruments: offsets.length - 1 };
  const seed_first = p.emaSeed === 'first' ? 1 : 0;
  switch (shader) {
    case 'totals':
    case 'klinger':
      return packUniform(layouts[shader], size);
    case 'averages':
      return packUniform(layouts.averages, {
        ...{ ...size, seed_first, adosc_fast: p.adoscFast, adosc_slow: p.adoscSlow },
        ...{ pvo_fast: p.pvoFast, pvo_slow: p.pvoSlow, kvo_fast: p.kvoFast, kvo_slow: p.kvoSlow },
      });
    case 'oscillators':
      return packUniform(layouts.oscillators, {
        ...{ ...size, seed_first, pvo_signal: p.pvoSignal, kvo_signal: p.kvoSignal, back: p.vrocPeriod },
      });
    case 'windows': {
      const { cmfPeriod: cmf, vwmaPeriod: vwma, mfiPeriod: mfi, emvPeriod: emv } = p;
      return packUniform(layouts.windows, { ...size, period: { cmf, vwma, mfi, emv }[entry]! });
    }
    default:
      return shader satisfies never;
  }
}

/** Override constants of a shader. */
const constantsOf = (shader: Shader, p: Params): Dispatch['constants'] => {
  if (shader === 'klinger')
    return { OUTER: p.kvoForm === 'outer' ? 1 : 0, ZERO_RANGE: p.kvoZeroRange === '0' ? 1 : 0 };
  return shader === 'windows' ? { BOTH_ZERO: ['null', '100', '0'].indexOf(p.mfiBothZero) } : {};
};

function plan({ tile, params, limits, workgroup }: PlanContext<Params>): Plan {
  const bars = observedBars(tile.inputs.panel!);
  const { rows, offsets } = bars;
  const typical = new Float64Array(rows);
  typicalPrices(bars.columns, params.typicalPrice, 0, rows, typical);
  const inputs: Record<string, Float64Array> = { ...bars.columns, typical };
  const passes = passesOf(params);
  const uploaded = [...BARS, 'typical'];
  return {
    buffers: {
      ...Object.fromEntries(passes.map(({ shader, entry }) => [`${entry}Params`, uniform(layouts[shader])])),
      offsets: storage(offsets.length),
      ...Object.fromEntries(uploaded.map((name) => [name, storage(rows * 2)])),
      ...Object.fromEntries(Object.entries(BLOCKS).map(([name, { all }]) => [name, storage(rows * 2 * all)])),
    },
    uploads: [
      ...passes.map((pass) => ({
        ...{ buffer: `${pass.entry}Params`, data: scalarsOf(pass, bars, params), encode: 'raw' as const },
      })),
      { buffer: 'offsets', data: offsets, encode: 'raw' },
      ...uploaded.map((name) => ({ buffer: name, data: inputs[name]!, encode: 'f64' as const })),
    ],
    dispatches: passes.map(({ shader, entry, binds, threads = 1 }) => ({
      ...{ shader, entry, constants: { WG: workgroup, ...constantsOf(shader, params) } },
      bind: [`${entry}Params`, 'offsets', ...binds],
      groups: gridGroups(threads * (offsets.length - 1), workgroup, limits),
    })),
    reads: Object.entries(BLOCKS)
      .filter(([, { columns }]) => columns.some((name) => wantedColumns(params).has(name)))
      .map(([name, { columns }]) => ({ name, buffer: name, words: rows * 2 * columns.length })),
  };
}

const wantedColumns = (params: Params): ReadonlySet<string> =>
  new Set([...wantedOf(params)].flatMap((indicator) => COLUMNS[indicator]));

function decode(
  reads: Readonly<Record<string, Uint32Array>>,
  { tile, params }: PlanContext<Params>,
): TileResult {
  const frame = tile.inputs.panel!;
  const bars = observedBars(frame);
  const blocks: Record<string, Float64Array> = {};
  for (const [buffer, words] of Object.entries(reads)) {
    const values = decodeF64(words);
    BLOCKS[buffer]!.columns.forEach((name, block) => {
      blocks[name] = values.subarray(block * bars.rows, (block + 1) * bars.rows);
    });
  }
  const wanted = wantedOf(params);
  const table = indicatorTable(frame, wanted, (name) => inRowsOf(frame.offsets, bars, blocks[name]!));
  for (let s = 0; s + 1 < frame.offsets.length; s++) finishInstrument(table, frame, bars, s, wanted, params);
  return { outputs: { indicators: table } };
}

/** Each instrument's values at the start of its rows of the panel. */
function inRowsOf(offsets: Uint32Array, bars: ObservedBars, values: Float64Array): Float64Array {
  const rows = offsets[offsets.length - 1]!;
  if (rows === bars.rows) return values;
  const out = new Float64Array(rows);
  for (let s = 0; s + 1 < offsets.length; s++)
    out.set(values.subarray(bars.offsets[s]!, bars.offsets[s + 1]!), offsets[s]!);
  return out;
}

const file = (pass: Shader) => ({
  file: new URL(`../../../shaders/volume-indicators.${pass}.wgsl`, import.meta.url),
});

export const kernel: Kernel<Params> = {
  shaders: {
    totals: file('totals'),
    averages: file('averages'),
    klinger: file('klinger'),
    oscillators: file('oscillators'),
    windows: file('windows'),
  },
  layouts,
  plan,
  decode,
};
