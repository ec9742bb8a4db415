import { existsSync, readFileSync } from 'node:fs';
import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { scratch } from '../support/scratch.js';
import { steelyard } from './support.js';

const { path, write } = scratch();
const T0 = 1_700_000_040_000;
const trades = write(
  'trades.csv',
  [
    'ts,price,size,side',
    ...Array.from({ length: 10 }, (_, i) => `${T0 + i},10.02,${i < 9 ? '1,buy' : '100,sell'}`),
  ].join('\n'),
);
const bare = write('bare.csv', `ts,price,size\n${T0},10.02,1\n${T0 + 1},10.01,2\n`);
const quotes = write('quotes.csv', `timestamp,bid_price,ask_price\n${T0 - 1},10.0,10.02\n`);
const audit = (...args: string[]) => steelyard(['audit', 'sides', trades, ...args]);

describe('steelyard audit sides', () => {
  it('prints a table for people', () => {
    const { code, out, err } = audit('--quotes', quotes);
    expect(code).toBe(0);
    expect(err).toMatch(
      /quotes\.csv: quotes time=timestamp, bid=bid_price, ask=ask_price\nquotes: 1 read, 1 kept\n/,
    );
    expect(out).toMatch(/^trades: 10 trades, 0 without a flag \(coverage 1\); bars of 1m\n/);
    expect(out).toMatch(/ {2}quote +100\.00 % +90\.00 % +8\.26 % +-91 +109 +200 +200 +1 +8\.26 %\n/);
    expect(out).toMatch(/quote: buys as buy 9, sell 0, unknown 0; sells as buy 1, sell 0, unknown 0\n/);
    expect(out).not.toContain('need --quotes');
    expect(audit('--quiet').out).toMatch(/quote and lee-ready need --quotes\n$/);
  });

  it('prints JSON, nulls where a rule has no number', () => {
    const { code, out, err } = audit(
      '--quotes',
      quotes,
      '--json',
      '--quiet',
      '--every',
      '10s',
      '--window',
      '7',
    );
    expect([code, err]).toEqual([0, '']);
    const { instruments, ...options } = JSON.parse(out);
    expect(options).toEqual({ every: '10s', window: 7, minPeriods: 7 });
    expect(instruments[0]).toMatchObject({ symbol: 'trades', trades: 10, unflagged: 0, flagCoverage: 1 });
    expect(instruments[0].rules.map((r: { rule: string }) => r.rule)).toEqual([
      'tick',
      'quote',
      'lee-ready',
      'bvc',
    ]);
    expect(instruments[0].rules[1]).toMatchObject({ accuracy: 0.9, delta: -91, inferredDelta: 109 });
    expect(instruments[0].rules[3]).toMatchObject({ accuracy: null, bars: 0, barsRight: null });
  });

  it('writes scores to a file, scores and bars to a folder', () => {
    const folder = path('tables');
    expect(audit('--quotes', quotes, '--out', folder, '--quiet').code).toBe(0);
    const scores = tableFromIPC(readFileSync(`${folder}/scores.arrow`));
    expect(scores.getChild('inferred_delta')!.get(1)).toBe(109);
    expect(JSON.parse(scores.schema.metadata.get('steelyard.audit')!)).toMatchObject({
      of: 'sides',
      every: '1m',
    });
    expect(tableFromIPC(readFileSync(`${folder}/bars.arrow`)).numRows).toBe(4);
    const { code, out } = audit('--quiet', '--out', '-');
    expect(code).toBe(0);
    expect(out).toMatch(/^instrument,rule,trades,classified/);
    expect(audit('--quiet', '--out', path('scores.csv')).code).toBe(0);
    expect(readFileSync(path('scores.csv'), 'utf8')).toBe(out);
  });

  it.each([
    [['audit'], 'audit (nothing) must be sides'],
    [['audit', 'books'], 'audit books must be sides'],
    [['audit', 'sides', bare], 'trades with a side 0 must be at least 1: there is nothing to compare with'],
    [['audit', 'sides', trades, '--every', 'often'], '--every often must be a width such as 10s or 1m'],
    [['audit', 'sides', trades, '--window', '1'], 'audit window 1 must be at least 2'],
    [['audit', 'sides', trades, '--quotes-lag', '1s'], '--quotes-lag 1s needs --quotes'],
    [
      ['audit', 'sides', trades, '--quotes', quotes, '--quotes-lag', 'x'],
      '--quotes-lag x must be a width such as 500ms or 5s',
    ],
    [['audit', 'sides', trades, '--json', '--out', '-'], '--json --out - must be one of the two'],
    [
      ['audit', 'sides', trades, '--quotes', quotes, '--out', quotes],
      /^--out .*quotes\.csv must be another file than --quotes/,
    ],
    [['audit', 'sides', trades, '--every', '1s', '--every', '2s'], '--every 2s is given twice; first as 1s'],
  ])('refusal %# is one line', (args, message) => {
    const { code, out, err } = steelyard(args);
    expect([code, out]).toEqual([2, '']);
    const last = err.trimEnd().split('\n').at(-1)!.replace('steelyard: ', '');
    if (typeof message === 'string') expect(last).toBe(message);
    else expect(last).toMatch(message);
  });
});

