import { registry as builtIn } from '../analytics/index.js';
import type { Analytic, AnyAnalytic, Carry, OutputSpec } from '../core/analytic.js';
import type { Column, Frame } from '../core/columns.js';
import { durationText } from '../core/duration.js';
import { InputError, PlanError } from '../core/errors.js';
import { finestLevel } from '../core/grid.js';
import type { ParamSpec, ParamsInput } from '../core/schema.js';
import { gridStart } from '../core/sessions.js';
import { type Backend, type BackendOptions, openBackend } from './backend.js';
import { CarryStore } from './carry.js';
import { finish } from './finish.js';
import { mergeParts, type Part, rollUp } from './merge.js';
import { type Node, resolve } from './resolve.js';
import type { Result, ResultTable } from './result.js';
import { alignCut, cutPositions, tileOf } from './tiles.js';

export type { Result, ResultTable } from './result.js';

export interface Progress {
  readonly stage: string;
  readonly rows: number;
  readonly total?: number;
}

/** How a run is cut, watched and stopped; none of it changes the result. */
export interface RunOptions extends BackendOptions {
  /** Most rows of a tile. Results do not depend on it. */
  readonly tileRows?: number;
  /** Further cuts at these driver rows; results do not depend on them. */
  readonly cuts?: readonly number[];
  readonly inputHash?: string;
  /** Ordered state to go on from: an earlier `Result.carry` over the same instruments. */
  readonly carry?: Carry;
  readonly progress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
  /** Where names in `needs` are looked up. Default: the analytics that ship with steelyard. */
  readonly registry?: ReadonlyMap<string, AnyAnalytic>;
}

/**
 * Runs an analytic over a frame. Errors: InputError for parameters, PlanError for a request no tile can serve,
 * DeviceError for the GPU; nothing is returned then.
 */
export async function run<S extends ParamSpec>(
  analytic: Analytic<S>,
  frame: Frame,
  params: ParamsInput<S> = {},
  options: RunOptions = {},
): Promise<Result> {
  const node = resolve(analytic, params ?? {}, options.registry ?? builtIn);
  // auto takes the CPU for a graph that no adapter could run whole
  const auto = (options.backend ?? 'auto') === 'auto' && !options.adapter;
  const backend = await openBackend(auto && hostOnly(node) ? { ...options, backend: 'cpu' } : options);
  try {
    return await runOn(backend, node, frame, options);
  } finally {
    await backend.close();
  }
}

const hostOnly = (node: Node): boolean =>
  !node.analytic.kernel || Object.values(node.needs).some((need) => hostOnly(need.node));

/** Rejects parameters of the whole graph before anything runs. */
function checkAll(node: Node, frame: Frame): void {
  for (const need of Object.values(node.needs)) checkAll(need.node, frame);
  node.analytic.check?.(node.params, frame.instruments);
}

/** The same on an open backend, which stays open. */
export async function runOn(
  backend: Backend,
  node: Node,
  frame: Frame,
  options: RunOptions,
): Promise<Result> {
  const started = performance.now();
  checkAll(node, frame);
  const done = new Map<string, Done>();
  const { tables, tiles, carry } = await runNode(backend, node, frame, options, done, options.carry);
  return {
    analytic: node.analytic.name,
    version: node.analytic.version,
    params: node.printed,
    tables,
    carry,
    backend: backend.kind,
    adapter: backend.adapter,
    device: backend.description,
    inputHash: options.inputHash ?? '',
    profile: backend.profiles,
    timing: { rows: frame.rows, seconds: (performance.now() - started) / 1000, tiles },
  };
}

interface Done {
  readonly tables: Record<string, ResultTable>;
  readonly tiles: number;
  readonly carry: Carry;
}

async function runNode(
  backend: Backend,
  node: Node,
  frame: Frame,
  options: RunOptions,
  done: Map<string, Done>,
  start?: Carry,
): Promise<Done> {
  const known = done.get(node.key);
  if (known) return known;
  const inputs: Record<string, Frame> = {};
  for (const name of Object.keys(node.analytic.inputs)) inputs[name] = frame;
  for (const [name, need] of Object.entries(node.needs)) {
    const { tables } = await runNode(backend, need.node, frame, options, done);
    // of several levels, the finest
    const table =
      tables[need.output] ?? Object.entries(tables).find(([key]) => key.startsWith(`${need.output}-`))![1];
    inputs[name] = tableFrame(need.output, table, frame);
  }
  const { parts, tiles, carry } = await runTiles(backend, node, inputs, options, start);
  const tables: Record<string, ResultTable> = {};
  for (const [output, spec] of Object.entries(node.analytic.outputs)) {
    const merged = mergeParts(spec as OutputSpec<never>, parts[output]!);
    const common = { spec, instruments: frame.instruments, params: node.params };
    const levels: readonly number[] = spec.levels?.(node.params) ?? [0];
    const finest = spec.levels ? finestLevel(levels) : 0;
    const base = finish(spec, merged, frame.instruments, node.params, finest, false);
    const scans = Object.keys(spec.columns).filter((name) => spec.columns[name]!.scan);
    for (const every of levels) {
      const rolled =
        every === finest ? base : rollUp(spec as OutputSpec<never>, base, (t) => gridStart(t, every), scans);
      const table =
        every === finest ? base : finish(spec, rolled, frame.instruments, node.params, every, true);
      tables[levels.length > 1 ? `${output}-${durationText(every)}` : output] = { ...common, table, every };
    }
  }
  const result = { tables, tiles, carry };
  done.set(node.key, result);
  return result;
}

