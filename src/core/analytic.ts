import type { Column, Frame, Instrument, Physical, Table } from './columns.js';
import type { Limits, Plan, ShaderSource } from './plan.js';
import type { Layout } from './planners.js';
import type { ParamSpec, ParamsOf } from './schema.js';

/**
 * How partial results of one cell combine when tiles, workgroups or bars are put together.
 * key: names the cell. sum, min, max, first, last: of exact integers. derived: computed from merged columns
 * of the same row. scan: runs over an instrument's rows in order, at the finest level. whole: needs all rows of
 * the cell at once: a table input is then cut only where its time changes, a trades input between instruments.
 * A null (NaN) gives way to any value.
 */
export type MergeClass = 'key' | 'sum' | 'min' | 'max' | 'first' | 'last' | 'derived' | 'scan' | 'whole';

/**
 * What the numbers are, and so how a reader sees them: `instrument` → symbol; `time` → UTC timestamp (µs);
 * `tick` (offset) → price; `lots` → size; `count`; `index` (an integer label); `f64`; `money` → Decimal128
 * (exact integer of tick · lot units) with an f64 beside it.
 */
export type Dtype = 'instrument' | 'time' | 'tick' | 'lots' | 'count' | 'index' | 'f64' | 'money';

/**
 * exact: integers, bit-identical on every backend. rounded: one correctly rounded f64 division of exact
 * integers. f64: host arithmetic, relative 1e-12. Otherwise an absolute bound with its reason.
 */
export type Accuracy = 'exact' | 'rounded' | 'f64' | { readonly absolute: number; readonly why: string };

/** What a derived column may read: merged columns of its table, the units, the bar width of this level. */
export interface DeriveContext<P> {
  readonly table: Table;
  readonly instruments: readonly Instrument[];
  readonly params: P;
  /** Bar width in µs of a rolled-up table, 0 where the output has no levels. */
  readonly every: number;
}

/** One output column: what it is, how it merges, when it is null, how accurate it is. */
export interface ColumnSpec<P> {
  readonly dtype: Dtype;
  readonly merge: MergeClass;
  readonly unit: string;
  /** When the value is null, in words; "never" if it cannot be. */
  readonly nulls: string;
  readonly accuracy: Accuracy;
  readonly doc: string;
  /** Only shown with the exact integers. */
  readonly hidden?: boolean;
  /** For merge `derived`. NaN is null. */
  readonly derive?: (context: DeriveContext<P>) => Column;
  /** For merge `scan`. */
  readonly scan?: ScanSpec<P>;
}

/**
 * Running sum, or max of a column that is not exact, over an instrument's rows; `reset` gives a session grid or
 * 'run'.
 */
export interface ScanSpec<P> {
  readonly of: string;
  readonly op: 'sum' | 'max';
  readonly reset?: (params: P) => string;
}

export interface OutputSpec<P> {
  /** What one row is, in words: "instrument × bar". */
  readonly grain: string;
  /** Key columns in sort order. */
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, ColumnSpec<P>>>;
  /** Whether these parameters ask for the table; one nobody asked for is empty and not shown. Default: always. */
  readonly asked?: (params: P) => boolean;
  /** Bar widths (µs) to present; the backends emit `finest` only, the rest are rolled up by merge class. */
  readonly levels?: (params: P) => readonly number[];
}

/**
 * Another analytic's output as input, the finest of several levels. The engine resolves names and runs shared
 * nodes once.
 */
export interface Need<P> {
  readonly analytic: string | AnyAnalytic;
  readonly output: string;
  readonly params: (params: P) => Readonly<Record<string, unknown>>;
}

/** How books are rebuilt for an analytic. */
export interface BookRequest {
  /** Best levels of a side. */
  readonly levels: number;
  /** Drop levels that cross, opposite to the last update. Default: crossed books keep them. */
  readonly repair?: boolean;
  /** A book whose last update is older, µs, is stale. Default BOOK_MAX_AGE. */
  readonly maxAge?: number;
  /** Width of a grid, µs: changes need give no other states than those at its times. */
  readonly every?: number;
  /** Parameter for whose sake bars cannot do without a book. */
  readonly neededBy?: string;
}

/**
 * A dataset an analytic reads, as a frame of `columns.ts`. trades: rows as they are. oi: open interest. book: states
 * at every event, or on the grid of the input. panel: dense bars of width `every` (µs), made of bars as imported or else
 * of trades; with `book`, books that are given too add what they showed when each bar was known.
 */
export type InputSpec<P> =
  | 'trades'
  | 'oi'
  | { readonly kind: 'book'; readonly book: (params: P) => BookRequest }
  | {
      readonly kind: 'panel';
      readonly every: (params: P) => number;
      readonly book?: (params: P) => BookRequest;
    };

export type InputKind = 'trades' | 'book' | 'panel' | 'oi';

// biome-ignore lint/suspicious/noExplicitAny: the spec of an analytic of any parameters
export const kindOf = (spec: InputSpec<any>): InputKind => (typeof spec === 'string' ? spec : spec.kind);

