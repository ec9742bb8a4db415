import { decimal, generateMarket, measureTrades } from '../../../dist/index.js';

const BUY = 1;
const SELL = 2;

/** The synthetic market of `generate`, one UTC day, as a frame of trades. */
export function tradesFrame(trades, instruments) {
  const market = generateMarket({ trades, instruments });
  const { rows, offsets } = market;
  const time = new Uint32Array(rows);
  const tick = new Int32Array(rows);
  const size = new Uint32Array(rows);
  const start = Math.floor(market.time[0] / 86_400e6) * 86_400e6;
  // as importers store it: milliseconds, and the µs within them
  const fine = new Uint32Array(rows);
  const own = market.instruments.map((declared, s) => {
    const units = { tick: decimal(declared.tick), lot: decimal(declared.lot) };
    const ticksOf = perUnit(units.tick);
    const lotsOf = perUnit(units.lot);
    const base = Math.round(market.price[offsets[s]] * ticksOf);
    for (let i = offsets[s]; i < offsets[s + 1]; i++) {
      time[i] = Math.floor((market.time[i] - start) / 1000);
      fine[i] = market.time[i] - start - 1000 * time[i];
      tick[i] = Math.round(market.price[i] * ticksOf) - base;
      size[i] = Math.round(market.size[i] * lotsOf) * 4 + (market.side[i] === 0 ? BUY : SELL);
    }
    const contract = { contract: 'linear', multiplier: decimal('1') };
    return { symbol: declared.symbol, ...units, ...contract, base, tickDeclared: true };
  });
  return {
    ...{ kind: 'trades', instruments: own, offsets, rows, time: { base: start, unit: 1000 } },
    columns: { time, fine, tick, size },
    stats: measureTrades(own.length, offsets, tick, size, undefined),
  };
}

const perUnit = ({ coef, scale }) => 10 ** scale / coef;
