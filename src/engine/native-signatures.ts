import { CAPTURE_LINE } from '../ingest/binance-message.js';
import { importers } from '../ingest/index.js';
import { LOBSTER_NAME } from '../ingest/lobster-files.js';
import { splitCsv } from '../ingest/split-csv.js';

/** The start of a file, as text. */
export interface FileHead {
  /** File name without folders. */
  readonly name: string;
  readonly text: string;
  /** Fields of the first line that is not blank, cut at commas. */
  readonly fields: readonly string[];
}

type Signature = (head: FileHead) => boolean;

const TARDIS = ['exchange', 'symbol', 'timestamp', 'local_timestamp'];
const LOGS = ['block_number', 'block_timestamp', 'transaction_hash', 'log_index', 'topics', 'data'];

const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;
const STAMP = /^(\d{13}|\d{16})$/;
const FLAG = /^(true|false|0|1)$/i;
const ISO = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}/;

/** A header that names these columns. */
const header =
  (...names: readonly string[]): Signature =>
  ({ fields }) =>
    names.every((name) => fields.includes(name));

/** A first record of so many fields, these of these forms, and numbers elsewhere. */
const record =
  (counts: readonly number[], forms: Readonly<Record<number, RegExp>>): Signature =>
  ({ fields }) =>
    counts.includes(fields.length) && fields.every((field, i) => (forms[i] ?? NUMBER).test(field));

/** JSON whose start holds these keys. */
const keys =
  (...names: readonly string[]): Signature =>
  ({ text }) =>
    /^\s{0,100}[[{]/.test(text) && names.every((name) => text.includes(`"${name}"`));

const any =
  (...of: readonly Signature[]): Signature =>
  (head) =>
    of.some((signature) => signature(head));

/** Raw logs, of which the first ones are swaps of this event or of none that is known. */
const logs =
  (own: string, other: string): Signature =>
  (head) =>
    any(header(...LOGS), keys('topics', 'logIndex', 'data'))(head) &&
    (head.text.includes(own) || !head.text.includes(other));
const V2_SWAP = 'd78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822';
const V3_SWAP = 'c42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67';

/** What the content of each native format looks like: its header, its first record, or keys of its JSON. */
export const SIGNATURES: Readonly<Record<string, Signature>> = {
  'binance-aggtrades': any(
    header('agg_trade_id', 'transact_time'),
    record([7, 8], { 5: STAMP, 6: FLAG, 7: FLAG }),
  ),
  'binance-bookdepth': any(header('timestamp', 'percentage', 'depth', 'notional'), record([4], { 0: ISO })),
  'binance-depth': any(
    header('first_update_id', 'last_update_id', 'update_type'),
    record([8, 9], { 0: /^[A-Z0-9_]+$/, 1: STAMP, 4: /^[ab]$/, 5: /^(snap|set|delta)$/ }),
  ),
  'binance-funding': any(
    header('calc_time', 'last_funding_rate'),
    header('fundingTime', 'fundingRate'),
    record([3], { 0: STAMP, 1: /^\d{1,2}$/ }),
  ),
  'binance-klines': any(
    header('open_time', 'close_time', 'taker_buy_base_asset_volume'),
    header('open_time', 'close_time', 'taker_buy_volume'),
    record([12], { 0: STAMP, 6: STAMP }),
  ),
  'binance-metrics': any(
    header('create_time', 'sum_open_interest'),
    record([8], { 0: ISO, 1: /^[A-Z0-9_]+$/ }),
  ),
  'binance-trades': any(
    header('id', 'price', 'qty', 'time', 'is_buyer_maker'),
    header('id', 'price', 'qty', 'time', 'isBuyerMaker'),
    record([6, 7], { 4: STAMP, 5: FLAG, 6: FLAG }),
  ),
  'binance-websocket': ({ text }) => CAPTURE_LINE.test(text),
  'bybit-ob500': ({ text }) => /^\s{0,100}\{.{0,200}"topic"\s?:\s?"orderbook\./.test(text),
  'bybit-trades': any(header('timestamp', 'symbol', 'side', 'size', 'price', 'trdMatchID'), ({ fields }) =>
    /^id,timestamp,price,volume,side(,rpi)?$/.test(fields.join(',').slice(0, 99)),
  ),
  'coinalyze-funding': header('symbol', 'date', 'timestamp', 'funding_rate', 'fr_open'),
  'coinalyze-oi': header('symbol', 'date', 'timestamp', 'oi_open', 'oi_close'),
  'deribit-summary': any(
    header('instrument_name', 'creation_timestamp', 'open_interest'),
    keys('instrument_name', 'creation_timestamp', 'open_interest'),
  ),
  // an array of arrays: ms, id, type, side, price, amount, cost
  'freqtrade-trades': ({ text }) =>
    /^\s{0,100}\[\s{0,100}\[\s{0,20}\d{13}\s{0,20}(,[^,\]]{1,100}){6}\s{0,20}\]/.test(text),
  'kraken-trades': record([3], { 0: /^\d{9,10}(\.\d{1,9})?$/ }),
  lobster: ({ name }) => LOBSTER_NAME.test(name),
  'social-mentions': any(
    keys('results', 'thread_title'),
    keys('results', 'generated_at_utc'),
    keys('results_list', 'generated_at_utc'),
  ),
  'tardis-book-snapshot': header(...TARDIS, 'asks[0].price', 'bids[0].price'),
  'tardis-derivative-ticker': header(...TARDIS, 'funding_rate', 'open_interest', 'mark_price'),
  'tardis-incremental-book-l2': header(...TARDIS, 'is_snapshot', 'side', 'price', 'amount'),
  'tardis-options-chain': header(...TARDIS, 'strike_price', 'expiration', 'mark_iv'),
  'tardis-quotes': header(...TARDIS, 'ask_amount', 'ask_price', 'bid_price', 'bid_amount'),
  // liquidations have the same columns, and only their name says so
  'tardis-trades': (head) =>
    header(...TARDIS, 'id', 'side', 'price', 'amount')(head) && !/_liquidations_/i.test(head.name),
  'uniswap-v2': logs(V2_SWAP, V3_SWAP),
  'uniswap-v3': logs(V3_SWAP, V2_SWAP),
};

/**
 * Native formats that the start of a file fits. Of several, those whose files are usually named like this one come
 * first.
 */
export function nativeCandidates(name: string, text: string): string[] {
  const line = /^[^\n]*/.exec(text.trimStart())![0].trimEnd();
  const fields = (splitCsv(line, ',') ?? []).map((field) => field.trim());
  const head = { name, text, fields };
  const fits = Object.keys(SIGNATURES).filter((format) => SIGNATURES[format]!(head));
  const usual = (format: string): number => (importers.get(format)!.files.test(name) ? 0 : 1);
  return fits.sort((a, b) => usual(a) - usual(b));
}
