import { InputError } from '../core/errors.js';
import type { Importer } from '../core/importer.js';
import { KINDS, type KindName } from '../core/kinds.js';
import { checkParams, printParams } from '../core/schema.js';
import type { ImportFormat } from '../dataset/read-phase.js';
import { importers } from '../ingest/index.js';
import { type TableFormat, type TableOptions, tableRows } from '../table/table-rows.js';

/** Tables of any kind, read by column names rather than by a vendor's layout. */
export const TABLE_FORMATS: readonly TableFormat[] = ['parquet', 'csv', 'json', 'arrow'];

export const isFormat = (name: string): boolean =>
  importers.has(name) || (TABLE_FORMATS as readonly string[]).includes(name);

/** The native importer of that name, undefined for a table format. An unknown name is an InputError. */
export function findImporter(name: string): Importer | undefined {
  if ((TABLE_FORMATS as readonly string[]).includes(name)) return undefined;
  const importer = importers.get(name);
  if (importer) return importer;
  throw new InputError(
    'import format',
    name,
    `is unknown; known: ${[...importers.keys(), ...TABLE_FORMATS].sort().join(', ')}`,
  );
}

/** A native format with its parameters checked. */
export function nativeFormat(importer: Importer, params: Readonly<Record<string, unknown>>): ImportFormat {
  const values = checkParams(importer.name, importer.params, params);
  return {
    name: importer.name,
    params: printParams(importer.params, values),
    values,
    read: (source, context) => {
      const table = importer.table?.(source.file.name, values);
      if (table === undefined) return importer.read(source.file, context);
      const { format, symbol, venue } = table;
      return tableFormat({ format, venue, instrument: symbol }).read(source, context);
    },
  };
}

/** A table format: any file of rows, with a mapping where its columns have unusual names. */
export function tableFormat(options: TableOptions): ImportFormat {
  const kind: KindName = options.kind ?? 'trades';
  if (!Object.hasOwn(KINDS, kind))
    throw new InputError('kind', kind, `must be one of ${Object.keys(KINDS).join(', ')}`);
  const { format, ...rest } = options;
  const given = Object.entries({ ...rest, kind }).filter(([, value]) => value !== undefined);
  return {
    name: format,
    params: Object.fromEntries(
      given
        .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    values: {},
    read: (source, context) => {
      if (source.member)
        throw new InputError('input', source.label, 'is inside a zip archive: unpack it first');
      return tableRows(source.path, source.label, options, context);
    },
  };
}

/** One format, for lists and documentation. */
export interface FormatRow {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  readonly kinds: readonly KindName[];
  /** `synthetic`: no native file was at hand when it was written. */
  readonly fixture: 'real' | 'synthetic';
}

/** Every format by name. */
export function formatRows(): FormatRow[] {
  const native = [...importers.values()].map(
    ({ name, summary, source, kinds, fixture }): FormatRow => ({ name, summary, source, kinds, fixture }),
  );
  const tables = TABLE_FORMATS.map(
    (name): FormatRow => ({
      name,
      summary: `any ${name} table of one of these kinds, columns by name or by --map`,
      source: 'its own header or schema',
      kinds: Object.keys(KINDS) as KindName[],
      fixture: 'real',
    }),
  );
  return [...native, ...tables].sort((a, b) => (a.name < b.name ? -1 : 1));
}
