import type { Kernel, PlanContext, TileResult } from '../../core/analytic.js';
import { decodeF64 } from '../../core/exact.js';
import type { Dispatch, Plan } from '../../core/plan.js';
import { gridGroups, packUniform, storage, uniform } from '../../core/planners.js';
import { type ObservedBars, observedBars } from './observed.js';
import { type Indicator, type Params, wantedOf } from './parameters.js';
import { finishInstrument, indicatorTable } from './table.js';
import { typicalPrices } from './typical.js';

const shape = { rows: 'u32', instruments: 'u32' } as const;
const ema = { ...shape, seed_first: 'u32', fast: 'u32', slow: 'u32' } as const;
const layouts = {
  totals: shape,
  flow: ema,
  averages: { ...ema, signal: 'u32', back: 'u32' },
  klinger: { ...ema, signal: 'u32' },
  windows: { ...shape, period: 'u32' },
} as const;

type Shader = keyof typeof layouts;

/** Columns that a shader's buffer holds, one after another. */
const BLOCKS: Readonly<Record<Shader, readonly string[]>> = {
  totals: ['obv', 'pvt', 'nvi', 'pvi'],
  flow: ['adl', 'adosc'],
  averages: ['force2', 'force13', 'pvo', 'pvo_signal', 'vroc'],
  klinger: ['kvo', 'kvo_signal'],
  windows: ['cmf', 'vwma', 'mfi', 'emv', 'emv_sma'],
};

/** One entry point: whom it serves, in order, since CMF reads what the flow left. */
interface Pass {
  readonly shader: Shader;
  readonly entry: string;
  readonly serves: readonly Indicator[];
  readonly reads: readonly string[];
}

const BARS = ['high', 'low', 'close', 'volume'];
const PASSES: readonly Pass[] = [
  { shader: 'totals', entry: 'totals', serves: ['obv', 'pvt', 'nvi', 'pvi'], reads: ['close', 'volume'] },
  { shader: 'flow', entry: 'flow', serves: ['adl', 'adosc', 'cmf'], reads: [...BARS, 'work'] },
  { shader: 'averages', entry: 'averages', serves: ['force', 'pvo', 'vroc'], reads: ['close', 'volume'] },
  { shader: 'klinger', entry: 'klinger', serves: ['kvo'], reads: BARS },
  { shader: 'windows', entry: 'cmf', serves: ['cmf'], reads: [...BARS, 'work'] },
  { shader: 'windows', entry: 'vwma', serves: ['vwma'], reads: [...BARS, 'work'] },
  { shader: 'windows', entry: 'mfi', serves: ['mfi'], reads: ['high', 'low', 'typical', 'volume', 'work'] },
  { shader: 'windows', entry: 'emv', serves: ['emv'], reads: [...BARS, 'work'] },
];

const passesOf = (params: Params): readonly Pass[] => {
  const wanted = wantedOf(params);
  return PASSES.filter(({ serves }) => serves.some((indicator) => wanted.has(indicator)));
};

/** Scalars of a pass's struct. */
function scalarsOf({ shader, entry }: Pass, { rows, offsets }: ObservedBars, p: Params): Uint32Array {
  const size = { rows, instruments: offsets.length - 1 };
  const seeded = { ...size, seed_first: p.emaSeed === 'first' ? 1 : 0 };
  switch (shader) {
    case 'totals':
      return packUniform(layouts.totals, size);
    case 'flow':
      return packUniform(layouts.flow, { ...seeded, fast: p.adoscFast, slow: p.adoscSlow });
    case 'averages': {
      const { pvoFast: fast, pvoSlow: slow, pvoSignal: signal, vrocPeriod: back } = p;
      return packUniform(layouts.averages, { ...seeded, fast, slow, signal, back });
    }
    case 'klinger': {
      const { kvoFast: fast, kvoSlow: slow, kvoSignal: signal } = p;
      return packUniform(layouts.klinger, { ...seeded, fast, slow, signal });
    }
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
  const shaders = [...new Set(passes.map(({ shader }) => shader))];
  const uploaded = [...BARS, 'typical'];
  const groups = gridGroups(offsets.length - 1, workgroup, limits);
  return {
    buffers: {
      ...Object.fromEntries(passes.map(({ shader, entry }) => [`${entry}Params`, uniform(layouts[shader])])),
      offsets: storage(offsets.length),
      ...Object.fromEntries(uploaded.map((name) => [name, storage(rows * 2)])),
      // two columns of windows, one of money flow
      work: storage(rows * 2 * 3),
      ...Object.fromEntries(
        shaders.map((shader) => [`${shader}Out`, storage(rows * 2 * BLOCKS[shader].length)]),
      ),
    },
    uploads: [
      ...passes.map((pass) => ({
        ...{ buffer: `${pass.entry}Params`, data: scalarsOf(pass, bars, params), encode: 'raw' as const },
      })),
      { buffer: 'offsets', data: offsets, encode: 'raw' },
      ...uploaded.map((name) => ({ buffer: name, data: inputs[name]!, encode: 'f64' as const })),
    ],
    dispatches: passes.map(({ shader, entry, reads }) => ({
      ...{ shader, entry, groups, constants: { WG: workgroup, ...constantsOf(shader, params) } },
      bind: [`${entry}Params`, 'offsets', ...reads, `${shader}Out`],
    })),
    reads: shaders.map((shader) => ({
      ...{ name: shader, buffer: `${shader}Out`, words: rows * 2 * BLOCKS[shader].length },
    })),
  };
}

function decode(
  reads: Readonly<Record<string, Uint32Array>>,
  { tile, params }: PlanContext<Params>,
): TileResult {
  const frame = tile.inputs.panel!;
  const bars = observedBars(frame);
  const blocks: Record<string, Float64Array> = {};
  for (const [shader, words] of Object.entries(reads)) {
    const values = decodeF64(words);
    BLOCKS[shader as Shader].forEach((name, block) => {
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
    flow: file('flow'),
    averages: file('averages'),
    klinger: file('klinger'),
    windows: file('windows'),
  },
  layouts,
  plan,
  decode,
};
