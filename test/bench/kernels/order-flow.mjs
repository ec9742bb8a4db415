import { bookFrame } from './book-frame.mjs';
import { orderFlowForms as inPolars } from './order-flow-polars.mjs';
import { bookColumns, orderFlowForms as inSql } from './order-flow-sql.mjs';

const INSTRUMENTS = 100;
const LEVELS = 5;

/** Order-flow imbalance of every level, by minute. */
export async function orderFlow({ scale, duck, polars }) {
  const frame = bookFrame(1e7 * scale, INSTRUMENTS, LEVELS);
  const book = columnsOf(frame);
  await duck.table('book', book);
  const lazy = polars && inPolars(polars.pl, polars.frame(book), bookColumns(LEVELS), LEVELS);
  const contestants = [
    ...Object.entries(inSql(LEVELS)).map(([name, bars]) => duck.contestant(name, { bars })),
    ...Object.entries(lazy ?? {}).map(([name, tables]) => polars.contestant(name, tables)),
  ];
  return {
    inputs: frame,
    rows: frame.rows,
    unit: 'events',
    reads: ['time', 'available', 'state', 'bid_tick', 'bid_lots', 'ask_tick', 'ask_lots'],
    sections: [
      {
        title: `order-flow-imbalance 1m at ${LEVELS} levels: ${frame.rows.toLocaleString('en')} events of ${INSTRUMENTS} books`,
        notes:
          'Peers take every state for one with all its levels, as these are: they look at no book state, reset nothing, ' +
          'and leave out missing levels, carry between files and late availability, which ours checks in each row.',
        node: ['order-flow-imbalance', { levels: LEVELS, every: '1m' }],
        sampled: 5,
        tables: { bars: { keys: ['instrument', 'time', 'level'], relative: { mid_change: 1e-12 } } },
        peers: contestants,
      },
    ],
  };
}

/** The book as the peers hold it: a column a level, side and quantity. */
function columnsOf({ rows, offsets, instruments, columns }) {
  const instrument = new Uint16Array(rows);
  instruments.forEach((_, s) => {
    instrument.fill(s, offsets[s], offsets[s + 1]);
  });
  const ts = BigInt64Array.from(columns.time, BigInt);
  const out = { instrument: ['USMALLINT', instrument], ts: ['TIMESTAMP', ts] };
  const sources = { bid: 'bid_tick', bids: 'bid_lots', ask: 'ask_tick', asks: 'ask_lots' };
  for (let l = 1; l <= LEVELS; l++)
    for (const [name, source] of Object.entries(sources)) {
      const values = columns[source];
      const own = new Int32Array(rows);
      for (let i = 0; i < rows; i++) own[i] = values[i * LEVELS + l - 1];
      out[name + l] = ['INTEGER', own];
    }
  return out;
}
