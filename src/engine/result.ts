import type { Carry, OutputSpec } from '../core/analytic.js';
import type { Instrument, Table } from '../core/columns.js';
import type { SideOrigin } from '../core/side-rules/sides.js';
import type { TileProfile } from '../gpu/profile.js';

/** One output table, complete: keys, merged, derived and scanned columns in their internal form. */
export interface ResultTable {
  // biome-ignore lint/suspicious/noExplicitAny: of any analytic's parameters
  readonly spec: OutputSpec<any>;
  readonly table: Table;
  readonly instruments: readonly Instrument[];
  /** Bar width in µs, 0 where the output has no levels. */
  readonly every: number;
  readonly params: unknown;
}

/** What a run gives. Tables are deterministic: equal for every backend, tile, workgroup and machine. */
export interface Result {
  readonly analytic: string;
  readonly version: string;
  /** Canonical text of every parameter. */
  readonly params: Readonly<Record<string, string>>;
  /** By output name; several levels of one output are `<output>-<width>`. */
  readonly tables: Readonly<Record<string, ResultTable>>;
  /** Ordered state of each instrument after its last row, for analytics that keep one. */
  readonly carry: Carry;
  readonly backend: 'cpu' | 'webgpu';
  readonly adapter: 'none' | 'hardware' | 'software';
  /** The backend in words: adapter description, or why the CPU. */
  readonly device: string;
  readonly inputHash: string;
  /** Where the sides of the trades come from, as far as the frame tells. */
  readonly sides?: SideOrigin;
  /** One entry a GPU tile, with `profile`. */
  readonly profile: readonly TileProfile[];
  readonly timing: { readonly rows: number; readonly seconds: number; readonly tiles: number };
}
