import type { Random } from '../core/random.js';

const DAY = 86_400_000_000;
const HOUR = 3_600_000_000;
/** Relative volume by UTC hour: quiet before dawn in Asia, busiest while Europe and America overlap. */
const HOURS = [
  62, 58, 52, 48, 44, 42, 44, 52, 68, 74, 72, 70, 78, 96, 118, 124, 116, 98, 84, 76, 72, 70, 66, 60,
];
/** Gaps inside a burst end here, µs. */
const LONGEST_GAP = 20_000_000;

/**
 * Trades by instrument: proportional to 1/(rank+10) - 1/(count+10), a Zipf-like law that reaches nearly zero,
 * at least one each, summing to `rows`; ranks are dealt at random.
 */
export function allocateTrades(count: number, rows: number, random: Random): Uint32Array {
  const rank = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random.unit() * (i + 1));
    const held = rank[i]!;
    rank[i] = rank[j]!;
    rank[j] = held;
  }
  let total = 0;
  for (let r = 0; r < count; r++) total += 1 / (r + 10) - 1 / (count + 10);
  const counts = new Uint32Array(count);
  let left = rows - count;
  for (let r = 0; r < count; r++) {
    const share = Math.floor(((rows - count) * (1 / (r + 10) - 1 / (count + 10))) / total);
    counts[r] = 1 + share;
    left -= share;
  }
  // what rounding left over, one each from the most active on
  for (let r = 0; left > 0; r = (r + 1) % count, left--) counts[r]!++;
  return Uint32Array.from(rank, (r) => counts[r]!);
}

/**
 * Fills `times` (µs, ascending) with clustered arrivals inside the day from `start`: bursts begin at times
 * drawn from the diurnal profile, hold a geometric number of trades, and their gaps have a power-law tail.
 */
export function arrivalTimes(times: Float64Array, start: number, random: Random): void {
  const cumulative = diurnal();
  const all = cumulative[HOURS.length]!;
  const continues = 0.7 + 0.27 * random.unit();
  const pace = 200 + random.below(60_000);
  for (let i = 0; i < times.length; ) {
    const target = random.unit() * all;
    let hour = 0;
    while (cumulative[hour + 1]! <= target) hour++;
    let at = (hour + random.unit()) * HOUR;
    do {
      times[i++] = start + Math.floor(at);
      // a third of the trades share their predecessor's stamp: one order filled at several resting ones
      if (random.below(3) !== 0) {
        const u = random.unit();
        at += Math.min(LONGEST_GAP, (pace * u) / (1 - u));
      }
    } while (i < times.length && at < DAY && random.unit() < continues);
  }
  times.sort();
}

function diurnal(): Float64Array {
  const cumulative = new Float64Array(HOURS.length + 1);
  for (let h = 0; h < HOURS.length; h++) cumulative[h + 1] = cumulative[h]! + HOURS[h]!;
  return cumulative;
}
