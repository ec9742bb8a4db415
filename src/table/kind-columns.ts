import { InputError } from '../core/errors.js';
import { cellOf } from '../core/kind-cells.js';
import { KINDS, type KindName } from '../core/kinds.js';
import { guessColumns, listed, plain } from './column-guess.js';
import { guessLevels, KIND_NAMES, ROW_NAMES } from './kind-names.js';
import type { Want } from './table-source.js';

/** Raw columns every kind has. */
const ROW_WANTS: Readonly<Record<string, Want>> = {
  ...{ ts: 'time', recv_ts: 'time', seq: 'id', instrument: 'symbol' },
};
/** Names the map of trades knows beside the raw columns; `maker` tells the maker's side, `id` numbers or texts. */
const TRADE_WORDS: Readonly<Record<string, Want>> = { id: 'id', maker: 'side' };
/** Words of the trades map that mean the same as a raw column. */
const SAME: Readonly<Record<string, string>> = { time: 'ts', received: 'recv_ts' };

/** What a raw column of a kind is read as; undefined if the kind has none such. */
export function wantOf(kind: KindName, role: string): Want | undefined {
  if (Object.hasOwn(ROW_WANTS, role)) return ROW_WANTS[role];
  if (kind === 'trades' && Object.hasOwn(TRADE_WORDS, role)) return TRADE_WORDS[role];
  return cellOf(kind, role)?.type;
}

/**
 * Raw column → source column: from the user's map, then from the names. `constants` are raw columns that need none.
 * Throws an InputError for a column that is not there, is there twice or is no column of the kind, and where the
 * time, a required column or every column of the kind is missing.
 */
export function kindColumns(
  kind: KindName,
  input: string,
  columns: readonly string[],
  map: Readonly<Record<string, string>> = {},
  constants: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [word, column] of Object.entries(map)) {
    const role = Object.hasOwn(SAME, word) ? SAME[word]! : word;
    if (wantOf(kind, role) === undefined)
      throw new InputError('map column', word, `must be ${rolesOf(kind)}`);
    if (!columns.includes(column))
      throw new InputError(`${input} column`, column, `is missing; columns: ${listed(columns)}`);
    found[role] = column;
  }
  if (found.side !== undefined && found.maker !== undefined)
    throw new InputError('map columns', `side=${found.side}, maker=${found.maker}`, 'must be one of the two');
  const guessed = kind === 'trades' ? guessTrades(input, columns, found) : guess(kind, columns, found);
  for (const [role, column] of Object.entries(guessed)) {
    // an id of either name, and a side of either, is enough
    if ((role === 'id' && (found.seq ?? found.trade_id) !== undefined) || role in constants) continue;
    found[role] ??= column;
  }
  checkComplete(kind, input, columns, found, constants);
  for (const [role, column] of Object.entries(found))
    if (columns.indexOf(column) !== columns.lastIndexOf(column))
      throw new InputError(
        `${input} column`,
        column,
        `is there twice; pass --map ${role}=<column>; columns: ${listed(columns)}`,
      );
  return found;
}

function rolesOf(kind: KindName): string {
  const { columns, levels } = KINDS[kind];
  const trades = kind === 'trades' ? ['id', 'maker'] : [];
  const names = [...Object.keys(ROW_WANTS), ...trades, ...Object.keys(columns)];
  return `one of ${[...names, ...Object.keys(levels ?? {}).map((name) => `${name}_1`)].join(', ')}`;
}

/** Trades are told as ever, so that both ways to read a file take the same columns. */
function guessTrades(
  input: string,
  columns: readonly string[],
  found: Readonly<Record<string, string>>,
): Record<string, string> {
  const known: Record<string, string> = {};
  for (const [role, column] of Object.entries(found)) {
    const word = role === 'ts' ? 'time' : role === 'recv_ts' ? 'received' : role === 'seq' ? 'id' : role;
    if (['time', 'received', 'id', 'price', 'size', 'side', 'maker', 'instrument'].includes(word))
      known[word] = column;
  }
  const guessed = guessColumns(input, columns, known);
  const out: Record<string, string> = {};
  for (const [word, column] of Object.entries(guessed)) out[SAME[word] ?? word] = column;
  const taken = new Set(Object.values(out));
  for (const role of ['order_id', 'flags']) {
    const column = named(role, KIND_NAMES.trades[role] ?? [], columns, taken);
    if (column !== undefined) out[role] = column;
  }
  return out;
}

function guess(
  kind: KindName,
  columns: readonly string[],
  found: Readonly<Record<string, string>>,
): Record<string, string> {
  const taken = new Set(Object.values(found));
  const out: Record<string, string> = {};
  const take = (role: string, names: readonly string[]): void => {
    if (found[role] !== undefined) return;
    const column = named(role, names, columns, taken);
    if (column === undefined) return;
    out[role] = column;
    taken.add(column);
  };
  // the kind's own names first: `last` of an option chain is no time
  for (const role of Object.keys(KINDS[kind].columns)) take(role, KIND_NAMES[kind][role] ?? []);
  for (const [role, names] of Object.entries(ROW_NAMES)) take(role, names);
  if (KINDS[kind].levels)
    for (const [role, column] of Object.entries(guessLevels(columns)))
      if (!taken.has(column)) out[role] = column;
  return out;
}

/** The column of a role's own name, or of one of its other names. */
function named(
  role: string,
  names: readonly string[],
  columns: readonly string[],
  taken: ReadonlySet<string>,
): string | undefined {
  for (const name of [plain(role), ...names])
    for (const column of columns) if (!taken.has(column) && plain(column) === name) return column;
  return undefined;
}

function checkComplete(
  kind: KindName,
  input: string,
  columns: readonly string[],
  found: Readonly<Record<string, string>>,
  constants: Readonly<Record<string, string>>,
): void {
  const missing = (role: string): InputError =>
    new InputError(
      `${input} column`,
      role,
      `is missing; pass --map ${role}=<column>; columns: ${listed(columns)}`,
    );
  const there = (role: string): boolean => role in found || role in constants;
  if (!there('ts')) throw missing('ts');
  const { columns: cells, levels } = KINDS[kind];
  for (const [role, { required }] of Object.entries(cells)) if (required && !there(role)) throw missing(role);
  if (!Object.keys(found).some((role) => cellOf(kind, role) !== undefined))
    throw missing(Object.keys(cells)[0] ?? `${Object.keys(levels!)[0]}_1`);
}
