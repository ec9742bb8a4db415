import { registry as builtIn } from '../analytics/index.js';
import { type Analytic, type Carry, type InputSpec, kindOf, type OutputSpec } from '../core/analytic.js';
import type { Column, Frame } from '../core/columns.js';
import { durationText } from '../core/duration.js';
import { InputError } from '../core/errors.js';
import { finestLevel } from '../core/grid.js';
import type { ParamSpec, ParamsInput } from '../core/schema.js';
import { gridStart } from '../core/sessions.js';
import { type Backend, openBackend } from './backend.js';
import { checkGraph } from './check-graph.js';
import { finish } from './finish.js';
import { hasBook, type Inputs, inputsOf, instrumentsOf } from './inputs.js';
import { mergeParts, rollUp } from './merge.js';
import { panelOfBars } from './panel.js';
import { withBook } from './panel-book.js';
import { type Node, resolve } from './resolve.js';
import type { Result, ResultTable } from './result.js';
import type { RunOptions } from './run-options.js';
import { runTiles } from './run-tiles.js';

export type { Inputs } from './inputs.js';
export type { Result, ResultTable } from './result.js';
export type { Progress, RunOptions } from './run-options.js';

/**
 * Runs an analytic over a frame, or a frame of each kind it reads. Bars that nobody gave are made of the trades. Errors:
 * InputError for parameters and missing inputs, PlanError for a request no tile can serve, DeviceError for the GPU;
 * nothing is returned then.
 */
export async function run<S extends ParamSpec>(
  analytic: Analytic<S>,
  inputs: Frame | Inputs,
  params: ParamsInput<S> = {},
  options: RunOptions = {},
): Promise<Result> {
  const node = resolve(analytic, params ?? {}, options.registry ?? builtIn);
  // auto takes the CPU for a graph that no adapter could run whole
  const auto = (options.backend ?? 'auto') === 'auto' && !options.adapter;
  const backend = await openBackend(auto && hostOnly(node) ? { ...options, backend: 'cpu' } : options);
  try {
    return await runOn(backend, node, inputs, options);
  } finally {
    await backend.close();
  }
}

const hostOnly = (node: Node): boolean =>
  !node.analytic.kernel || Object.values(node.needs).some((need) => hostOnly(need.node));

/** The same on an open backend, which stays open. */
export async function runOn(
  backend: Backend,
  node: Node,
  given: Frame | Inputs,
  options: RunOptions,
): Promise<Result> {
  const started = performance.now();
  const earlier = backend.profiles.length;
  const inputs = inputsOf(given);
  checkGraph(node, instrumentsOf(inputs), hasBook(inputs));
  const graph = graphOf(backend, inputs, options);
  const { tables, tiles, carry } = await runNode(graph, node, options.carry);
  const sides = inputs.trades?.sides;
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
    ...(sides ? { sides } : {}),
    profile: backend.profiles.slice(earlier),
    timing: {
      rows: Object.values(inputs).reduce((sum, { rows }) => sum + rows, 0),
      seconds: (performance.now() - started) / 1000,
      tiles,
    },
  };
}

interface Done {
  readonly tables: Record<string, ResultTable>;
  readonly tiles: number;
  readonly carry: Carry;
}

/** One run: what its nodes share. */
interface Graph {
  readonly backend: Backend;
  readonly inputs: Inputs;
  readonly options: RunOptions;
  /** By node key. */
  readonly done: Map<string, Done>;
  /** Made of trades, by bar width. */
  readonly panels: Map<number, Frame>;
}

const graphOf = (backend: Backend, inputs: Inputs, options: RunOptions): Graph => ({
  ...{ backend, inputs, options, done: new Map(), panels: new Map() },
});

/** The frames that a node's tiles are cut from, by input name: its needs have run. */
export const framesOfNode = (
  backend: Backend,
  node: Node,
  inputs: Inputs,
  options: RunOptions = {},
): Promise<Record<string, Frame>> => nodeFrames(graphOf(backend, inputs, options), node);

