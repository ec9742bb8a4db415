import { describe, expect, it } from 'vitest';
import { alignFrame, alignInstruments, baseOf } from '../../src/engine/align-instruments.js';
import { bookFrameOf } from '../support/book-frames.js';
import { oiFrameOf } from '../support/oi-frames.js';

describe('instruments of two inputs', () => {
  it('are told apart by what they trade, however venues write it', () => {
    const names = [
      'binance-spot:ETHUSDT',
      'coinalyze:ETHUSDT_PERP.A',
      'ETH',
      'x:eth-usd',
      'okx:ETH-USDT-SWAP',
      'deribit:ETH_USDC-PERPETUAL',
      'b:ETH/USDC',
    ];
    expect(names.map(baseOf)).toEqual(names.map(() => 'ETH'));
    expect(['USDT', 'kraken:USD', 'a:1INCHUSDT', 'BTCUSD_PERP.A'].map(baseOf)).toEqual([
      'USDT',
      'USD',
      '1INCH',
      'BTC',
    ]);
  });

  it('match by name, by symbol or by base', () => {
    const others = ['b:BTCUSDT', 'c:ETHUSDT_PERP.A'];
    expect([...alignInstruments(['a:ETHUSDT', 'b:BTCUSDT'], others, 'name')]).toEqual([-1, 0]);
    expect([...alignInstruments(['a:BTCUSDT', 'a:X'], others, 'symbol')]).toEqual([0, -1]);
    expect([...alignInstruments(['a:ETHUSDT', 'a:BTCUSDT'], others, 'base')]).toEqual([1, 0]);
  });

  it('with several counterparts are an error in one line', () => {
    expect(() => alignInstruments(['a:ETHUSDT'], ['b:ETHUSDT', 'c:ETHUSD'], 'base')).toThrow(
      'a:ETHUSDT by base b:ETHUSDT, c:ETHUSD must be one instrument',
    );
  });
});

describe('a frame of other instruments', () => {
  const oi = oiFrameOf([
    [{ t: 1, oi: 10 }],
    [
      { t: 2, oi: 20 },
      { t: 3, oi: 21 },
    ],
    [{ t: 4, oi: 30 }],
  ]);

  it('has their rows in their order, and none where there is no counterpart', () => {
    const four = [0, 1, 2, 3].map((s) => ({ ...oi.instruments[0]!, symbol: `I${s}` }));
    const aligned = alignFrame(oi, four, Int32Array.of(2, -1, 1, 0));
    expect(aligned.instruments.map(({ symbol }) => symbol)).toEqual(['I0', 'I1', 'I2', 'I3']);
    expect([...aligned.offsets]).toEqual([0, 1, 1, 3, 4]);
    expect([...(aligned.columns.oi as Float64Array)]).toEqual([30, 20, 21, 10]);
  });

  it('keeps all levels of a book, and its units', () => {
    const state = (tick: number) => ({
      t: tick,
      state: 0,
      bids: [
        [tick, 1],
        [tick - 1, 2],
      ] as const,
      asks: [[tick + 1, 3]] as const,
    });
    const book = bookFrameOf([[state(10)], [state(20), state(21)]], { tick: '0.5' });
    const given = [1, 0].map((s) => ({ ...book.instruments[s]!, tick: { coef: 1, scale: 0 } }));
    const aligned = alignFrame(book, given, Int32Array.of(1, 0));
    expect([...(aligned.columns.bid_lots as Uint32Array)]).toEqual([1, 2, 1, 2, 1, 2]);
    expect([...(aligned.columns.ask_tick as Int32Array)]).toEqual([1, 0, 2, 0, 1, 0]);
    expect(aligned.instruments.map(({ base, tick }) => [base, tick])).toEqual([
      [20, { coef: 5, scale: 1 }],
      [10, { coef: 5, scale: 1 }],
    ]);
  });
});
