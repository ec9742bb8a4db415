import type { Kernel, PlanContext, TileResult } from '../../core/analytic.js';
import type { Column, Frame } from '../../core/columns.js';
import { decimal } from '../../core/decimal.js';
import { bigAt, decodeWords, type ExactColumn, exactColumn, setBig } from '../../core/exact.js';
import type { Plan } from '../../core/plan.js';
import { gridGroups, packUniform, storage, uniform } from '../../core/planners.js';
import { timeGroups } from '../../core/time-groups.js';
import type { Rules } from './grow.js';
import { profileSummary } from './profiles.js';

interface Params extends Rules {
  readonly share: number;
}

const shape = { profiles: 'u32', share_num: 'u32', share_den: 'u32' } as const;
const layouts = { grow: shape, greedy: shape } as const;

const file = (name: string) => ({ file: new URL(`../../../shaders/${name}.wgsl`, import.meta.url) });

function plan({ tile, params, limits, workgroup }: PlanContext<Params>): Plan {
  const frame = tile.inputs.profile!;
  const starts = timeGroups(frame);
  const profiles = starts.length - 1;
  const share = decimal(params.share);
  const tie = ['up', 'down', 'both'].indexOf(params.tie);
  const common = { WG: workgroup, TIE: tie, STOP_GT: params.stop === 'gt' ? 1 : 0 };
  const bind = ['params', 'starts', 'position', 'volume', 'out'];
  const groups = gridGroups(profiles, workgroup, limits);
  const greedy = params.step === 'greedy_by_volume';
  return {
    buffers: {
      params: uniform(shape),
      starts: storage(starts.length),
      position: storage(frame.rows),
      volume: storage(frame.rows * 4),
      out: storage(profiles * 8),
    },
    uploads: [
      {
        buffer: 'params',
        data: packUniform(shape, { profiles, share_num: share.coef, share_den: 10 ** share.scale }),
        encode: 'raw',
      },
      { buffer: 'starts', data: starts, encode: 'raw' },
      { buffer: 'position', data: positions(frame, starts), encode: 'raw' },
      { buffer: 'volume', data: frame.columns.volume as Column, encode: 'i128' },
    ],
    dispatches: [
      {
        shader: 'grow',
        entry: 'value_area',
        constants: {
          ...common,
          STEP: params.step === 'one_row' || greedy ? 1 : 2,
          MINIMAL: params.step === 'two_row_minimal' ? 1 : 0,
          DENSE: params.rows === 'dense' ? 1 : 0,
          POC_TIE: ['centre', 'lowest', 'highest'].indexOf(params.pocTie),
        },
        bind,
        groups,
      },
      // the first pass leaves the point of control, this one replaces the area
      ...(greedy ? [{ shader: 'greedy', entry: 'greedy', constants: common, bind, groups }] : []),
    ],
    reads: [{ name: 'out', buffer: 'out', words: profiles * 8 }],
  };
}

/** Rows above the profile's lowest. */
function positions(frame: Frame, starts: Uint32Array): Uint32Array {
  const row = frame.columns.row as Float64Array;
  const out = new Uint32Array(frame.rows);
  for (let p = 0; p + 1 < starts.length; p++)
    for (let i = starts[p]!; i < starts[p + 1]!; i++) out[i] = row[i]! - row[starts[p]!]!;
  return out;
}

function decode(reads: Readonly<Record<string, Uint32Array>>, { tile }: PlanContext<Params>): TileResult {
  const frame = tile.inputs.profile!;
  const starts = timeGroups(frame);
  const profiles = starts.length - 1;
  const row = frame.columns.row as Float64Array;
  const volume = frame.columns.volume as ExactColumn;
  const words = reads.out!;
  // volumes contained of all profiles, then their (poc, lowest, highest)
  const contained = decodeWords(words, profiles, 4, false);
  const places = words.subarray(4 * profiles);
  const column = (): Float64Array => new Float64Array(profiles);
  const out = {
    ...profileSummary(frame, starts),
    poc_row: column(),
    val_row: column(),
    vah_row: column(),
    poc_volume: exactColumn(profiles),
    contained_volume: contained,
  };
  for (let p = 0; p < profiles; p++) {
    const lowest = row[starts[p]!]!;
    const poc = places[4 * p]!;
    out.poc_row[p] = row[poc]!;
    out.val_row[p] = lowest + places[4 * p + 1]!;
    out.vah_row[p] = lowest + places[4 * p + 2]!;
    setBig(out.poc_volume, p, bigAt(volume, poc));
  }
  return { outputs: { areas: { rows: profiles, columns: out } } };
}

export const kernel: Kernel<Params> = {
  shaders: { grow: file('value-area'), greedy: file('value-area.greedy') },
  layouts,
  plan,
  decode,
};
