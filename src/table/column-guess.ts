import { InputError } from '../core/errors.js';

/** The columns a trades source may offer, by their canonical names; `maker` tells the maker's side instead of `side`. */
export type Canonical = 'time' | 'price' | 'size' | 'side' | 'maker' | 'instrument' | 'id' | 'received';

export const CANONICAL: readonly Canonical[] = [
  'time',
  'price',
  'size',
  'side',
  'maker',
  'instrument',
  'id',
  'received',
];

/** Names taken without a map, best first; compared in lower case without `_`, `-`, `.` and blanks. */
export const NAMES: Readonly<Record<Canonical, readonly string[]>> = {
  time: [
    ...['ts', 'time', 'timestamp', 'datetime', 'date', 'exchangets', 'exchangetime', 'exchangetimestamp'],
    ...[
      'tsevent',
      'eventtime',
      'tradetime',
      'transacttime',
      'tsms',
      'tsus',
      'tsns',
      'timestampms',
      'timems',
      't',
    ],
  ],
  price: ['price', 'px', 'p', 'rate', 'tradeprice', 'executionprice', 'fillprice', 'last', 'lastprice'],
  size: [
    ...[
      'size',
      'qty',
      'quantity',
      'amount',
      'volume',
      'q',
      'sz',
      'vol',
      'v',
      'basevolume',
      'baseqty',
      'contracts',
    ],
    ...['tradesize', 'tradeqty', 'lastsize', 'lastqty', 'qtybase', 'sizebase'],
  ],
  side: [
    ...['side', 'takerside', 'aggressor', 'aggressorside', 'tradeside', 'direction', 'takerdirection'],
    ...['isbuyermaker', 'buyermaker', 'buyerismaker', 'wasbuyermaker', 'm', 'isbuy', 'buy', 'isbuyertaker'],
    ...['buyeristaker', 'takerisbuyer', 'makerside'],
  ],
  // by map only: the names that say so stand under `side`
  maker: [],
  instrument: [
    'instrument',
    'symbol',
    'sym',
    'market',
    'pair',
    'ticker',
    'instr',
    'instrumentname',
    'coin',
    's',
  ],
  id: [
    'tradeid',
    'id',
    'tid',
    'aggid',
    'aggtradeid',
    'aggregatetradeid',
    'trdmatchid',
    'execid',
    'seq',
    'sequence',
  ],
  received: [
    ...['recvts', 'received', 'localtimestamp', 'localts', 'receivedts', 'recvtime', 'receivetime', 'tsrecv'],
    ...['receivetimestamp', 'tsinit'],
  ],
};

/** Columns by which bars are known. */
const BARS = [
  ['open', 'high', 'low', 'close'],
  ['o', 'h', 'l', 'c'],
];

const MAKER = new Set(['isbuyermaker', 'buyermaker', 'buyerismaker', 'wasbuyermaker', 'makerside', 'm']);
const BUYER = /^(is|was)?(taker|aggressor)?(is|was)?buy(er)?(is|was)?(taker|aggressor)?$/;

/** A column's name as it is compared. */
export const plain = (name: string): string => name.toLowerCase().replace(/[_\-. ]/g, '');

/** What a side column's values speak of: the aggressor's side, whether a taker bought, or the maker's side. */
export type SideMeaning = 'side' | 'buy' | 'maker';

/** The meaning a column's name gives away. */
export function meaningOf(column: string): SideMeaning {
  const name = plain(column);
  return MAKER.has(name) ? 'maker' : BUYER.test(name) ? 'buy' : 'side';
}

/** True if the column orders trades but need not be unique, so it finds no duplicates. */
export const onlyOrders = (column: string): boolean =>
  plain(column) === 'seq' || plain(column) === 'sequence';

/**
 * Canonical column → source column, from the user's map and then from the names. Time, price and size must be
 * found; bars are an error that says how to import them. In a Binance-like object `T` (trade time) goes before `t` (trade id).
 */
export function guessColumns(
  input: string,
  columns: readonly string[],
  map: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const found: Record<string, string> = {};
  const taken = new Set<string>();
  for (const [role, column] of Object.entries(map)) {
    if (!(CANONICAL as readonly string[]).includes(role))
      throw new InputError('map column', role, `must be one of ${CANONICAL.join(', ')}`);
    if (!columns.includes(column))
      throw new InputError(`${input} column`, column, `is missing; columns: ${listed(columns)}`);
    found[role] = column;
    taken.add(column);
  }
  if (found.side !== undefined && found.maker !== undefined)
    throw new InputError('map columns', `side=${found.side}, maker=${found.maker}`, 'must be one of the two');
  for (const role of CANONICAL) {
    if (found[role] !== undefined || (role === 'side' && found.maker !== undefined)) continue;
    const column = guess(role, columns, taken);
    if (column === undefined) continue;
    found[role] = column;
    taken.add(column);
  }
  for (const role of ['time', 'price', 'size'] as const)
    if (found[role] === undefined) throw missing(input, role, columns);
  for (const [role, column] of Object.entries(found))
    if (columns.indexOf(column) !== columns.lastIndexOf(column))
      throw new InputError(
        `${input} column`,
        column,
        `is there twice; pass --map ${role}=<column>; columns: ${listed(columns)}`,
      );
  return Object.fromEntries(
    CANONICAL.filter((role) => found[role] !== undefined).map((role) => [role, found[role]!]),
  );
}

function guess(role: Canonical, columns: readonly string[], taken: ReadonlySet<string>): string | undefined {
  // single letters tell case apart in exchange messages
  if (role === 'time' && columns.includes('T') && columns.includes('t')) return 'T';
  if (role === 'id' && columns.includes('T') && columns.includes('t')) return 't';
  for (const name of NAMES[role])
    for (const column of columns) if (!taken.has(column) && plain(column) === name) return column;
  return undefined;
}

/** What to do about a table without a column that trades have: bars and other kinds are read from datasets. */
function missing(input: string, role: Canonical, columns: readonly string[]): InputError {
  const names = new Set(columns.map(plain));
  if (BARS.some((bar) => bar.every((name) => names.has(name))))
    return new InputError(
      'input',
      input,
      `holds bars, not trades: import it, \`steelyard import <format> ${input} --kind bars --to <dataset>\`, and run on the dataset`,
    );
  return new InputError(
    `${input} column`,
    role,
    `is missing; pass --map ${role}=<column>, or import other kinds than trades by \`steelyard import --kind\`; columns: ${listed(columns)}`,
  );
}

/** Column names as a message shows them. */
export const listed = (columns: readonly string[]): string =>
  columns.length === 0 ? 'none' : columns.slice(0, 40).join(', ') + (columns.length > 40 ? ', …' : '');
