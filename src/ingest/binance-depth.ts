import { SIDE_BUY, SIDE_SELL } from '../core/columns.js';
import type { Importer } from '../core/importer.js';
import { BOOK_RESET, BOOK_SNAPSHOT } from '../core/kinds.js';
import { wholeOf } from '../core/stamps.js';
import { archiveMicros, NO_SIDE } from './binance-cells.js';
import { binanceFutures, binanceInstruments } from './binance-market.js';
import { levelFault } from './book-level.js';
import { csvRows } from './csv-rows.js';
import { RowBatch } from './row-batch.js';

const COLUMNS = [
  ...['symbol', 'timestamp', 'first_update_id', 'last_update_id', 'side'],
  ...['update_type', 'price', 'qty', 'pu'],
];

/**
 * Historical order books of futures (T_DEPTH, S_DEPTH): a row is a level of a snapshot (`snap`) or a new size of a
 * level (`set`), of which 0 deletes. Rows of type `delta`, changes of a size, are bad_value: they are no
 * absolute size. Rows of one snapshot share symbol, time and update id; the first good one of them clears the book,
 * so that a snapshot whose first row is bad still does.
 */
export const binanceDepth: Importer = {
  name: 'binance-depth',
  summary: 'Binance historical futures order books: depth snapshots and updates, CSV, gzip or zip',
  source: 'binance-public-data, Futures Order Book Download (T_DEPTH, S_DEPTH)',
  fixture: 'real',
  kinds: ['book_delta'],
  params: { market: binanceFutures.market },
  files: /depth[-_](snap|update)\b.*\.(csv|zip|gz)$/i,
  read: (file, context) => {
    const batch = new RowBatch('book_delta', {
      ...{ ts: 'f64', seq: 'f64', first_seq: 'f64', prev_seq: 'f64' },
      ...{ side: 'codes', price: 'text', size: 'text', flags: 'codes' },
    });
    const instrumentOf = binanceInstruments(context, 'usdm');
    /** Last snapshot begun, by instrument; undefined once other rows followed it. */
    const begun = new Map<number, string | undefined>();
    return csvRows(file, context, {
      batch,
      columns: COLUMNS,
      required: COLUMNS.slice(0, 8),
      header: 'maybe',
      record: (fields, at, record, line) => {
        const id = instrumentOf(fields[at.symbol!]!);
        const i = batch.add(id, record, line);
        const { f64, text, codes } = batch;
        const stamp = fields[at.timestamp!]!;
        const last = fields[at.last_update_id!]!;
        const pu = at.pu === undefined ? undefined : fields[at.pu];
        f64.ts![i] = archiveMicros(stamp);
        f64.seq![i] = wholeOf(last);
        f64.first_seq![i] = wholeOf(fields[at.first_update_id!]);
        f64.prev_seq![i] = wholeOf(pu);
        text.price![i] = fields[at.price!]!;
        text.size![i] = fields[at.qty!]!;
        const side = fields[at.side!]!;
        codes.side![i] = side === 'b' ? SIDE_BUY : side === 'a' ? SIDE_SELL : NO_SIDE;
        const type = fields[at.update_type!]!;
        const good = check(batch, i, type, pu);
        if (type !== 'snap') {
          begun.set(id, undefined);
          return;
        }
        codes.flags![i] = BOOK_SNAPSHOT;
        const snapshot = `${stamp} ${last}`;
        if (begun.get(id) === snapshot || !good) return;
        begun.set(id, snapshot);
        codes.flags![i] = BOOK_SNAPSHOT | BOOK_RESET;
      },
    });
  },
};

/** Rejects what no book can take, and says whether the row is good. -1 or nothing for `pu`: there is no update before. */
function check(batch: RowBatch, i: number, type: string, pu: string | undefined): boolean {
  const { f64, text, codes } = batch;
  const previous = !Number.isNaN(f64.prev_seq![i]) || pu === undefined || pu === '' || pu === '-1';
  const reason = Number.isNaN(f64.ts![i])
    ? 'bad_time'
    : codes.side![i] === NO_SIDE
      ? 'bad_side'
      : (levelFault(text.price![i]!, text.size![i]!) ??
        (!previous || Number.isNaN(f64.seq![i]) || Number.isNaN(f64.first_seq![i])
          ? 'bad_value'
          : type !== 'snap' && type !== 'set'
            ? 'bad_value'
            : undefined));
  if (reason !== undefined) batch.reject(i, reason);
  return reason === undefined;
}