async function runTiles(
  backend: Backend,
  { analytic, params }: Node,
  inputs: Readonly<Record<string, Frame>>,
  options: RunOptions,
  start?: Carry,
): Promise<{ parts: Record<string, Part[]>; tiles: number; carry: Carry }> {
  const driver = Object.keys(inputs)[0]!;
  const frame = inputs[driver]!;
  const whole = Object.values(analytic.outputs).some((o) =>
    Object.values(o.columns).some((c) => c.merge === 'whole'),
  );
  const maxRows = options.tileRows ?? backend.tileRows;
  if (!Number.isInteger(maxRows) || maxRows < 1)
    throw new InputError('tileRows', maxRows, 'must be a whole number, at least 1');
  const odd = options.cuts?.find((row) => !Number.isInteger(row));
  if (odd !== undefined) throw new InputError('cuts', odd, 'must be whole numbers of rows');
  const forced = (options.cuts ?? []).map((row) => alignCut(frame, row, 0, frame.rows, whole));
  const cuts = [...new Set([...cutPositions(frame, maxRows, whole), ...forced])].filter(
    (r) => r > 0 && r < frame.rows,
  );
  cuts.sort((a, b) => a - b);
  const parts: Record<string, Part[]> = Object.fromEntries(
    Object.keys(analytic.outputs).map((name) => [name, []]),
  );
  const carry = new CarryStore(analytic, frame.instruments.length, start);
  let tiles = 0;
  if (frame.rows === 0) {
    // no tile would run: the reference of nothing gives every output its columns
    const { outputs } = analytic.reference(tileOf(inputs, driver, 0, 0), params, carry.read(0, 0));
    for (const [output, table] of Object.entries(outputs)) parts[output]!.push({ table, firstInstrument: 0 });
  }
  // ranges still to run, last first; a tile beyond the limits is replaced by its halves
  const ranges: [number, number][] = [...cuts, frame.rows].map((end, i) => [i === 0 ? 0 : cuts[i - 1]!, end]);
  ranges.reverse();
  for (let range = ranges.pop(); range; range = ranges.pop()) {
    options.signal?.throwIfAborted();
    const [from, to] = range;
    if (from === to) continue;
    const tile = tileOf(inputs, driver, from, to);
    const count = tile.inputs[driver]!.instruments.length;
    const result = await backend.runTile(analytic, tile, params, carry.read(tile.firstInstrument, count));
    if (!result) {
      const half = alignCut(frame, Math.floor((from + to) / 2), from, to, whole);
      if (half <= from || half >= to)
        throw new PlanError(
          `${analytic.name} tile of rows`,
          to - from,
          'cannot be cut further, yet exceeds the limits of the adapter',
        );
      ranges.push([half, to], [from, half]);
      continue;
    }
    if (result.carry) carry.write(tile.firstInstrument, result.carry);
    for (const [output, table] of Object.entries(result.outputs)) {
      const list = parts[output];
      if (!list) throw new TypeError(`${analytic.name} gave output ${output}, which it does not declare`);
      list.push({ table, firstInstrument: tile.firstInstrument });
    }
    tiles++;
    options.progress?.({ stage: analytic.name, rows: to, total: frame.rows });
    // let timers and abort signals in between tiles
    await new Promise((resume) => setImmediate(resume));
  }
  return { parts, tiles, carry: carry.read(0, frame.instruments.length) };
}

/** A result table as input of another analytic. */
export function tableFrame(kind: string, { table, instruments }: ResultTable, source: Frame): Frame {
  const codes = table.columns.instrument as Uint32Array;
  const offsets = new Uint32Array(instruments.length + 1);
  for (let i = 0; i < table.rows; i++) offsets[codes[i]! + 1]!++;
  for (let s = 0; s < instruments.length; s++) offsets[s + 1]! += offsets[s]!;
  const { instrument: _, ...columns } = table.columns as Record<string, Column>;
  return { kind, instruments, offsets, rows: table.rows, time: source.time, columns, stats: source.stats };
}
