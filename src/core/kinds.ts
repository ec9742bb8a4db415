/** The kinds of data a dataset holds. */
export type KindName =
  | 'trades'
  | 'book_snapshot'
  | 'book_delta'
  | 'bars'
  | 'oi'
  | 'funding'
  | 'options'
  | 'dex_swaps'
  | 'social'
  | 'depth_bands';

/**
 * What a cell holds and how it is stored. price → i32 ticks (i64 where one leaves i32), size → i64 lots, both in
 * units of the instrument; money → Decimal128(38, 18); integer → decimal text of a whole number of any size;
 * count → i64; side → i8 +1, -1, 0; flags → u16.
 */
export type CellType =
  | 'time'
  | 'price'
  | 'size'
  | 'money'
  | 'integer'
  | 'count'
  | 'f64'
  | 'side'
  | 'flags'
  | 'text';

export interface CellSpec {
  readonly type: CellType;
  /** Name in the dataset's files, where it differs: prices and sizes are stored in ticks and lots. */
  readonly stored?: string;
  /** A row without it goes to the ledger, with this reason. */
  readonly required?: 'bad_price' | 'bad_size' | 'bad_value';
  /** Null, though required, in a bar without a trade. */
  readonly quiet?: true;
  /** A price or size of 0 is a value (0 deletes a level). Negative prices and sizes never are. */
  readonly zero?: true;
  readonly doc: string;
}

/** One kind: its columns beside `instrument`, `ts`, `recv_ts` and `seq`, which every kind has. */
export interface Kind {
  readonly name: KindName;
  readonly doc: string;
  readonly columns: Readonly<Record<string, CellSpec>>;
  /**
   * What names a row within its instrument and `ts`: a second row of that name is a duplicate if it is equal and
   * goes to the ledger as `conflict` if not. Absent: rows equal in every column and in a present `seq` are
   * duplicates. Trades are named by their id.
   */
  readonly unique?: readonly string[];
  /** Columns repeated by level, 1 (best) to `levels` of a batch: `bid_price_1` … */
  readonly levels?: Readonly<Record<string, CellSpec>>;
}

/** Trade flags. */
export const TRADE_LIQUIDATION = 1;
export const TRADE_BLOCK = 2;
export const TRADE_BUST = 4;
export const TRADE_SELF = 8;

/**
 * Book flags: the row is of a full snapshot; it is the first one, before which the book is cleared. Without the former the
 * latter says that a snapshot was lost: the book is unknown from there on.
 */
export const BOOK_SNAPSHOT = 1;
export const BOOK_RESET = 2;
/** The message changed no level: a row that only carries its sequence numbers (side, price and size null). */
export const BOOK_EMPTY = 4;

const price = (doc: string, required = true): CellSpec => ({
  ...{ type: 'price', doc },
  ...(required ? { required: 'bad_price' as const } : {}),
});
const barPrice = (doc: string, stored: string): CellSpec => ({ ...price(doc), quiet: true, stored });
const size = (doc: string, required = true): CellSpec => ({
  ...{ type: 'size', doc },
  ...(required ? { required: 'bad_size' as const } : {}),
});
const f64 = (doc: string): CellSpec => ({ type: 'f64', doc });
const count = (doc: string): CellSpec => ({ type: 'count', doc });
const text = (doc: string): CellSpec => ({ type: 'text', doc });
const side: CellSpec = { type: 'side', doc: '+1 buy or bid, -1 sell or ask, 0 unknown' };
const flags: CellSpec = { type: 'flags', doc: 'bits, see the kind' };

const kind = (name: KindName, doc: string, own: Omit<Kind, 'name' | 'doc'>): Kind => ({ name, doc, ...own });

