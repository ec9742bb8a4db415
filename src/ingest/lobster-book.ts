import { NO_INSTRUMENT } from '../core/importer.js';
import { lobsterPrice } from './lobster-message.js';
import { type Fill, RowBatch } from './row-batch.js';
import { splitCsv } from './split-csv.js';

/** Columns of a level in file order. */
const LEVEL = ['ask_price', 'ask_size', 'bid_price', 'bid_size'] as const;

/** Price of a level that is not there: above every ask, below every bid, with size 0. */
const [NO_ASK, NO_BID] = ['9999999999', '-9999999999'];

/** Book states of an orderbook file. */
export class LobsterBook {
  readonly batch: RowBatch;
  readonly #names: readonly string[];

  constructor(
    levels: number,
    readonly instrument: number,
  ) {
    this.#names = Array.from({ length: levels }, (_, level) =>
      LEVEL.map((name) => `${name}_${level + 1}`),
    ).flat();
    this.batch = new RowBatch('book_snapshot', {
      ts: 'f64',
      ...Object.fromEntries(this.#names.map((name): [string, Fill] => [name, 'text'])),
    });
  }

  /** The state after a message; `ts` is undefined where the message is unreadable, NaN where its time is. */
  add(record: number, ts: number | undefined, message: string, state: string): void {
    const { batch } = this;
    const fields = splitCsv(state, ',');
    if (ts === undefined || fields?.length !== this.#names.length) {
      batch.reject(batch.add(NO_INSTRUMENT, record, ts === undefined ? message : state), 'bad_row');
      return;
    }
    const i = batch.add(this.instrument, record, state);
    batch.f64.ts![i] = ts;
    if (Number.isNaN(ts)) batch.reject(i, 'bad_time');
    for (let c = 0; c < fields.length; c += 2) {
      const text = fields[c]!;
      if (text === NO_ASK || text === NO_BID) continue;
      const price = lobsterPrice(text);
      if (price === undefined) batch.reject(i, 'bad_price');
      else batch.text[this.#names[c]!]![i] = price;
      batch.text[this.#names[c + 1]!]![i] = fields[c + 1]!;
    }
  }
}
