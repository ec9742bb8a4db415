import type { CellType } from '../core/kinds.js';
import type { InstrumentDeclaration, RawSource } from '../core/raw.js';
import { Canonicalizer, type KeyedTrades } from './canonical.js';
import { guessColumns } from './column-guess.js';
import type { SourceColumn } from './source-column.js';
import type { TimeUnitName } from './time-unit.js';

export interface ReadOptions {
  /** File name as shown to the user. */
  readonly input: string;
  readonly map?: Readonly<Record<string, string>>;
  readonly timeUnit?: TimeUnitName;
  /** Name of the instrument if no column tells. */
  readonly defaultInstrument: string;
  /** Finds the columns, in the words of trades; by default those of trades. */
  readonly guess?: typeof guessColumns;
}

/** What a column is read for; `id` is a number or text, `symbol` an instrument's name. */
export type Want = CellType | 'id' | 'symbol';

export interface Wanted {
  /** Name of the source column. */
  readonly column: string;
  readonly want: Want;
}

export interface SourceBatch {
  readonly rows: number;
  /** By the names under which they were wanted. Valid until the next batch is asked for. */
  readonly columns: Readonly<Record<string, SourceColumn>>;
  /** Number of the first record; the others count up, unless `record` tells. */
  readonly firstRecord: number;
  readonly record?: Float64Array;
  /** 1 where a record could not be cut into its columns. */
  readonly bad?: Uint8Array;
  /** The record itself, of a bad one. */
  readonly text?: (row: number) => string;
}

/** A table that is open, before it is decided what its columns stand for. */
export interface TableSource {
  readonly input: string;
  readonly columns: readonly string[];
  /** The map of the user in terms of `columns`, or what the layout tells without one. */
  readonly map: Readonly<Record<string, string>> | undefined;
  readonly declarations: ReadonlyMap<string, InstrumentDeclaration>;
  /** `where` is an SQL condition, for sources that read through DuckDB from Parquet; others have no filter. */
  readonly read: (wanted: Readonly<Record<string, Wanted>>, where?: string) => AsyncIterable<SourceBatch>;
}

const TRADE_WANTS: Readonly<Record<string, Want>> = {
  ...{ time: 'time', received: 'time', price: 'price', size: 'size', side: 'side', maker: 'side' },
  ...{ instrument: 'symbol', id: 'id' },
};

/** The trades of a table, columns as mapped or guessed. */
export function tradesOf(source: TableSource, options: ReadOptions): RawSource {
  const { input, columns } = source;
  const mapping = (options.guess ?? guessColumns)(input, columns, source.map);
  const canonical = new Canonicalizer(input, mapping, columns, options);
  const wanted = Object.fromEntries(
    Object.entries(mapping).map(([role, column]) => [role, { column, want: TRADE_WANTS[role]! }]),
  );
  return {
    input,
    instruments: canonical.instruments,
    declarations: source.declarations,
    mapping,
    batches: async function* (): AsyncGenerator<KeyedTrades> {
      for await (const { rows, columns: cells, bad } of source.read(wanted))
        yield canonical.batch(rows, cells, bad);
      canonical.close();
    },
  };
}
