import { registry as builtIn } from '../analytics/index.js';
import type { Analytic, Carry, OutputSpec } from '../core/analytic.js';
import type { Column, Frame } from '../core/columns.js';
import { durationText } from '../core/duration.js';
import { finestLevel } from '../core/grid.js';
import type { ParamSpec, ParamsInput } from '../core/schema.js';
import { gridStart } from '../core/sessions.js';
import { type Backend, openBackend } from './backend.js';
import { finish } from './finish.js';
import { mergeParts, rollUp } from './merge.js';
import { type Node, resolve } from './resolve.js';
import type { Result, ResultTable } from './result.js';
import type { RunOptions } from './run-options.js';
import { runTiles } from './run-tiles.js';

export type { Result, ResultTable } from './result.js';
export type { Progress, RunOptions } from './run-options.js';

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
  const earlier = backend.profiles.length;
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
    ...(frame.sides ? { sides: frame.sides } : {}),
    profile: backend.profiles.slice(earlier),
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

/** A result table as input of another analytic. */
export function tableFrame(kind: string, { table, instruments }: ResultTable, source: Frame): Frame {
  const codes = table.columns.instrument as Uint32Array;
  const offsets = new Uint32Array(instruments.length + 1);
  for (let i = 0; i < table.rows; i++) offsets[codes[i]! + 1]!++;
  for (let s = 0; s < instruments.length; s++) offsets[s + 1]! += offsets[s]!;
  const { instrument: _, ...columns } = table.columns as Record<string, Column>;
  return { kind, instruments, offsets, rows: table.rows, time: source.time, columns, stats: source.stats };
}
