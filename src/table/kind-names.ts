import type { KindName } from '../core/kinds.js';
import { NAMES } from './column-guess.js';

/** Names under which every kind's own columns go, beside the kind's; lower case without `_`, `-`, `.` and blanks. */
export const ROW_NAMES: Readonly<Record<'ts' | 'recv_ts' | 'seq' | 'instrument', readonly string[]>> = {
  ts: [
    ...NAMES.time,
    'opentime',
    'starttime',
    'start',
    'bucketts',
    'bucket',
    'blocktimestamp',
    'fundingtime',
    'day',
  ],
  recv_ts: NAMES.received,
  seq: ['seq', 'sequence', 'updateid', 'lastupdateid', 'finalupdateid'],
  instrument: [...NAMES.instrument, 'asset', 'pool'],
};

/** Further names of a kind's columns; a column's own name is always known. */
export const KIND_NAMES: Readonly<Record<KindName, Readonly<Record<string, readonly string[]>>>> = {
  trades: {
    id: NAMES.id,
    price: NAMES.price,
    size: NAMES.size,
    side: NAMES.side,
    order_id: ['takerorderid'],
  },
  book_snapshot: {},
  book_delta: {
    first_seq: ['firstupdateid'],
    prev_seq: ['pu', 'prevupdateid', 'previousupdateid'],
    price: NAMES.price,
    size: NAMES.size,
  },
  bars: {
    open: ['o'],
    high: ['h'],
    low: ['l'],
    close: ['c'],
    volume: ['vol', 'v', 'basevolume', 'volumebase'],
    buy_volume: ['takerbuyvolume', 'takerbuybasevolume', 'takerbuybaseassetvolume', 'buyvol'],
    sell_volume: ['takersellvolume', 'takersellbasevolume', 'sellvol'],
    notional: ['quotevolume', 'quoteassetvolume', 'turnover'],
    buy_notional: ['takerbuyquotevolume', 'takerbuyquoteassetvolume'],
    trades: ['count', 'numberoftrades', 'tradecount', 'numtrades', 'ntrades'],
    buy_trades: ['nbuy', 'numberofbuytrades'],
  },
  oi: {
    oi_contracts: ['openinterest', 'oi', 'sumopeninterest'],
    oi_usd: ['openinterestusd', 'openinterestvalue', 'sumopeninterestvalue'],
    funding: ['fundingrate'],
    mark: ['markprice'],
    index: ['indexprice'],
    last: ['lastprice'],
  },
  funding: { rate: ['fundingrate', 'lastfundingrate', 'funding'], mark: ['markprice'] },
  options: {
    expiry: ['expiration', 'expirationtimestamp', 'expirationdate'],
    strike: ['strikeprice'],
    cp: ['optiontype', 'callput', 'putcall'],
    mult: ['multiplier', 'contractsize'],
    size: ['qty', 'quantity', 'amount'],
    open_interest: ['oi'],
    bid: ['bidprice', 'bestbidprice'],
    bid_size: ['bidamount', 'bestbidamount'],
    ask: ['askprice', 'bestaskprice'],
    ask_size: ['askamount', 'bestaskamount'],
    last: ['lastprice'],
    mark: ['markprice'],
    underlying: ['underlyingprice'],
  },
  dex_swaps: {
    block: ['blocknumber', 'height'],
    tx_hash: ['transactionhash', 'hash'],
    recipient: ['to'],
    sqrt_price: ['sqrtpricex96'],
    pool_tick: ['tick'],
  },
  social: {
    ingest_ts: ['ingesttime', 'ingestedat'],
    mentions: ['count', 'mentioncount'],
    unique_authors: ['authors'],
    pos: ['positive'],
    neg: ['negative'],
    total_mentions: ['total'],
  },
  depth_bands: { percentage: ['pct', 'band'] },
};

const NUMBERED = '(price|px|size|sz|qty|quantity|amount|vol|volume)';
const BEHIND = new RegExp(`^(bid|ask)s?[_.]?${NUMBERED}[_.]?(\\d{1,4})$`);
const BETWEEN = new RegExp(`^(bid|ask)s?[_.]?\\[?(\\d{1,4})\\]?[_.]?${NUMBERED}$`);
const BEST = new RegExp(`^(?:best_?)?(bid|ask)(?:[_.]?${NUMBERED})?$`);

/**
 * Levels of a book told by names such as `bid_price_1`, `bids[0].amount`, `ask1_qty`, `bid_px_00`; without a number
 * they are of the best level. Numbers from 0 count as from 1. Raw column → source column.
 */
export function guessLevels(columns: readonly string[]): Record<string, string> {
  const found: { side: string; field: string; level: number; column: string }[] = [];
  for (const column of columns) {
    const name = column.toLowerCase();
    const behind = BEHIND.exec(name);
    const between = behind ? null : BETWEEN.exec(name);
    const best = behind || between ? null : BEST.exec(name);
    const match = behind ?? between ?? best;
    if (!match) continue;
    const word = (behind ? match[2] : between ? match[3] : match[2]) ?? 'price';
    const level = behind ? Number(match[3]) : between ? Number(match[2]) : Number.NaN;
    const field = word === 'price' || word === 'px' ? 'price' : 'size';
    found.push({ side: match[1]!, field, level, column });
  }
  const first = found.some(({ level }) => level === 0) ? 0 : 1;
  const out: Record<string, string> = {};
  for (const { side, field, level, column } of found) {
    const n = Number.isNaN(level) ? 1 : level - first + 1;
    out[`${side}_${field}_${n}`] ??= column;
  }
  return out;
}