describe('steelyard run --sides', () => {
  const run = (...args: string[]) =>
    steelyard(['run', 'volume-imbalance', bare, '--every', '1m', '--backend', 'cpu', ...args]);

  it('fills unknown sides in and names the rule in the result', () => {
    const out = path('bars.arrow');
    const { code, err } = run(
      '--out',
      out,
      '--sides',
      'lee-ready',
      '--quotes',
      quotes,
      '--quotes-max-age',
      '1m',
    );
    expect(code).toBe(0);
    expect(err).toMatch(
      /quotes: 1 read, 1 kept\nsides: where the data has none, by rule lee-ready; the data's own cover 0\.00 % of volume\n/,
    );
    const table = tableFromIPC(readFileSync(out));
    // above the mid of 10.01 a buy; at it the tick rule: a down-tick
    expect(table.getChild('buy_volume')!.get(0)).toBe(1);
    expect(table.getChild('sell_volume')!.get(0)).toBe(2);
    expect(table.schema.metadata.get('steelyard.sides')).toBe('lee-ready');
    expect(table.schema.metadata.get('steelyard.flagCoverage')).toBe('0');
    expect(JSON.parse(table.schema.metadata.get('steelyard.sidesQuotes')!)).toEqual({
      at: 'before',
      lag: '0s',
      maxAge: '1m',
    });
  });

  it.each([
    [['--sides', 'best'], '--sides best must be one of flag, tick, quote, lee-ready'],
    [['--sides', 'quote'], '--sides quote needs --quotes'],
    [
      ['--sides', 'tick', '--quotes', quotes],
      /^--quotes .*quotes\.csv needs --sides quote or --sides lee-ready/,
    ],
    [['--quotes-at', 'at'], '--quotes-at at needs --sides quote or --sides lee-ready'],
    [
      ['--sides', 'quote', '--quotes', quotes, '--quotes-at', 'after'],
      '--quotes-at after must be one of before, at',
    ],
    [
      ['--sides', 'quote', '--quotes', quotes, '--quotes-map', 'mid=x'],
      /^--quotes-map mid must be one of time, bid, ask/,
    ],
    [
      ['--sides', 'quote', '--quotes', quotes, '--quotes-map', 'bid'],
      '--quotes-map bid must read name=column, such as bid=bid_price',
    ],
  ])('refusal %# is one line, before anything is written', (args, message) => {
    const out = path('none.arrow');
    const { code, err } = run('--out', out, ...args);
    expect(code).toBe(2);
    const last = err.trimEnd().split('\n').at(-1)!.replace('steelyard: ', '');
    if (typeof message === 'string') expect(last).toBe(message);
    else expect(last).toMatch(message);
    expect(existsSync(out)).toBe(false);
  });
});
