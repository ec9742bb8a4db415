import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

// beside the checkout, never in it; heads of files only
const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const LINES = 12;
const LONGEST_LINE = 3000;
const LARGEST = 64 << 10;

const HEADS = [
  ['binance-klines', 'binance-klines/1INCHUSDT.csv'],
  ['binance-depth', 'binance-depth/btcusdt-depth-snap.csv'],
  ['binance-depth', 'binance-depth/btcusdt-depth-update.csv'],
  ['binance-websocket', 'binance-capture/usdm_ethusdt_20240808.gz'],
  ['binance-websocket', 'binance-capture/coinm_ethusd_perp_20240808.gz'],
  ['binance-websocket', 'binance-capture/spot_ethusdt_20240808.gz'],
  ['coinalyze-funding', 'coinalyze/funding_rates.csv'],
  ['coinalyze-oi', 'coinalyze/open_interest_daily_alts.csv'],
  ['deribit-summary', 'deribit/deribit_options.csv'],
  ['kraken-trades', 'kraken/BCHEUR.csv'],
  ['tardis-trades', 'tardis/bitmex_trades_XBTUSD.csv'],
  ['tardis-quotes', 'tardis/huobi-dm-swap_quotes_BTC-USD.csv'],
  ['tardis-incremental-book-l2', 'tardis/deribit_incremental_book_L2_BTC-PERPETUAL.csv'],
  ['tardis-book-snapshot', 'tardis/binance-futures_book_snapshot_5_BTCUSDT.csv'],
  ['tardis-book-snapshot', 'tardis/binance-futures_book_snapshot_25_BTCUSDT.csv'],
  ['uniswap-v3', 'uniswap-v3/usdc-eth-005_2024-01-05.raw.csv'],
];
const WHOLE = [
  ['parquet', 'binance-depth/btcusdt-quotes.parquet', { kind: 'book_snapshot' }],
  ['parquet', 'binance-depth/btcusdt-trades.parquet', { kind: 'trades' }],
];

function head(path) {
  const packed = readFileSync(path);
  const text = (packed[0] === 0x1f ? gunzipSync(packed) : packed).toString('latin1');
  const lines = text.split('\n').filter((line) => line.length <= LONGEST_LINE);
  return Buffer.from(`${lines.slice(0, LINES).join('\n')}\n`, 'latin1');
}

/** Samples cut from real files; none where the data is not there. */
export function realSamples() {
  if (!existsSync(data)) return [];
  const samples = [];
  const nameOf = (path) => path.slice(path.lastIndexOf('/') + 1).replace(/\.gz$/, '');
  for (const [format, path] of HEADS)
    samples.push({ format, files: [{ name: nameOf(path), bytes: head(join(data, path)) }] });
  for (const [format, path, more] of WHOLE) {
    const bytes = readFileSync(join(data, path));
    if (bytes.length <= LARGEST)
      samples.push({ format, binary: true, files: [{ name: nameOf(path), bytes }], ...more });
  }
  for (const name of readdirSync(join(data, 'social')).slice(0, 2))
    samples.push({
      format: 'social-mentions',
      files: [{ name, bytes: readFileSync(join(data, 'social', name)) }],
    });
  return samples;
}
