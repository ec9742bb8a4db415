import { InputError } from '../core/errors.js';
import type { ImportContext, RawRows } from '../core/importer.js';
import { KINDS, type KindName } from '../core/kinds.js';
import { arrowSource } from './arrow-read.js';
import { bareName } from './bare-name.js';
import { RowCanonicalizer } from './canonical-rows.js';
import { listed } from './column-guess.js';
import { csvSource } from './csv-read.js';
import { type Duck, openDuck } from './duckdb.js';
import { hiveColumns } from './hive.js';
import { jsonSource } from './json-source.js';
import { kindColumns, wantOf } from './kind-columns.js';
import { parquetWhere } from './parquet-filter.js';
import { type ParquetSource, parquetSource } from './parquet-source.js';
import { RowFilter } from './row-filter.js';
import type { SourceColumn } from './source-column.js';
import type { SourceBatch, TableSource, Wanted } from './table-source.js';
import type { TimeUnitName } from './time-unit.js';
import { type Condition, isNumber, satisfies } from './where.js';

export type TableFormat = 'parquet' | 'csv' | 'json' | 'arrow';

export interface TableOptions {
  readonly format: TableFormat;
  /** Default trades. */
  readonly kind?: KindName;
  /**
   * Raw column (`ts`, `recv_ts`, `seq`, `instrument`, the kind's own, levels as `bid_price_1`) → column of the table,
   * or part of a hive path, or 0-based index of a file without names. What is not given is told by usual names.
   */
  readonly map?: Readonly<Record<string, string>>;
  /** Raw columns of one value for all rows, as text: `{ interval: '1m' }`. */
  readonly constants?: Readonly<Record<string, string>>;
  /** Unit of numeric stamps; told by magnitude otherwise. */
  readonly timeUnit?: TimeUnitName;
  /** Name of the instrument of all rows, whatever columns there are; without it and a column, the file's name. */
  readonly instrument?: string;
  readonly venue?: string;
  /** Keep only these. */
  readonly instruments?: readonly string[];
  /** µs, half-open: fromTime ≤ ts < until. */
  readonly fromTime?: number;
  readonly until?: number;
  /** All must hold: see `parseWhere`. */
  readonly where?: readonly Condition[];
}

/** Rows of the table at index `file`. */
export interface TableRows extends RawRows {
  readonly file: number;
}

/**
 * Rows of one or several tables, one after another through one DuckDB, files numbered as given. Parts of the path such
 * as `date=2024-01-05` are columns too, unless the table has one of that name. Record numbers count the rows of a
 * file from 0, a header not among them. Arrays are valid until the next batch is asked for. A table that
 * cannot be read as the kind is an InputError, a row that cannot has a reject reason or fails later checks.
 */
export async function* tableRows(
  paths: string | readonly string[],
  labels: string | readonly string[],
  options: TableOptions,
  context: ImportContext,
): AsyncGenerator<TableRows> {
  const files = typeof paths === 'string' ? [paths] : paths;
  const names = typeof labels === 'string' ? [labels] : labels;
  const duck = options.format === 'parquet' ? await openDuck() : undefined;
  try {
    for (const [file, path] of files.entries())
      for await (const raw of fileRows(path, names[file] ?? path, options, context, duck))
        yield { ...raw, file };
  } finally {
    duck?.close();
  }
}

