import {
  type ImportContext,
  type Importer,
  NO_INSTRUMENT,
  type RawRows,
  type SourceFile,
} from '../core/importer.js';
import { bybitInstrument, bybitMarket } from './bybit-market.js';
import { setTime, setTradeId, setTradeSide } from './cells.js';
import { csvRows } from './csv-rows.js';
import { firstLine } from './first-line.js';
import { InstrumentIndex } from './instrument-index.js';
import { RowBatch } from './row-batch.js';
import { splitCsv } from './split-csv.js';

const CONTRACTS = [
  ...['timestamp', 'symbol', 'side', 'size', 'price', 'tickDirection', 'trdMatchID'],
  ...['grossValue', 'homeNotional', 'foreignNotional'],
];
const SPOT = ['id', 'timestamp', 'price', 'volume', 'side', 'rpi'];

/**
 * Trades of Bybit's public archive. Contracts: decimal seconds, symbol in each row, text ids. Spot: milliseconds, symbol
 * in the file name, ids that count from 1 in each file. `side` is the taker's in both.
 */
export const bybitTrades: Importer = {
  name: 'bybit-trades',
  summary: 'Bybit public trade archive, contracts and spot, CSV or csv.gz',
  source: 'https://public.bybit.com (trading, spot)',
  fixture: 'synthetic',
  kinds: ['trades'],
  params: bybitMarket,
  files: /\.csv(\.gz)?$/i,
  read: readTrades,
};

async function* readTrades(file: SourceFile, context: ImportContext): AsyncGenerator<RawRows> {
  const header = (splitCsv(await firstLine(file), ',') ?? []).map((name) => name.trim());
  const contracts = header.includes('symbol');
  const declared = String(context.params.market);
  const market = declared === 'auto' && !contracts ? 'spot' : declared;
  const batch = new RowBatch('trades', {
    ...{ ts: 'f64', seq: 'f64', trade_id: 'text', price: 'text', size: 'text', side: 'codes' },
  });
  const instruments = new InstrumentIndex(context);
  const fileSymbol = symbolOf(file.name);
  let last = '';
  let instrument = NO_INSTRUMENT;
  const [id, size] = contracts ? ['trdMatchID', 'size'] : ['id', 'volume'];
  yield* csvRows(file, context, {
    batch,
    columns: contracts ? CONTRACTS : SPOT,
    required: contracts ? CONTRACTS.slice(0, 7) : SPOT.slice(0, 5),
    header: 'always',
    record: (fields, at, record, line) => {
      const symbol = contracts ? fields[at.symbol!]! : fileSymbol;
      if (symbol !== last) {
        const info = bybitInstrument(market, symbol);
        instrument = instruments.find(info.venue, symbol);
        if (instrument === NO_INSTRUMENT && symbol !== '') instrument = instruments.declare(info);
        last = symbol;
      }
      const i = batch.add(instrument, record, line);
      if (instrument === NO_INSTRUMENT) batch.reject(i, 'bad_instrument');
      setTime(batch, i, fields[at.timestamp!]!);
      setTradeId(batch, i, fields[at[id!]!]!);
      setTradeSide(batch, i, fields[at.side!]!);
      batch.text.price![i] = fields[at.price!]!;
      batch.text.size![i] = fields[at[size!]!]!;
    },
  });
}

/** `BTCUSDT_2024-12-01.csv`, `BTCUSDT-2022-11.csv` → `BTCUSDT`. */
const symbolOf = (name: string): string =>
  name.replace(/\.csv$/i, '').replace(/[-_]?\d{4}-\d{2}(-\d{2})?$/, '');
