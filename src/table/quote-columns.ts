import { InputError } from '../core/errors.js';
import { type Canonical, listed, NAMES, plain } from './column-guess.js';

/** The columns a quotes source may offer. */
export const QUOTE_ROLES = ['time', 'bid', 'ask', 'instrument', 'seq', 'received'] as const;
type QuoteRole = (typeof QUOTE_ROLES)[number];

const QUOTE_NAMES: Readonly<Record<QuoteRole, readonly string[]>> = {
  time: NAMES.time,
  bid: ['bidprice', 'bid', 'bestbidprice', 'bestbid', 'bidpx', 'bidprice1', 'bidprice0', 'bids[0]price', 'b'],
  ask: ['askprice', 'ask', 'bestaskprice', 'bestask', 'askpx', 'askprice1', 'askprice0', 'asks[0]price', 'a'],
  instrument: NAMES.instrument,
  seq: ['seq', 'sequence', 'updateid', 'u'],
  received: NAMES.received,
};

/** The readers know two numbers a row: bid goes as `price`, ask as `size`. */
const AS: Readonly<Record<QuoteRole, Canonical>> = {
  time: 'time',
  bid: 'price',
  ask: 'size',
  instrument: 'instrument',
  seq: 'id',
  received: 'received',
};

/**
 * Columns of a quotes source, from the user's map (`time`, `bid`, `ask`, `instrument`, `seq`, `received`) and then
 * from the names, under the names the readers of trades use. Time, bid and ask must be found.
 */
export function quoteColumns(
  input: string,
  columns: readonly string[],
  map: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const found: Record<string, string> = {};
  const taken = new Set<string>();
  for (const [role, column] of Object.entries(map)) {
    if (!(QUOTE_ROLES as readonly string[]).includes(role))
      throw new InputError('quotes map column', role, `must be one of ${QUOTE_ROLES.join(', ')}`);
    if (!columns.includes(column))
      throw new InputError(`${input} column`, column, `is missing; columns: ${listed(columns)}`);
    found[AS[role as QuoteRole]] = column;
    taken.add(column);
  }
  for (const role of QUOTE_ROLES) {
    if (found[AS[role]] !== undefined) continue;
    const column = guess(role, columns, taken);
    if (column !== undefined) {
      found[AS[role]] = column;
      taken.add(column);
    } else if (role === 'time' || role === 'bid' || role === 'ask')
      throw new InputError(
        `${input} column`,
        role,
        `is missing; pass --quotes-map ${role}=<column>; columns: ${listed(columns)}`,
      );
  }
  for (const column of Object.values(found))
    if (columns.indexOf(column) !== columns.lastIndexOf(column))
      throw new InputError(`${input} column`, column, `is there twice; columns: ${listed(columns)}`);
  return found;
}

/** In a Binance-like object prices are `b` and `a` and sizes `B` and `A`, so single letters keep their case. */
function guess(role: QuoteRole, columns: readonly string[], taken: ReadonlySet<string>): string | undefined {
  if (role === 'time' && columns.includes('T')) return 'T';
  for (const name of QUOTE_NAMES[role])
    for (const column of columns)
      if (!taken.has(column) && (name.length === 1 ? column : plain(column)) === name) return column;
  return undefined;
}

/** A reader's mapping in the words of quotes, to be printed. */
export const quoteMapping = (mapping: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    QUOTE_ROLES.filter((role) => mapping[AS[role]] !== undefined).map((role) => [role, mapping[AS[role]]!]),
  );