export const KINDS: Readonly<Record<KindName, Kind>> = {
  trades: kind('trades', 'Trades; seq is the trade id where that is a number.', {
    columns: {
      trade_id: text('trade id that is no number'),
      order_id: text('id of the taker order'),
      price: { ...price('price'), stored: 'tick' },
      size: { ...size('size'), stored: 'lots' },
      side: { ...side, doc: 'aggressor: +1 buy, -1 sell, 0 unknown' },
      flags: { ...flags, doc: '1 liquidation, 2 block, 4 bust, 8 self-trade' },
    },
  }),
  book_snapshot: kind('book_snapshot', 'Book states at a fixed number of levels, best first.', {
    columns: {},
    levels: {
      bid_price: { ...price('bid price of the level', false), stored: 'bid_tick' },
      bid_size: { ...size('bid size of the level', false), stored: 'bid_lots', zero: true },
      ask_price: { ...price('ask price of the level', false), stored: 'ask_tick' },
      ask_size: { ...size('ask size of the level', false), stored: 'ask_lots', zero: true },
    },
  }),
  book_delta: kind('book_delta', 'Changes of book levels, rows of one message in its order.', {
    columns: {
      first_seq: count('first update id of the message'),
      prev_seq: count('last update id of the message before'),
      side: { ...side, doc: '+1 bid, -1 ask' },
      price: { ...price('price of the level', false), stored: 'tick' },
      size: { ...size('new absolute size, 0 deletes', false), stored: 'lots', zero: true },
      flags: { ...flags, doc: '1 of a full snapshot, 2 its first row, 4 a message without levels' },
    },
  }),
  bars: kind('bars', 'Bars as their source made them; ts is the start.', {
    columns: {
      interval: count('width, µs'),
      open: barPrice('first price', 'open_tick'),
      high: barPrice('highest price', 'high_tick'),
      low: barPrice('lowest price', 'low_tick'),
      close: barPrice('last price', 'close_tick'),
      volume: { ...size('volume'), stored: 'volume_lots', zero: true },
      buy_volume: { ...size('taker-buy volume', false), stored: 'buy_lots', zero: true },
      sell_volume: { ...size('taker-sell volume', false), stored: 'sell_lots', zero: true },
      notional: { type: 'money', doc: 'quote volume' },
      buy_notional: { type: 'money', doc: 'taker-buy quote volume' },
      trades: count('trades'),
      buy_trades: count('taker-buy trades'),
      sell_trades: count('taker-sell trades'),
      available_at: { type: 'time', doc: 'end of the bar' },
    },
    unique: ['interval'],
  }),
  oi: kind('oi', 'Open interest and what is published beside it.', {
    columns: {
      interval: count('width of the observation, µs, 0 for an instant'),
      oi_contracts: f64('open interest in contracts or base units (at the end of the interval)'),
      oi_usd: f64('open interest in USD'),
      oi_open: f64('open interest at the start of the interval, in the unit of the one column given'),
      oi_high: f64('highest'),
      oi_low: f64('lowest'),
      funding: f64('funding rate, a fraction'),
      mark: f64('mark price'),
      index: f64('index price'),
      last: f64('last price'),
      top_account_ratio: f64('long/short ratio of top traders by accounts'),
      top_position_ratio: f64('long/short ratio of top traders by positions'),
      account_ratio: f64('long/short ratio of all accounts'),
      taker_ratio: f64('taker buy over sell volume'),
      available_at: { type: 'time', doc: 'end of the interval; null where the row is of an instant' },
    },
    unique: ['interval'],
  }),
  funding: kind('funding', 'Funding rates at their funding time.', {
    columns: {
      rate: { ...f64('rate of the interval, a fraction'), required: 'bad_value' },
      interval: count('funding interval, µs'),
      rate_open: f64('first'),
      rate_high: f64('highest'),
      rate_low: f64('lowest'),
      mark: f64('mark price'),
      available_at: { type: 'time', doc: 'end of the time the rates are of; null where that is an instant' },
    },
    unique: ['interval'],
  }),
  options: kind('options', 'Option trades, or states of an option chain.', {
    columns: {
      expiry: { type: 'time', doc: 'expiry' },
      strike: f64('strike'),
      cp: text('C or P'),
      mult: f64('underlying units of a contract'),
      price: { ...price('trade price', false), stored: 'tick' },
      size: { ...size('trade size', false), stored: 'lots' },
      side: { ...side, doc: 'aggressor: +1 buy, -1 sell, 0 unknown' },
      open_interest: f64('contracts'),
      volume: f64('contracts traded over 24 h'),
      bid: f64('best bid'),
      bid_size: f64('size at the best bid'),
      ask: f64('best ask'),
      ask_size: f64('size at the best ask'),
      last: f64('last price'),
      mark: f64('mark price'),
      mark_iv: f64('implied volatility of the mark, a fraction'),
      bid_iv: f64('implied volatility of the bid, a fraction'),
      ask_iv: f64('implied volatility of the ask, a fraction'),
      delta: f64('delta'),
      gamma: f64('gamma'),
      vega: f64('vega'),
      theta: f64('theta'),
      rho: f64('rho'),
      underlying: f64('price of the underlying'),
      underlying_index: text('name of the underlying'),
    },
  }),
  dex_swaps: kind('dex_swaps', 'Swaps of liquidity pools, signed raw integers seen from the pool.', {
    columns: {
      chain: text('chain'),
      block: { ...count('block number'), required: 'bad_value' },
      log_index: { ...count('place of the log in its block'), required: 'bad_value' },
      tx_hash: text('transaction hash'),
      amount0: { type: 'integer', required: 'bad_value', doc: 'change of token 0 in the pool, raw units' },
      amount1: { type: 'integer', required: 'bad_value', doc: 'change of token 1 in the pool, raw units' },
      token0: text('name of token 0'),
      token1: text('name of token 1'),
      decimals0: count('decimals of token 0'),
      decimals1: count('decimals of token 1'),
      sender: text('caller'),
      recipient: text('receiver'),
      sqrt_price: { type: 'integer', doc: 'sqrt price after, Q64.96' },
      liquidity: { type: 'integer', doc: 'liquidity in range after' },
      pool_tick: f64('pool tick after'),
      usd0: f64('reference price of token 0 in USD'),
      usd1: f64('reference price of token 1 in USD'),
      removed: { type: 'flags', doc: '1: the chain dropped this log again; it subtracts' },
    },
    unique: ['chain', 'tx_hash', 'log_index', 'removed'],
  }),
  social: kind(
    'social',
    'Mentions of an asset in a bucket of time; a missing bucket is an outage, not a zero.',
    {
      columns: {
        interval: count('width of the bucket, µs'),
        ingest_ts: { type: 'time', doc: 'when the count was known' },
        mentions: { ...count('mentions'), required: 'bad_value' },
        unique_authors: count('distinct authors'),
        pos: count('positive'),
        neg: count('negative'),
        total_mentions: count('mentions of all assets in the bucket'),
        dup_share: f64('share of duplicates'),
      },
      unique: ['interval', 'ingest_ts'],
    },
  ),
  depth_bands: kind('depth_bands', 'Cumulative depth within a distance of the mid price.', {
    columns: {
      percentage: { ...f64('signed distance from the mid in per cent, below 0 bids'), required: 'bad_value' },
      depth: f64('cumulative size'),
      notional: f64('cumulative quote value'),
    },
    unique: ['percentage'],
  }),
};
