import { createRandom } from '../../../dist/core/random.js';
import { noStats } from '../../../dist/engine/panel.js';
import { decimal } from '../../../dist/index.js';

const START = Date.UTC(2024, 0, 1) * 1000;

/**
 * Seeded bars of `instruments`, `bars` each and `every` µs wide: prices walk, volumes are heavy-tailed, imbalance leads
 * the next return a little. Every bar trades on both sides and has a range, so that nobody has nulls to look after.
 */
export function panelFrame(instruments, bars, every) {
  const rows = instruments * bars;
  const column = () => new Float64Array(rows);
  const out = { time: column(), available_at: column(), open: column(), high: column(), low: column() };
  Object.assign(out, { close: column(), volume: column(), buy_volume: column(), sell_volume: column() });
  const offsets = Uint32Array.from({ length: instruments + 1 }, (_, s) => s * bars);
  for (let s = 0; s < instruments; s++) walk(out, offsets[s], offsets[s + 1], every, createRandom(11, s));
  // read by none of the workloads
  const zeros = new Float64Array(rows);
  const units = { tick: decimal('0.01'), lot: decimal('0.001'), multiplier: decimal('1') };
  return {
    ...{ kind: 'panel', offsets, rows, step: every, time: { base: 0, unit: 1 } },
    instruments: Array.from({ length: instruments }, (_, s) => ({
      ...{ symbol: `SYN${String(s + 1).padStart(4, '0')}`, ...units, base: 0, contract: 'linear' },
      tickDeclared: true,
    })),
    columns: { ...out, unknown_volume: zeros, trades: zeros, notional: zeros },
    stats: noStats(instruments),
  };
}

function walk(out, from, to, every, random) {
  let price = 2000 + random.below(20_000);
  let drift = 0;
  const typical = 50 + random.below(500);
  for (let i = from; i < to; i++) {
    const open = Math.max(100, price + random.below(3) - 1);
    const spread = Math.max(2, Math.floor(price / 500));
    const move = random.below(2 * spread + 1) - spread + drift;
    const close = Math.max(100, open + Math.round(move));
    const root = Math.sqrt((random.bits() + 1) / 4294967296);
    const volume = Math.min(1e6, Math.ceil(typical / root));
    const lean = 0.5 + 0.3 * (random.unit() - 0.5) + 0.15 * Math.sign(close - open);
    const buy = Math.min(volume, Math.max(1, Math.round(volume * lean)));
    out.time[i] = START + (i - from) * every;
    out.available_at[i] = out.time[i] + every;
    out.open[i] = open;
    out.high[i] = Math.max(open, close) + 1 + random.below(spread);
    out.low[i] = Math.min(open, close) - random.below(spread);
    out.close[i] = close;
    out.volume[i] = volume + 1;
    out.buy_volume[i] = buy;
    out.sell_volume[i] = volume + 1 - buy;
    drift = (0.2 * spread * (2 * buy - volume)) / volume;
    price = close;
  }
}