/**
 * What one call of a backend gets: instruments `firstInstrument …` of each input. The first declared input is
 * the one that is cut; its rows may be part of an instrument's history (then `carry` brings the state).
 */
export interface Tile {
  readonly inputs: Readonly<Record<string, Frame>>;
  readonly firstInstrument: number;
}

/** Ordered state at a cut: typed arrays with one stride per instrument of the tile. Serialisable. */
export type Carry = Readonly<Record<string, Physical>>;

export interface CarrySpec<P = never> {
  readonly type: 'u32' | 'i32' | 'f64';
  /** Values an instrument. */
  readonly stride: number | ((params: P) => number);
  readonly initial: number;
}

export interface TileResult {
  readonly outputs: Readonly<Record<string, Table>>;
  readonly carry?: Carry;
}

export interface PlanContext<P> {
  readonly tile: Tile;
  readonly params: P;
  readonly limits: Limits;
  readonly carry: Carry;
  /** Preferred workgroup size; never above the adapter's limit. */
  readonly workgroup: number;
}

/** The WebGPU side: shaders by name, a pure plan, and the decoding of what the plan reads. */
export interface Kernel<P> {
  readonly shaders: Readonly<Record<string, ShaderSource>>;
  /** Field order of each shader's `struct Params`, checked against the WGSL by a test. */
  readonly layouts: Readonly<Record<string, Layout>>;
  readonly plan: (context: PlanContext<P>) => Plan;
  readonly decode: (reads: Readonly<Record<string, Uint32Array>>, context: PlanContext<P>) => TileResult;
}

export interface AnalyticDoc {
  /** The formula, in plain text or Markdown. */
  readonly formula: string;
  readonly source: string;
  /** Flags of the example command, where the defaults ask for more than a file. */
  readonly example?: string;
  readonly notes?: string;
}

/** A declared analytic: the one place its name, parameters, inputs, outputs and both backends stand. */
export interface Analytic<S extends ParamSpec = ParamSpec> {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly doc: AnalyticDoc;
  readonly params: S;
  /** Datasets read, by the name the tile uses. Frames of one run have the same instruments. */
  readonly inputs: Readonly<Record<string, InputSpec<ParamsOf<S>>>>;
  readonly needs?: Readonly<Record<string, Need<ParamsOf<S>>>>;
  readonly outputs: Readonly<Record<string, OutputSpec<ParamsOf<S>>>>;
  /**
   * Where tiles may be cut, if less freely than the merge classes allow. instrument: all rows of an instrument stay
   * together, for windows that reach far back. never: all instruments too, for what compares them.
   */
  readonly cut?: 'instrument' | 'never';
  readonly carry?: Readonly<Record<string, CarrySpec<ParamsOf<S>>>>;
  /** Work of a row in rows of plain sums, so that threads are started where they pay. Default 1. */
  readonly cost?: (params: ParamsOf<S>) => number;
  /** The textbook loop, linear, allocating nothing per row; what the CPU backend runs. */
  readonly reference: (tile: Tile, params: ParamsOf<S>, carry: Carry) => TileResult;
  /** Absent: a host-only analytic. */
  readonly kernel?: Kernel<ParamsOf<S>>;
  /** Rejects parameter combinations that no single parameter can, with an InputError. */
  readonly check?: (params: ParamsOf<S>, instruments: readonly Instrument[]) => void;
  /** Where a worker finds it: `import.meta.url` and the export's name. Without it the analytic runs inline. */
  readonly module?: string;
  readonly exportName?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: an analytic of any parameters; `unknown` would forbid calling it
export type AnyAnalytic = Analytic<any>;

/** Declares an analytic. Throws at once if the declaration contradicts itself. */
export function defineAnalytic<S extends ParamSpec>(analytic: Analytic<S>): Analytic<S> {
  const fail = (what: string): never => {
    throw new TypeError(`analytic ${analytic.name}: ${what}`);
  };
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(analytic.name)) fail('the name must be kebab-case');
  if (Object.keys(analytic.inputs).length + Object.keys(analytic.needs ?? {}).length === 0)
    fail('no input and no need');
  for (const [output, spec] of Object.entries(analytic.outputs)) {
    for (const key of spec.key)
      if (spec.columns[key]?.merge !== 'key') fail(`${output}.${key} is no key column`);
    if (spec.key[0] !== 'instrument') fail(`${output}: the first key must be instrument`);
    if (spec.levels && spec.key[1] !== 'time') fail(`${output}: levels need time as the second key`);
    for (const [name, column] of Object.entries(spec.columns)) {
      if ((column.merge === 'derived') !== (column.derive !== undefined))
        fail(`${output}.${name}: derived needs derive`);
      if ((column.merge === 'scan') !== (column.scan !== undefined))
        fail(`${output}.${name}: scan needs scan`);
      if (column.merge === 'whole' && spec.levels)
        fail(`${output}.${name}: a whole column cannot be rolled up`);
    }
  }
  return analytic;
}
