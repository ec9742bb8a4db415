import type { Importer } from '../core/importer.js';
import { KINDS, type Kind } from '../core/kinds.js';
import { storedColumns } from '../dataset/stored-columns.js';
import { importers } from '../ingest/index.js';
import { formatRows, TABLE_FORMATS } from './import-formats.js';
import { paramsTable, row } from './markdown.js';

/** FORMATS.md: the formats that import reads and the kinds of data a dataset holds, from their declarations. */
export function formatDocs(): string {
  const rows = formatRows();
  const native = [...importers.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const lines = [
    '# Formats and kinds',
    '',
    'Generated from the declarations by `steelyard docs`; edit those, not this file.',
    '',
    '## Formats',
    '',
    '`steelyard import <format> <input…> --to <dataset>` reads files, folders, patterns (`data/**/*.csv.gz`), gzip and',
    "zip. A format marked *synthetic fixture only* follows its vendor's documented columns; no native file was at hand",
    'when it was written.',
    '',
    '| format | kinds | what it is | tested on |',
    '|---|---|---|---|',
    ...rows.map(({ name, kinds, summary, fixture }) =>
      row(
        native.some((importer) => importer.name === name) ? `[${name}](#${name})` : `[${name}](#tables)`,
        kinds.length > 4 ? 'any' : kinds.join(', '),
        summary,
        fixture === 'real' ? 'real files' : 'synthetic fixture only',
      ),
    ),
  ];
  for (const importer of native) lines.push('', ...importerSection(importer));
  lines.push('', ...tableSection(), '', '## Kinds', '', ...kindsHead());
  for (const kind of Object.values(KINDS)) lines.push('', ...kindSection(kind));
  return `${lines.join('\n')}\n`;
}

function importerSection({ name, summary, source, fixture, kinds, params }: Importer): string[] {
  return [
    `### ${name}`,
    '',
    `${summary}. Gives ${kinds.join(', ')}.${fixture === 'synthetic' ? ' Synthetic fixture only.' : ''}`,
    '',
    `Source: ${source}.`,
    '',
    ...paramsTable(params),
  ];
}

const tableSection = (): string[] => [
  '### Tables',
  '',
  `\`${TABLE_FORMATS.join('`, `')}\` read rows of any kind (\`--kind\`, default trades). Columns of usual names are found;`,
  '`--map ts=time,price=px` names the others, `--set interval=60000000` gives a column one value, and parts of a hive',
  'path (`date=2024-01-05`) are columns too. `--instruments`, `--from-time`, `--until` and `--where "size > 10"` are',
  'pushed down into Parquet scans.',
];

const kindsHead = (): string[] => [
  'Every kind has `instrument` (dictionary, `venue:symbol`), `ts` (timestamp µs UTC, exchange time), and, where some',
  'row of the partition has one, `recv_ts` (local time of receipt) and `seq` (trade id or sequence number). Rows lie by',
  "instrument name, then (ts, seq, input row). Prices are stored in ticks and sizes in lots: the file's metadata",
  '`steelyard.instruments` gives the units, decimal text, in the order of the dictionary. Ticks are i64 in a partition',
  'where one does not fit an i32. A column that is null throughout a partition is left out.',
];

function kindSection(kind: Kind): string[] {
  const names = new Set([
    ...Object.keys(kind.columns),
    ...Object.keys(kind.levels ?? {}).map((name) => `${name}_1`),
  ]);
  const unique = kind.unique ? ['', `Named by: instrument, ts, ${kind.unique.join(', ')}.`] : [];
  return [
    `### ${kind.name}`,
    '',
    `${kind.doc}${kind.levels ? ' Columns of level 1 are shown; deeper ones follow.' : ''}`,
    ...unique,
    '',
    '| column | stored as | type | null | meaning |',
    '|---|---|---|---|---|',
    ...storedColumns(kind.name, names, false)
      .filter(({ name }) => names.has(name))
      .map(({ name, stored, type, nullable, doc }) =>
        row(`\`${name}\``, `\`${stored}\``, type, nullable ? 'possible' : 'never', doc),
      ),
  ];
}
