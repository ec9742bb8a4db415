import { footprintForms } from './footprint-polars.mjs';
import { FORMS } from './footprint-sql.mjs';
import { tradesFrame } from './trades-frame.mjs';

const INSTRUMENTS = 200;

/** Footprint bars by one tick, with their flags and zones. */
export async function footprint({ scale, duck, polars }) {
  const frame = tradesFrame(Math.round(1e7 * scale), INSTRUMENTS);
  const trades = columnsOf(frame);
  const units = {
    instrument: ['USMALLINT', Uint16Array.from(frame.instruments.keys())],
    unit: ['DOUBLE', Float64Array.from(frame.instruments, ({ tick }) => tick.coef / 10 ** tick.scale)],
  };
  await duck.table('trades', trades);
  await duck.table('units', units);
  const lazy = polars && footprintForms(polars.pl, polars.frame(trades), polars.frame(units));
  return {
    inputs: frame,
    rows: frame.rows,
    unit: 'trades',
    reads: ['time', 'fine', 'tick', 'size'],
    sections: [
      {
        title: `footprint 1m by 1 tick: ${frame.rows.toLocaleString('en')} trades of ${INSTRUMENTS} instruments`,
        notes:
          'Peers give every column of cells, and of zones all but prices and sums of columns; nothing is left out.',
        node: ['footprint', { rowTicks: 1, every: '1m' }],
        sampled: 10,
        tables: {
          cells: {
            keys: ['instrument', 'time', 'row'],
            relative: { price: 1e-12, vi: 1e-15, count_imbalance: 1e-15 },
          },
          zones: { keys: ['instrument', 'time', 'first_row', 'side'] },
        },
        peers: [
          ...Object.entries(FORMS).map(([name, tables]) => duck.contestant(name, tables)),
          ...Object.entries(lazy ?? {}).map(([name, tables]) => polars.contestant(name, tables)),
        ],
      },
    ],
  };
}

/** Trades as the peers hold them. */
function columnsOf({ rows, offsets, instruments, columns, time }) {
  const out = {
    instrument: ['USMALLINT', new Uint16Array(rows)],
    ts: ['TIMESTAMP', new BigInt64Array(rows)],
    row: ['INTEGER', new Int32Array(rows)],
    lots: ['INTEGER', new Int32Array(rows)],
    side: ['TINYINT', new Int8Array(rows)],
  };
  const [instrument, ts, row, lots, side] = Object.values(out).map(([, array]) => array);
  instruments.forEach(({ base }, s) => {
    for (let i = offsets[s]; i < offsets[s + 1]; i++) {
      instrument[i] = s;
      ts[i] = BigInt(time.base + time.unit * columns.time[i] + columns.fine[i]);
      row[i] = base + columns.tick[i];
      lots[i] = columns.size[i] >>> 2;
      side[i] = [0, 1, -1][columns.size[i] & 3];
    }
  });
  return out;
}
