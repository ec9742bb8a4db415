import { InputError } from '../core/errors.js';
import type { RawSource } from '../core/raw.js';
import type { ReadOptions } from './arrow-read.js';
import { Canonicalizer } from './canonical.js';
import { guessColumns } from './column-guess.js';
import { cutFields, type Fields, FieldTexts } from './csv-fields.js';
import { bytesOf, READ_BYTES } from './read-bytes.js';
import type { SourceColumn } from './source-column.js';

const NEWLINE = 10;

/**
 * Trades in a CSV file, plain or gzip. Delimiter `,` `;` tab or `|` and the header are told from the first
 * line; without a header the map names 0-based columns. Numbers are f64 where that is exact and text where
 * digits go beyond. A line with too few fields has nulls, and so lands in the ledger.
 */
export async function csvTrades(path: string, options: ReadOptions): Promise<RawSource> {
  const { input } = options;
  const first = await firstLine(path, input);
  const delimiter = delimiterOf(first);
  const cells = splitLine(first, delimiter);
  const header = !cells.some((cell) => cell !== '' && Number.isFinite(Number(cell)));
  const names = header ? cells : cells.map((_, i) => String(i));
  if (!header && options.map === undefined)
    throw new InputError(
      `${input} header`,
      first.slice(0, 60),
      `is missing; pass --map time=0,price=1,size=2 with column numbers 0 to ${cells.length - 1}`,
    );
  const mapping = guessColumns(input, names, named(options.map, names));
  const canonical = new Canonicalizer(input, mapping, names, options);
  const roles = Object.keys(mapping);
  const wanted = roles.map((role) => names.indexOf(mapping[role]!));
  return {
    input,
    instruments: canonical.instruments,
    declarations: new Map(),
    mapping,
    batches: async function* () {
      const texts = roles.map(() => new FieldTexts());
      let skip = header;
      for await (const block of wholeLines(path, input)) {
        const fields = cutFields(block, delimiter.charCodeAt(0), wanted, skip);
        skip = false;
        if (fields.rows > 0) yield canonical.batch(fields.rows, columnsOf(roles, block, fields, texts));
      }
      canonical.close();
    },
  };
}

function columnsOf(
  roles: readonly string[],
  block: Uint8Array,
  fields: Fields,
  texts: readonly FieldTexts[],
): Record<string, SourceColumn> {
  const columns: Record<string, SourceColumn> = {};
  roles.forEach((role, i) => {
    const numeric =
      role === 'price' || role === 'size' || role === 'time' || role === 'received' || role === 'id';
    columns[role] = numeric ? texts[i]!.numbers(block, fields, i) : texts[i]!.codes(block, fields, i);
  });
  return columns;
}

/** Blocks of whole lines, each ending in a newline; the last line may lack one. */
async function* wholeLines(path: string, input: string): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of bytesOf(path, input)) {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end === 0) {
      rest = Buffer.concat([rest, chunk]);
      if (rest.length > 2 * READ_BYTES)
        throw new InputError(`${input} line of bytes`, rest.length, `must be at most ${2 * READ_BYTES}`);
      continue;
    }
    yield rest.length > 0 ? Buffer.concat([rest, chunk.subarray(0, end)]) : chunk.subarray(0, end);
    rest = chunk.slice(end);
  }
  if (rest.length > 0) yield Buffer.concat([rest, Buffer.from('\n')]);
}

async function firstLine(path: string, input: string): Promise<string> {
  for await (const block of wholeLines(path, input)) {
    let from = 0;
    while (from < block.length) {
      const end = block.indexOf(NEWLINE, from);
      const line = Buffer.from(block.subarray(from, end))
        .toString('utf8')
        .replace(/^\uFEFF/, '')
        .trim();
      if (line !== '') return line;
      from = end + 1;
    }
  }
  throw new InputError('CSV file', input, 'is empty');
}

/** A map may give column numbers of a file with a header, too. */
function named(
  map: Readonly<Record<string, string>> | undefined,
  names: readonly string[],
): Record<string, string> | undefined {
  if (map === undefined) return undefined;
  const nameOf = (column: string): string =>
    names.includes(column) ? column : (names[Number(column)] ?? column);
  return Object.fromEntries(Object.entries(map).map(([role, column]) => [role, nameOf(column)]));
}

function delimiterOf(line: string): string {
  let best = ',';
  for (const candidate of [',', ';', '\t', '|'])
    if (line.split(candidate).length > line.split(best).length) best = candidate;
  return best;
}

const splitLine = (line: string, delimiter: string): string[] =>
  line.split(delimiter).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
