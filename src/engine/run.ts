import { registry as builtIn } from '../analytics/index.js';
import { type Analytic, type Carry, type InputSpec, kindOf } from '../core/analytic.js';
import type { Column, Frame } from '../core/columns.js';
import { durationText } from '../core/duration.js';
import { InputError } from '../core/errors.js';
import type { ParamSpec, ParamsInput } from '../core/schema.js';
import { type Backend, openBackend } from './backend.js';
import { checkGraph } from './check-graph.js';
import { hasBook, type Inputs, inputsOf, instrumentsOf } from './inputs.js';
import { mergeOutputs } from './merge.js';
import { panelOfBars } from './panel.js';
import { withBook } from './panel-book.js';
import { type Node, resolve } from './resolve.js';
import type { Result, ResultTable } from './result.js';
import type { RunOptions } from './run-options.js';
import { runTiles } from './run-tiles.js';
import { checkShardable, type Shard, shardInputs, shardRange } from './shard.js';
import type { ShardPart } from './shard-part.js';
import { tablesOf } from './tables-of.js';

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
  return onBackend(node, options, (backend) => runOn(backend, node, inputs, options));
}

/** On the backend asked for, which closes at the end. Under auto a graph that no adapter could run whole takes the CPU. */
async function onBackend<T>(
  node: Node,
  options: RunOptions,
  use: (backend: Backend) => Promise<T>,
): Promise<T> {
  const auto = (options.backend ?? 'auto') === 'auto' && !options.adapter;
  const backend = await openBackend(auto && hostOnly(node) ? { ...options, backend: 'cpu' } : options);
  try {
    return await use(backend);
  } finally {
    await backend.close();
  }
}

const hostOnly = (node: Node): boolean =>
  !node.analytic.kernel || Object.values(node.needs).some((need) => hostOnly(need.node));

/**
 * The part of a run that a shard does: tiles of its instruments put together, before anything is computed that looks at
 * instruments of other shards; `tablesOf` of all parts makes of them what one run gives. Errors: as `run`; InputError for
 * an analytic that compares instruments.
 */
export async function runPart<S extends ParamSpec>(
  analytic: Analytic<S>,
  given: Inputs,
  params: ParamsInput<S>,
  options: RunOptions,
  shard: Shard,
): Promise<Omit<ShardPart, 'ledger'>> {
  const node = resolve(analytic, params ?? {}, options.registry ?? builtIn);
  const inputs = inputsOf(given);
  const all = instrumentsOf(inputs);
  checkShardable(node, all);
  checkGraph(node, all, hasBook(inputs));
  const [first, last] = shardRange(inputs, shard);
  return onBackend(node, options, async (backend) => {
    const graph = graphOf(backend, shardInputs(inputs, first, last), options);
    const { merged, instruments } = await mergedNode(graph, node);
    return { ...namesOf(graph, node), shard, first, instruments, universe: all.length, tables: merged };
  });
}

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
  return {
    ...namesOf(graph, node),
    tables,
    carry,
    device: backend.description,
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

/** What names a run in its result, and in its shards. */
const namesOf = ({ backend, inputs, options }: Graph, { analytic, printed }: Node) => ({
  ...{ analytic: analytic.name, version: analytic.version, params: printed },
  ...{ backend: backend.kind, adapter: backend.adapter, inputHash: options.inputHash ?? '' },
  ...(inputs.trades?.sides ? { sides: inputs.trades.sides } : {}),
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
  const { merged, instruments, tiles, carry } = await mergedNode(graph, node, start);
  const result = { tables: tablesOf(node, merged, instruments), tiles, carry };
  graph.done.set(node.key, result);
  return result;
}

/** What the tiles of a node gave, put together. */
async function mergedNode(graph: Graph, node: Node, start?: Carry) {
  const frames = await nodeFrames(graph, node);
  const { instruments } = Object.values(frames)[0]!;
  const { parts, tiles, carry } = await runTiles(graph.backend, node, frames, graph.options, start);
  const merged = mergeOutputs(node.analytic, (output) => parts[output]!);
  return { merged, instruments, tiles, carry };
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
function tableFrame(kind: string, { table, instruments }: ResultTable, source: Frame): Frame {
  const codes = table.columns.instrument as Uint32Array;
  const offsets = new Uint32Array(instruments.length + 1);
  for (let i = 0; i < table.rows; i++) offsets[codes[i]! + 1]!++;
  for (let s = 0; s < instruments.length; s++) offsets[s + 1]! += offsets[s]!;
  const { instrument: _, ...columns } = table.columns as Record<string, Column>;
  return { kind, instruments, offsets, rows: table.rows, time: source.time, columns, stats: source.stats };
}
