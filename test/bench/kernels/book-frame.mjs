import { OK } from '../../../dist/core/book-states.js';
import { createRandom } from '../../../dist/core/random.js';
import { noStats } from '../../../dist/engine/panel.js';
import { decimal } from '../../../dist/index.js';

const START = Date.UTC(2024, 0, 2) * 1000;
const DAY = 86_400e6;

/**
 * Seeded states of whole books, one UTC day of `events` in all: most events change the size of one level, some move the
 * best price, whereupon the levels behind it shift. Every state is ok and has all its levels.
 */
export function bookFrame(events, instruments, levels) {
  const each = Math.floor(events / instruments);
  const rows = each * instruments;
  const columns = { time: new Float64Array(rows), available: new Float64Array(rows) };
  Object.assign(columns, { state: new Uint32Array(rows).fill(OK) });
  for (const name of ['bid_tick', 'ask_tick']) columns[name] = new Int32Array(rows * levels);
  for (const name of ['bid_lots', 'ask_lots']) columns[name] = new Uint32Array(rows * levels);
  const offsets = Uint32Array.from({ length: instruments + 1 }, (_, s) => s * each);
  for (let s = 0; s < instruments; s++) replay(columns, offsets[s], each, levels, createRandom(13, s));
  const strides = { bid_tick: levels, bid_lots: levels, ask_tick: levels, ask_lots: levels };
  const units = { tick: decimal('0.01'), lot: decimal('0.001'), multiplier: decimal('1') };
  return {
    ...{ kind: 'book', offsets, rows, columns, strides, time: { base: 0, unit: 1 } },
    instruments: Array.from({ length: instruments }, (_, s) => ({
      ...{ symbol: `SYN${String(s + 1).padStart(4, '0')}`, ...units, base: 0, contract: 'linear' },
      tickDeclared: true,
    })),
    stats: noStats(instruments),
  };
}

function replay(columns, from, rows, levels, random) {
  const { time, available, bid_tick, ask_tick, bid_lots, ask_lots } = columns;
  const [bid, ask] = [new Int32Array(levels), new Int32Array(levels)];
  const [bids, asks] = [new Uint32Array(levels), new Uint32Array(levels)];
  const lots = () => 1 + random.below(2000);
  for (let l = 0; l < levels; l++) {
    bid[l] = 9_999 - l;
    ask[l] = 10_000 + l;
    bids[l] = lots();
    asks[l] = lots();
  }
  // the best price goes away, or a better one comes; the far end of the book is cut or filled
  const pop = (ticks, sizes, side) => {
    ticks.copyWithin(0, 1);
    sizes.copyWithin(0, 1);
    ticks[levels - 1] = ticks[levels - 2] - side;
    sizes[levels - 1] = lots();
  };
  const push = (ticks, sizes, side) => {
    ticks.copyWithin(1, 0, levels - 1);
    sizes.copyWithin(1, 0, levels - 1);
    ticks[0] += side;
    sizes[0] = lots();
  };
  for (let n = 0; n < rows; n++) {
    const roll = random.below(100);
    const buying = random.below(2) === 0;
    if (roll < 6) pop(...(buying ? [bid, bids, 1] : [ask, asks, -1]));
    else if (roll < 12 && ask[0] - bid[0] > 1) push(...(buying ? [bid, bids, 1] : [ask, asks, -1]));
    else (buying ? bids : asks)[random.below(levels)] = lots();
    const i = from + n;
    time[i] = START + Math.floor((n * DAY) / rows);
    available[i] = time[i];
    bid_tick.set(bid, i * levels);
    ask_tick.set(ask, i * levels);
    bid_lots.set(bids, i * levels);
    ask_lots.set(asks, i * levels);
  }
}