async function nodeFrames(graph: Graph, node: Node): Promise<Record<string, Frame>> {
  const frames: Record<string, Frame> = {};
  for (const [name, spec] of Object.entries(node.analytic.inputs))
    frames[name] = await inputFrame(graph, node, spec);
  for (const [name, need] of Object.entries(node.needs)) {
    const { tables } = await runNode(graph, need.node);
    // of several levels, the finest
    const table =
      tables[need.output] ?? Object.entries(tables).find(([key]) => key.startsWith(`${need.output}-`))![1];
    frames[name] = tableFrame(need.output, table, Object.values(graph.inputs)[0]!);
  }
  return frames;
}

async function runNode(graph: Graph, node: Node, start?: Carry): Promise<Done> {
  const known = graph.done.get(node.key);
  if (known) return known;
  const frames = await nodeFrames(graph, node);
  const { instruments } = Object.values(frames)[0]!;
  const { parts, tiles, carry } = await runTiles(graph.backend, node, frames, graph.options, start);
  const tables: Record<string, ResultTable> = {};
  for (const [output, spec] of Object.entries(node.analytic.outputs)) {
    const merged = mergeParts(spec as OutputSpec<never>, parts[output]!);
    const common = { spec, instruments, params: node.params };
    const levels: readonly number[] = spec.levels?.(node.params) ?? [0];
    const finest = spec.levels ? finestLevel(levels) : 0;
    const base = finish(spec, merged, instruments, node.params, finest, false);
    const scans = Object.keys(spec.columns).filter((name) => spec.columns[name]!.scan);
    for (const every of levels) {
      const rolled =
        every === finest ? base : rollUp(spec as OutputSpec<never>, base, (t) => gridStart(t, every), scans);
      const table = every === finest ? base : finish(spec, rolled, instruments, node.params, every, true);
      tables[levels.length > 1 ? `${output}-${durationText(every)}` : output] = { ...common, table, every };
    }
  }
  const result = { tables, tiles, carry };
  graph.done.set(node.key, result);
  return result;
}

/** The frame of a declared input. Errors: InputError if it was not given, or has bars of another width. */
// biome-ignore lint/suspicious/noExplicitAny: the spec of an analytic of any parameters
async function inputFrame(graph: Graph, node: Node, spec: InputSpec<any>): Promise<Frame> {
  const { inputs } = graph;
  const { params } = node;
  if (typeof spec === 'object' && spec.kind === 'panel') {
    const panel = await panelFrame(graph, node.analytic.name, spec.every(params));
    return spec.book && inputs.book ? withBook(panel, inputs.book, spec.book(params)) : panel;
  }
  const kind = kindOf(spec);
  const given = inputs[kind];
  if (given === undefined)
    throw new InputError(`${node.analytic.name} input`, Object.keys(inputs).join(', '), `must have ${kind}`);
  return given;
}

/** Bars of that width: those given, or made of the trades. */
async function panelFrame(graph: Graph, name: string, every: number): Promise<Frame> {
  const { inputs, panels } = graph;
  const given = inputs.panel;
  if (given !== undefined) {
    if (given.step !== every)
      throw new InputError(
        `${name} bars of`,
        durationText(every),
        `must be as wide as those given, ${durationText(given.step ?? 0)}`,
      );
    return given;
  }
  const known = panels.get(every);
  if (known) return known;
  if (inputs.trades === undefined)
    throw new InputError(`${name} input`, Object.keys(inputs).join(', '), 'must have bars or trades');
  const bars = resolve(builtIn.get('volume-imbalance')!, { every: [every] }, builtIn);
  const panel = panelOfBars((await runNode(graph, bars)).tables.bars!, graph.options.barLot);
  panels.set(every, panel);
  return panel;
}

/** A result table as input of another analytic; `source` has the same instruments. */
export function tableFrame(kind: string, { table, instruments }: ResultTable, source: Frame): Frame {
  const codes = table.columns.instrument as Uint32Array;
  const offsets = new Uint32Array(instruments.length + 1);
  for (let i = 0; i < table.rows; i++) offsets[codes[i]! + 1]!++;
  for (let s = 0; s < instruments.length; s++) offsets[s + 1]! += offsets[s]!;
  const { instrument: _, ...columns } = table.columns as Record<string, Column>;
  return { kind, instruments, offsets, rows: table.rows, time: source.time, columns, stats: source.stats };
}
