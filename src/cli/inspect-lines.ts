import type {
  DatasetState,
  Inspection,
  KindInspection,
  LedgerInspection,
  TableInspection,
} from '../engine/inspect-types.js';
import { gapLines } from './inspect-gaps.js';
import { instrumentLines } from './inspect-instruments.js';
import { exactCount } from './progress.js';
import { aligned, counted, instant, spansText, spanText } from './text-table.js';

/** Days and sources listed one by one; more are summed up. */
const MOST_LISTED = 10;
/** Characters of metadata and ledger texts shown. */
const MOST_CHARACTERS = 100;

/** An inspection for people: `most` instruments are listed. `checked`: its rows were not read. */
export function inspectLines(found: Inspection, most: number, checked = false): string[] {
  const { names, format, params, alsoFits, kinds, table, ledger, dataset } = found;
  const shown = names.length === 1 ? names[0]! : `${exactCount(names.length)} files`;
  const given = Object.entries(params).filter(([name, value]) => name !== 'kind' && value !== '');
  const lines = [
    `${shown}: ${format}${given.length > 0 ? ` (${given.map(([name, value]) => `${name}=${value}`).join(', ')})` : ''}`,
  ];
  if (alsoFits.length > 0)
    lines.push(`  fits ${alsoFits.join(', ')} as well: pass --format for another reading`);
  if (dataset) lines.push(...datasetLines(dataset));
  if (table) lines.push(...tableLines(table, kinds.length > 0));
  if (dataset && kinds.length === 0 && !checked) lines.push('  no rows');
  for (const kind of kinds) lines.push('', ...kindLines(kind, most));
  if (ledger) lines.push('', ...ledgerLines(ledger));
  if (dataset) lines.push(...sourceLines(dataset));
  return lines.map(clean);
}