async function* fileRows(
  path: string,
  input: string,
  options: TableOptions,
  context: ImportContext,
  duck: Duck | undefined,
): AsyncGenerator<RawRows> {
  const kind = options.kind ?? 'trades';
  if (!Object.hasOwn(KINDS, kind))
    throw new InputError('kind', kind, `must be one of ${Object.keys(KINDS).join(', ')}`);
  const hive = hiveColumns(path);
  const map = withoutHive(options.map, hive);
  const source = await sourceOf(path, input, options.format, map, duck);
  const columns = [...source.columns, ...[...hive.keys()].filter((name) => !source.columns.includes(name))];
  const constants = {
    ...options.constants,
    ...(options.instrument === undefined ? {} : { instrument: options.instrument }),
  };
  for (const role of Object.keys(constants))
    if (wantOf(kind, role) === undefined) throw new InputError('constant', role, `is no column of ${kind}`);
  const asked = { ...source.map, ...onlyHive(options.map, hive) };
  const mapping = kindColumns(kind, input, columns, asked, constants);
  const conditions = options.where ?? [];
  for (const { column } of conditions)
    if (!columns.includes(column))
      throw new InputError(`${input} column`, column, `of where is missing; columns: ${listed(columns)}`);
  const range = {
    fromTime: options.fromTime ?? Number.NEGATIVE_INFINITY,
    until: options.until ?? Number.POSITIVE_INFINITY,
  };
  const wantedNames = options.instruments?.length ? new Set(options.instruments) : undefined;
  const canonical = new RowCanonicalizer(
    input,
    mapping,
    columns,
    {
      ...{ kind, timeUnit: options.timeUnit, venue: options.venue ?? '', wanted: wantedNames },
      instrument: options.instrument ?? bareName(input.slice(input.lastIndexOf('/') + 1)),
    },
    {
      ...context,
      // an Arrow file may declare its ticks and lots
      instrument: (info) => context.instrument({ ...source.declarations.get(info.symbol), ...info }),
    },
  );
  const filter = new RowFilter(range, conditions, wantedNames !== undefined);
  const filtered = context.filtered ?? context.skip;
  const own = (name: string | undefined): string | undefined =>
    name !== undefined && source.columns.includes(name) ? name : undefined;
  const parquet = options.format === 'parquet' ? (source as ParquetSource) : undefined;
  // conditions on the path decide for the whole file
  const read = conditions.every((c) => own(c.column) || satisfies(c, hive.get(c.column) ?? null));
  const where = parquet
    ? await parquetWhere(parquet, {
        ...{ range, timeColumn: own(mapping.ts), timeUnit: options.timeUnit, instruments: wantedNames },
        conditions: conditions.filter(({ column }) => own(column)),
        instrumentColumn: constants.instrument === undefined ? own(mapping.instrument) : undefined,
      })
    : undefined;
  const total = parquet && (where !== undefined || !read) ? await parquet.rows() : 0;
  if (parquet && !read) {
    filtered(total);
    return;
  }
  const wanted: Record<string, Wanted> = {};
  const fixed: Record<string, string | null> = { ...constants };
  for (const [role, column] of Object.entries(mapping)) {
    if (role in constants) continue;
    if (own(column) === undefined) fixed[role] = hive.get(column)!;
    else wanted[role] = { column, want: wantOf(kind, role)! };
  }
  const tested = conditions.map((condition, c): string | undefined => {
    if (parquet || own(condition.column) === undefined) return undefined;
    wanted[`where ${c}`] = { column: condition.column, want: isNumber(condition) ? 'f64' : 'text' };
    return `where ${c}`;
  });
  let seen = 0;
  for await (const batch of source.read(wanted, where)) {
    seen += batch.rows;
    const cells: Record<string, SourceColumn> = { ...batch.columns };
    const tests = tested.map((name) => (name === undefined ? undefined : cells[name]));
    for (const name of tested) if (name !== undefined) delete cells[name];
    for (const [role, text] of Object.entries(fixed)) cells[role] = constant(text, batch.rows);
    const raw = canonical.batch({ ...batch, columns: cells } satisfies SourceBatch);
    const kept = read ? filter.apply(raw, tests) : undefined;
    filtered(batch.rows - (kept?.rows ?? 0));
    if (kept && kept.rows > 0) yield kept;
  }
  if (total > seen) filtered(total - seen);
  canonical.close();
}

function sourceOf(
  path: string,
  input: string,
  format: TableFormat,
  map: Readonly<Record<string, string>> | undefined,
  duck: Duck | undefined,
): Promise<TableSource> {
  switch (format) {
    case 'parquet':
      return parquetSource(path, input, map, duck);
    case 'csv':
      return csvSource(path, input, map);
    case 'json':
      return jsonSource(path, input, map);
    case 'arrow':
      return arrowSource(path, input, map);
  }
}

/** The map without what the path tells, which a reader of the file would not find. */
function withoutHive(
  map: Readonly<Record<string, string>> | undefined,
  hive: ReadonlyMap<string, unknown>,
): Record<string, string> | undefined {
  if (map === undefined) return undefined;
  return Object.fromEntries(Object.entries(map).filter(([, column]) => !hive.has(column)));
}

const onlyHive = (
  map: Readonly<Record<string, string>> | undefined,
  hive: ReadonlyMap<string, unknown>,
): Record<string, string> =>
  Object.fromEntries(Object.entries(map ?? {}).filter(([, column]) => hive.has(column)));

const constant = (text: string | null, rows: number): SourceColumn => ({
  ...{ type: 'VARCHAR', kind: 'codes' },
  codes: new Uint8Array(rows),
  texts: [text],
});
