import { cpSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SIDE_BUY, SIDE_SELL } from '../../src/core/columns.js';
import { openTrades } from '../../src/engine/open.js';
import { dataLine, haveData, realData, rowsOf, scratch, unitText, volume } from './support.js';

describe.skipIf(!haveData)(`trades in, ${dataLine}`, () => {
  const { path, write } = scratch();

  it('USD-M capture: every trade, volumes to the last digit', async () => {
    const { frame, ledger } = await openTrades([realData('binance-capture/usdm_ethusdt_20240808.gz')], {
      from: 'binance-capture',
    });
    expect(frame.rows).toBe(14076);
    expect(volume(frame, SIDE_BUY)).toBe('4960.564');
    expect(volume(frame, SIDE_SELL)).toBe('4204.384');
    expect(frame.instruments[0]).toMatchObject({
      symbol: 'ETHUSDT',
      contract: 'linear',
      tickDeclared: false,
    });
    expect(unitText(frame.instruments[0]!.tick)).toBe('0.01');
    expect(ledger).toMatchObject({
      rowsRead: 14076,
      rowsKept: 14076,
      filtered: 0,
      counts: {},
      clockSkew: 14076,
    });
    // the local clock runs behind: no stamp of it is believed
    const available = frame.columns.available as Float64Array;
    const rows = rowsOf(frame);
    expect(rows.every((row, i) => row.time === available[i])).toBe(true);
  });

  it('COIN-M capture is inverse, with its face value', async () => {
    const { frame } = await openTrades([realData('binance-capture/coinm_ethusd_perp_20240808.gz')]);
    expect(frame.rows).toBe(1732);
    expect(frame.instruments[0]).toMatchObject({
      symbol: 'ETHUSD_PERP',
      contract: 'inverse',
      multiplier: { coef: 10, scale: 0 },
    });
  });

  it('a plain capture equals its gzip, and a cut one is an error', async () => {
    const source = realData('binance-capture/coinm_ethusd_perp_20240808.gz');
    const zipped = readFileSync(source);
    const plain = await openTrades([write('coinm', gunzipSync(zipped))]);
    expect(plain.inputHash).toBe((await openTrades([source])).inputHash);
    const cut = write('cut.gz', zipped.subarray(0, 1_000_000));
    await expect(openTrades([cut])).rejects.toThrow(/^gzip file cut\.gz is truncated/);
  });

  it('freqtrade parquet, feather and json.gz give one frame', async () => {
    const opened = await Promise.all(
      ['parquet', 'feather', 'json.gz'].map((kind) =>
        openTrades([realData(`freqtrade/XRP_ETH-trades.${kind}`)]),
      ),
    );
    for (const { frame, ledger, inputHash } of opened) {
      expect(frame.rows).toBe(12477);
      expect(ledger).toMatchObject({ rowsRead: 12477, counts: {} });
      expect(inputHash).toBe(opened[0]!.inputHash);
      expect(rowsOf(frame)).toEqual(rowsOf(opened[0]!.frame));
    }
    expect(rowsOf(opened[0]!.frame)[0]).toEqual({
      ...{
        symbol: 'XRP_ETH-trades',
        time: 1570752011620000,
        price: '0.00141342',
        size: '23',
        side: SIDE_SELL,
      },
    });
    expect(opened[2]!.mappings[0]!.mapping).toEqual({ time: '0', price: '4', size: '5', side: '3', id: '1' });
  });

  it('BTCUSDT parquet: sizes off by one ulp stand for their six decimals, declared or not', async () => {
    const file = realData('binance-depth/btcusdt-trades.parquet');
    const inferred = await openTrades([file]);
    expect(inferred.ledger).toMatchObject({ rowsRead: 2001, rowsKept: 2001, counts: {} });
    // DuckDB: sum(quantity::decimal(18, 6)) by buyer_maker
    expect(volume(inferred.frame, SIDE_BUY)).toBe('45.457938');
    expect(volume(inferred.frame, SIDE_SELL)).toBe('41.613658');
    const declared = await openTrades([file], { tick: '0.01', lot: '0.000001' });
    expect(declared.frame.rows).toBe(2001);
    expect(declared.ledger.counts).toEqual({});
    expect(declared.frame.instruments[0]!.tickDeclared).toBe(true);
  });

  it('tardis CSV: names guessed, text ids find no order, local stamps kept', async () => {
    const { frame, mappings } = await openTrades([realData('tardis/bitmex_trades_XBTUSD.csv')]);
    expect(frame.rows).toBe(10);
    expect(mappings[0]!.mapping).toMatchObject({
      instrument: 'symbol',
      received: 'local_timestamp',
      size: 'amount',
    });
    const available = frame.columns.available as Float64Array;
    expect(available[0]).toBe(1583020803307160);
  });

  it('kraken CSV without header or side: asks for a map, then reads', async () => {
    const file = realData('kraken/BCHEUR.csv');
    await expect(openTrades([file])).rejects.toThrow(/BCHEUR\.csv header .* is missing; pass --map/);
    const { frame } = await openTrades([file], { map: { time: '0', price: '1', size: '2' } });
    expect(frame.rows).toBe(148);
    expect(rowsOf(frame)[0]).toEqual({
      symbol: 'BCHEUR',
      time: 1672531436000000,
      price: '90.54',
      size: '1.1044842',
      side: 0,
    });
  });

  it('cut Parquet and Feather files are one-line errors', async () => {
    for (const kind of ['parquet', 'feather']) {
      const whole = readFileSync(realData(`freqtrade/XRP_ETH-trades.${kind}`));
      for (const part of [0.1, 0.5, 0.99]) {
        const file = write(`cut.${kind}`, whole.subarray(0, Math.floor(whole.length * part)));
        await expect(openTrades([file])).rejects.toThrow(
          /^(Parquet|Arrow) file cut\.\w+ is (damaged|truncated)/,
        );
      }
    }
  });

  it('names with quotes and glob characters are read literally', async () => {
    for (const name of ["o'quote.parquet", 'all[x]*?.parquet']) {
      cpSync(realData('freqtrade/XRP_ETH-trades.parquet'), path(name));
      expect((await openTrades([path(name)])).frame.rows).toBe(12477);
    }
  });
});
