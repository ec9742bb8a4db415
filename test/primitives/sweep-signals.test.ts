import { describe, expect, it } from 'vitest';
import { WARNS_LONG, WARNS_SHORT } from '../../src/analytics/strategy-sweep/layout.js';
import type { Params } from '../../src/analytics/strategy-sweep/params.js';
import { signals } from '../../src/analytics/strategy-sweep/signals.js';

const PARAMS = {
  ...{ trend: [{ fast: 2, slow: 3 }], atrBars: 2, volatilityBars: 2, divergenceBars: 3 },
  ...{ climax: false, impact: 1 },
} as unknown as Params;

/** Warnings of rising bars of 10 lots; `buys` are taker-buy lots, null where unknown. */
function warnings(buys: readonly (number | null)[]): number[] {
  const n = buys.length;
  const close = Float64Array.from(buys.keys(), (i) => 100 + i);
  const buy = Float64Array.from(buys, (lots) => lots ?? Number.NaN);
  const all = new Float64Array(n).fill(10);
  const columns = {
    ...{ events: new Int32Array(n), trends: new Int32Array(n), sigma: new Int32Array(n) },
    ...{ impact: new Int32Array(n), range: new Int32Array(n) },
  } as unknown as Parameters<typeof signals>[0];
  const sell = buy.map((lots) => 10 - lots);
  signals(columns, { high: close, low: close, close }, { buy, sell, all }, PARAMS);
  return Array.from(columns.events, (event) => event & (WARNS_LONG | WARNS_SHORT));
}

describe('divergence of close and CVD', () => {
  it('warns the long side where the close is new high and CVD is not', () => {
    // CVD 10, 20, 30, 40, then -2 a bar
    expect(warnings([10, 10, 10, 10, 4, 4, 4])).toEqual([0, 0, 0, 0, WARNS_LONG, WARNS_LONG, WARNS_LONG]);
  });

  it('loses the windows that hold a bar of unknown sides, and no bar after them', () => {
    const known = warnings([10, 10, 10, 10, 4, 4, 4, 4, 4, 4]);
    const holed = warnings([10, 10, null, 10, 4, 4, 4, 4, 4, 4]);
    expect(known.slice(4)).toEqual(new Array(6).fill(WARNS_LONG));
    // windows of three bars before: those of bars 3, 4 and 5 hold bar 2
    expect(holed).toEqual([0, 0, 0, 0, 0, 0, WARNS_LONG, WARNS_LONG, WARNS_LONG, WARNS_LONG]);
  });

  it('M23: is dated at the bar that confirms it, and later bars change none before them', () => {
    // the close peaks at every bar; CVD peaks with bar 3, which bar 4 alone can show
    const buys = [10, 10, 10, 10, 4, 10, 10, 4, 4, 10];
    const whole = warnings(buys);
    expect(whole[3]).toBe(0);
    expect(whole[4]).toBe(WARNS_LONG);
    for (let n = 1; n <= buys.length; n++) expect(warnings(buys.slice(0, n))).toEqual(whole.slice(0, n));
  });
});