/** Texts of files end in terminals: no control characters. */
const clean = (line: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
  line.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trimEnd();

function datasetLines({ partitions, bytes, lock, unfinished, problems }: DatasetState): string[] {
  const lines = [`  ${counted(partitions, 'partition')}, ${(bytes / 1e6).toFixed(1)} MB`];
  if (lock)
    lines.push(
      `  locked by process ${lock.pid} on ${lock.host}${lock.alive ? ': an import is running' : ', which has died: the next import takes over'}`,
    );
  if (unfinished)
    lines.push(
      `  unfinished import, ${exactCount(unfinished.sourcesRead)} sources read: it goes on when it is run again`,
    );
  const found = problems.length === 0 ? 'no problem found' : counted(problems.length, 'problem');
  lines.push(`  integrity: ${found} (every file compared with the manifest's SHA-256)`);
  return [...lines, ...problems.map((problem) => `    ${problem}`)];
}

function tableLines({ rows, columns, metadata }: TableInspection, read: boolean): string[] {
  const lines = [`  ${counted(rows, 'row')}, ${counted(columns.length, 'column')}`];
  const cells = columns.map(({ name, type, unit, doc }) => [name, type, unit, doc]);
  lines.push(...aligned(cells, '    '));
  if (!read && Object.keys(metadata).length === 0)
    lines.push(
      '  no kind of market data has such columns: pass --kind, and --map if their names are unusual',
    );
  for (const [name, value] of Object.entries(metadata))
    lines.push(`  ${name}: ${value.slice(0, MOST_CHARACTERS)}${value.length > MOST_CHARACTERS ? '…' : ''}`);
  return lines;
}

function kindLines(kind: KindInspection, most: number): string[] {
  const { rows, instruments, first, last, clock } = kind;
  const lines = [
    `${kind.kind}: ${counted(rows, 'row')}, ${counted(instruments.length, 'instrument')}`,
    `  range    ${instant(first)} to ${instant(last)} UTC`,
    ...dayLines(kind),
    ...gapLines(kind),
  ];
  if (kind.outOfOrder > 0)
    lines.push(`  order    ${exactCount(kind.outOfOrder)} rows later than a successor`);
  if (clock) {
    const { delay, skew } = clock;
    const of = `of ${exactCount(clock.rows)} local stamps`;
    lines.push(
      skew
        ? `  clock    ${exactCount(skew.rows)} ${of} lie before the exchange's: median ${spanText(skew.median)}, extreme ${spanText(skew.extreme)}`
        : `  clock    0 ${of} lie before the exchange's; delay ${spanText(delay.min)} to ${spanText(delay.max)}, median ${spanText(delay.median)}`,
    );
  }
  lines.push('  columns', ...columnLines(kind));
  return [...lines, ...instrumentLines(kind, most)];
}

/** Columns with their types and units; of columns by level the first level stands for all. */
function columnLines({ schema, rows }: KindInspection): string[] {
  const level = /_([1-9]\d*)$/;
  const deepest = schema.reduce((most, { name }) => Math.max(most, Number(level.exec(name)?.[1] ?? 0)), 0);
  const shown = schema.filter(({ name }) => Number(level.exec(name)?.[1] ?? 1) === 1);
  const cells = shown.map(({ name, type, unit, values, doc }) => [
    ...[name, type, unit, values === rows ? '' : `${counted(values, 'value')}`],
    doc,
  ]);
  return [...aligned(cells, '    '), ...(deepest > 1 ? [`    … and so on to level ${deepest}`] : [])];
}

function dayLines({ days, instruments }: KindInspection): string[] {
  const { withRows, inRange, missing, rows } = days;
  const none = missing.length === 0 ? '' : `; no rows ${spansText(missing)}`;
  const lines = [`  days     ${exactCount(withRows)} of ${exactCount(inRange)} have rows${none}`];
  const of = (n: number): string => (instruments.length > 1 ? `, ${counted(n, 'instrument')}` : '');
  if (rows.length <= MOST_LISTED)
    for (const day of rows) lines.push(`    ${day.day}  ${counted(day.rows, 'row')}${of(day.instruments)}`);
  else {
    const range = (key: 'rows' | 'instruments'): string => {
      const sorted = rows.map((day) => day[key]).sort((a, b) => a - b);
      return `${exactCount(sorted[0]!)} to ${exactCount(sorted.at(-1)!)}, median ${exactCount(sorted[sorted.length >> 1]!)}`;
    };
    lines.push(`    rows a day: ${range('rows')}`);
    if (instruments.length > 1) lines.push(`    instruments a day: ${range('instruments')}`);
  }
  return lines;
}

function ledgerLines(ledger: LedgerInspection): string[] {
  const { rowsRead, rowsKept, duplicates, skipped, counts, examples } = ledger;
  const left = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const again = duplicates === null ? '' : ` + ${exactCount(duplicates)} duplicates`;
  const other = skipped > 0 ? `; ${exactCount(skipped)} other records skipped` : '';
  const lines = [
    `ledger: ${exactCount(rowsRead)} rows read = ${exactCount(rowsKept)} kept + ${exactCount(left)} left out${again}${other}`,
  ];
  for (const [reason, n] of Object.entries(counts)) {
    lines.push(`  ${reason}: ${exactCount(n)}`);
    for (const { source, row, text } of examples.filter((example) => example.reason === reason))
      lines.push(`    ${source} row ${row}: ${text.slice(0, MOST_CHARACTERS)}`);
  }
  return lines;
}

function sourceLines({ sources }: DatasetState): string[] {
  if (sources.length === 0) return [];
  const formats = new Map<string, number>();
  for (const { format } of sources) formats.set(format, (formats.get(format) ?? 0) + 1);
  const summary = [...formats].map(([format, n]) => `${exactCount(n)} ${format}`).join(', ');
  const listed = sources
    .slice(0, MOST_LISTED)
    .map(({ source, format, rowsRead, rowsKept }) => [
      ...[source, format, `${exactCount(rowsRead)} rows read`, `${exactCount(rowsKept)} kept`],
    ]);
  const more = sources.length - listed.length;
  return [
    '',
    `sources: ${exactCount(sources.length)} (${summary})`,
    ...aligned(listed, '  '),
    ...(more > 0 ? [`  … and ${exactCount(more)} more`] : []),
  ];
}
