import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importDataset } from '../../src/dataset/import.js';
import { importSources } from '../../src/dataset/source-files.js';
import { findImporter, nativeFormat, tableFormat } from '../../src/engine/import-formats.js';
import type { TableFormat } from '../../src/table/table-rows.js';
import { dataLine, haveData, realData, scratch } from '../ingest/support.js';

const files = scratch();

interface Case {
  readonly format: string;
  readonly inputs: readonly string[];
  readonly kind?: 'trades' | 'book_snapshot';
  readonly read: number;
  readonly duplicates?: number;
  readonly ledger?: Readonly<Record<string, number>>;
  readonly rows: Readonly<Record<string, number>>;
  readonly partitions: number;
}

/**
 * What must come out of every real file, through the importer into a dataset: row counts of the data's own README;
 * duplicates and days counted from the files with sort, uniq and awk.
 */
const CASES: readonly Case[] = [
  {
    ...{ format: 'binance-websocket', inputs: ['binance-capture/usdm_ethusdt_20240808.gz'], read: 498_730 },
    ...{ rows: { trades: 14_076, book_delta: 430_662, book_snapshot: 53_992 }, partitions: 6 },
  },
  {
    // 37 lines of the update file stand there twice
    ...{ format: 'binance-depth', read: 200, duplicates: 37, rows: { book_delta: 163 }, partitions: 1 },
    inputs: ['binance-depth/btcusdt-depth-snap.csv', 'binance-depth/btcusdt-depth-update.csv'],
  },
  {
    ...{ format: 'parquet', inputs: ['binance-depth/btcusdt-trades.parquet'], read: 2001 },
    ...{ rows: { trades: 2001 }, partitions: 1 },
  },
  {
    ...{ format: 'parquet', kind: 'book_snapshot', inputs: ['binance-depth/btcusdt-quotes.parquet'] },
    ...{ read: 451, rows: { book_snapshot: 451 }, partitions: 1 },
  },
  {
    ...{ format: 'tardis-trades', inputs: ['tardis/bitmex_trades_XBTUSD.csv'], read: 10 },
    ...{ rows: { trades: 10 }, partitions: 1 },
  },
  {
    ...{ format: 'tardis-quotes', inputs: ['tardis/huobi-dm-swap_quotes_BTC-USD.csv'], read: 10 },
    ...{ rows: { book_snapshot: 10 }, partitions: 1 },
  },
  {
    ...{ format: 'tardis-incremental-book-l2', rows: { book_delta: 15 }, partitions: 1, read: 15 },
    inputs: ['tardis/deribit_incremental_book_L2_BTC-PERPETUAL.csv'],
  },
  {
    ...{ format: 'tardis-book-snapshot', read: 20, rows: { book_snapshot: 20 }, partitions: 1 },
    inputs: [5, 25].map((levels) => `tardis/binance-futures_book_snapshot_${levels}_BTCUSDT.csv`),
  },
  {
    ...{ format: 'bybit-ob500', inputs: ['bybit/xrpusdt-ob500.data.zip'], read: 3966 },
    ...{ rows: { book_delta: 3966 }, partitions: 1 },
  },
  {
    ...{ format: 'freqtrade-trades', inputs: ['freqtrade/XRP_ETH-trades.json.gz'], read: 12_477 },
    ...{ rows: { trades: 12_477 }, partitions: 3 },
  },
  {
    ...{ format: 'kraken-trades', inputs: ['kraken/BCHEUR.csv', 'kraken/incremental_q2/BCHEUR.csv'] },
    ...{ read: 634, rows: { trades: 634 }, partitions: 2 },
  },
  {
    // 138 symbol-days are in both files; of those 23 have another close, as the newest day was not over
    ...{ format: 'coinalyze-oi', read: 25_999, duplicates: 115, ledger: { conflict: 23 } },
    ...{ rows: { oi: 25_861 }, partitions: 1503 },
    inputs: ['coinalyze/open_interest_daily_alts.csv', 'coinalyze/open_interest_all_perps_7d.csv'],
  },
  {
    ...{ format: 'coinalyze-funding', inputs: ['coinalyze/funding_rates.csv'], read: 8384 },
    ...{ rows: { funding: 8384 }, partitions: 90 },
  },
  {
    ...{ format: 'deribit-summary', inputs: ['deribit/deribit_options.csv'], read: 684 },
    ...{ rows: { options: 684 }, partitions: 1 },
  },
  {
    ...{ format: 'uniswap-v3', inputs: ['uniswap-v3/usdc-eth-005_2024-01-05.raw.csv'], read: 6046 },
    ...{ rows: { dex_swaps: 6046 }, partitions: 1 },
  },
];

describe(`imports of ${dataLine}`, () => {
  it.skipIf(!haveData).each(CASES.map((of) => [of.format, of.inputs.join(' '), of] as const))(
    '%s %s',
    async (format, inputs, { kind, read, duplicates = 0, ledger = {}, rows, partitions, ...of }) => {
      const paths = of.inputs.map(realData);
      const native = findImporter(format);
      const report = await importDataset({
        folder: files.path(inputs.replace(/\W/g, '-')),
        sources: await importSources(
          paths,
          inputs.split(' ').map((path) => basename(path) + path.length),
        ),
        format: native
          ? nativeFormat(native, {})
          : tableFormat({ format: format as TableFormat, ...(kind ? { kind } : {}) }),
      });
      const sum = (key: 'rowsRead' | 'rowsKept' | 'duplicates'): number =>
        report.sources.reduce((total, source) => total + source[key], 0);
      expect(report.manifest.ledger).toEqual(ledger);
      expect([sum('rowsRead'), sum('duplicates')]).toEqual([read, duplicates]);
      expect(report.manifest.rows).toEqual(rows);
      expect(report.manifest.partitions).toHaveLength(partitions);
      const left = Object.values(ledger).reduce((total, n) => total + n, 0);
      expect(sum('rowsRead')).toBe(sum('rowsKept') + sum('duplicates') + left);
    },
  );

  it.skipIf(!haveData)('freqtrade: three formats give the same bytes', async () => {
    const paths = ['json.gz', 'feather', 'parquet'].map((end) => realData(`freqtrade/XRP_ETH-trades.${end}`));
    const partitions: unknown[] = [];
    for (const [i, path] of paths.entries()) {
      const { manifest } = await importDataset({
        folder: files.path(`freqtrade-${i}`),
        sources: await importSources([path], [basename(path)]),
        format: nativeFormat(findImporter('freqtrade-trades')!, { venue: 'binance-spot' }),
      });
      expect(manifest.rows).toEqual({ trades: 12_477 });
      partitions.push(manifest.partitions);
    }
    expect(partitions[1]).toEqual(partitions[0]);
    expect(partitions[2]).toEqual(partitions[0]);
  });

  it.skipIf(!haveData)('social-mentions: 218 days of 169 coins; missing days stay missing', async () => {
    const paths = readdirSync(realData('social')).map((name) => realData(`social/${name}`));
    const report = await importDataset({
      folder: files.path('social'),
      sources: await importSources(
        paths,
        paths.map((path) => basename(path)),
      ),
      format: nativeFormat(findImporter('social-mentions')!, {}),
    });
    expect(report.manifest).toMatchObject({ rows: { social: 3586 }, ledger: {}, to: '2026-03-08' });
    // 220 days lie between the first and the last of them
    expect(report.manifest.partitions).toHaveLength(218);
  });
});
