import { by, minus, per, plus, type Rational, rational, sumOf } from './rational.js';

/** A bar in whole ticks and lots; without a price if nothing was traded; null if nobody looked. */
export type OracleBar =
  | { readonly h: number; readonly l: number; readonly c: number; readonly v: number }
  | 'empty'
  | null;

export interface OracleParams {
  readonly emaSeed: 'sma' | 'first';
  readonly cmf: number;
  readonly mfi: number;
  readonly vwma: number;
  readonly vroc: number;
  readonly emv: number;
  readonly adosc: readonly [number, number];
  readonly pvo: readonly [number, number, number];
  readonly kvo: readonly [number, number, number];
  readonly inner: boolean;
}

type Cell = Rational | null;
interface Price {
  readonly h: bigint;
  readonly l: bigint;
  readonly c: bigint;
}

const ZERO = rational(0);
const HUNDRED = rational(100);
const sign = (x: bigint): bigint => (x > 0n ? 1n : x < 0n ? -1n : 0n);

/**
 * The indicators by their definitions in exact fractions, bar by bar: every total is summed from the first bar, every
 * window from its own, every average in closed form. Slow, and shares no idea with the recursions.
 */
export function indicatorOracle(all: readonly OracleBar[], p: OracleParams): Record<string, Cell[]> {
  const bars = all.filter((bar) => bar !== null);
  const volume = bars.map((bar) => BigInt(bar === 'empty' ? 0 : bar.v));
  const price = bars.map((bar): Price | null =>
    bar === 'empty' ? null : { h: BigInt(bar.h), l: BigInt(bar.l), c: BigInt(bar.c) },
  );
  const places = bars.map((_, i) => i);
  const priced = places.filter((i) => price[i]);
  /** Place of the last price before bar i, or -1. */
  const before = (i: number): number => priced.filter((j) => j < i).at(-1) ?? -1;
  /** f(price, the one before) of a bar that has both, else `otherwise`. */
  const step = <T>(i: number, f: (now: Price, then: Price) => T, otherwise: T): T => {
    const now = price[i];
    return now && before(i) >= 0 ? f(now, price[before(i)]!) : otherwise;
  };
  const running = (term: (i: number) => Rational): Cell[] =>
    places.map((i) => sumOf(places.slice(0, i + 1).map(term)));
  const last = <T>(i: number, n: number, from: number, f: (j: number) => T): T[] | null =>
    i - n + 1 < from ? null : places.slice(i - n + 1, i + 1).map(f);
  const quotient = (a: Rational, b: Rational): Cell => (b.num === 0n ? null : per(a, b));
  const lots = (i: number): Rational => rational(volume[i]!);

  const flow = (i: number): Rational => {
    const now = price[i];
    if (!now || now.h === now.l) return ZERO;
    return rational((now.c - now.l - (now.h - now.c)) * volume[i]!, now.h - now.l);
  };
  const adl = running(flow);
  const windowRatio = (n: number, a: (j: number) => Rational, b: (j: number) => Rational): Cell[] =>
    places.map((i) => {
      const terms = last(i, n, 0, (j) => [a(j), b(j)] as const);
      return terms && quotient(sumOf(terms.map(([x]) => x)), sumOf(terms.map(([, y]) => y)));
    });
  const level = ({ h, l, c }: Price): bigint => h + l + c;
  const flowing =
    (side: bigint) =>
    (j: number): Rational =>
      step(
        j,
        (now, then) => (sign(level(now) - level(then)) === side ? rational(level(now) * volume[j]!) : ZERO),
        ZERO,
      );
  const mfi = places.map((i): Cell => {
    const up = last(i, p.mfi, (priced[0] ?? bars.length) + 1, flowing(1n));
    const down = last(i, p.mfi, (priced[0] ?? bars.length) + 1, flowing(-1n));
    return up && down && quotient(by(HUNDRED, sumOf(up)), plus(sumOf(up), sumOf(down)));
  });
  const raw = places.map(
    (i): Cell =>
      step<Cell>(
        i,
        (now, then) => rational((now.c - then.c) * volume[i]!),
        i > (priced[0] ?? bars.length) ? ZERO : null,
      ),
  );
  const index = (side: bigint): Cell[] =>
    places.map((i) =>
      places.slice(1, i + 1).reduce<Rational>((product, j) => {
        const moves = sign(volume[j]! - volume[j - 1]!) === side;
        return step(j, (now, then) => (moves ? by(product, rational(now.c, then.c)) : product), product);
      }, rational(1000)),
    );
  const emv = places.map(
    (i): Cell =>
      step<Cell>(
        i,
        (now, then) =>
          volume[i] === 0n
            ? null
            : rational((now.h + now.l - then.h - then.l) * (now.h - now.l), 2n * volume[i]!),
        null,
      ),
  );
  const emvMean = places.map((i): Cell => {
    const known = emv
      .slice(0, i + 1)
      .filter((x) => x !== null)
      .slice(-p.emv);
    return emv[i] && known.length === p.emv ? per(sumOf(known), rational(p.emv)) : null;
  });
  const trend = (i: number): bigint => step(i, (now, then) => (level(now) > level(then) ? 1n : -1n), 0n);
  const range = (i: number): bigint => price[i]!.h - price[i]!.l;
  const force = places.map((i): Cell => {
    const known = priced.filter((j) => j <= i);
    if (known.length < 3) return null;
    const t = trend(known.at(-1)!);
    // back to where the trend turned, or to the second price, where the cumulative range is 0
    let turn = known.length - 1;
    while (turn > 1 && trend(known[turn - 1]!) === t) turn--;
    const from = turn > 1 ? turn - 1 : 2;
    const cm = known.slice(from).reduce((total, j) => total + range(j), 0n);
    if (cm === 0n) return null;
    const dm = range(known.at(-1)!);
    const weight = p.inner ? 2n * dm - cm : 2n * (dm - cm);
    return rational(t * 100n * volume[i]! * (weight < 0n ? -weight : weight), cm);
  });
  const ema = (values: readonly Cell[], n: number): Cell[] => average(values, n, p.emaSeed);
  const difference = (a: readonly Cell[], b: readonly Cell[]): Cell[] =>
    a.map((x, i) => (x && b[i] ? minus(x, b[i]) : null));
  const volumes = places.map(lots);
  const slow = ema(volumes, p.pvo[1]);
  const pvo = difference(ema(volumes, p.pvo[0]), slow).map(
    (x, i) => x && slow[i] && quotient(by(HUNDRED, x), slow[i]),
  );
  const kvo = difference(ema(force, p.kvo[0]), ema(force, p.kvo[1]));
  const columns: Record<string, Cell[]> = {
    obv: running((i) => step(i, (now, then) => rational(sign(now.c - then.c) * volume[i]!), ZERO)),
    ...{
      adl,
      mfi,
      emv,
      emv_sma: emvMean,
      pvo,
      pvo_signal: ema(pvo, p.pvo[2]),
      kvo,
      kvo_signal: ema(kvo, p.kvo[2]),
    },
    cmf: windowRatio(p.cmf, flow, lots),
    adosc: difference(ema(adl, p.adosc[0]), ema(adl, p.adosc[1])),
    ...{ force2: ema(raw, 2), force13: ema(raw, 13), nvi: index(-1n), pvi: index(1n) },
    vwma: windowRatio(p.vwma, (j) => rational((price[j]?.c ?? 0n) * volume[j]!), lots),
    pvt: running((i) => step(i, (now, then) => rational((now.c - then.c) * volume[i]!, then.c), ZERO)),
    vroc: places.map((i) => {
      const then = i < p.vroc ? ZERO : lots(i - p.vroc);
      return quotient(by(HUNDRED, minus(lots(i), then)), then);
    }),
  };
  let at = 0;
  const row = all.map((bar) => (bar === null ? -1 : at++));
  return Object.fromEntries(
    Object.entries(columns).map(([name, cells]) => [name, row.map((i) => (i < 0 ? null : cells[i]!))]),
  );
}

/** Exponential average in closed form: (1 - α)^k of the seed, and α (1 - α)^j of the value j back. */
function average(values: readonly Cell[], n: number, seed: 'sma' | 'first'): Cell[] {
  const known = values.filter((x) => x !== null);
  const first = seed === 'sma' ? n : 1;
  const start = per(sumOf(known.slice(0, first)), rational(first));
  const keep = rational(n - 1, n + 1);
  const powers = known.map((_, k) => rational(keep.num ** BigInt(k), keep.den ** BigInt(k)));
  let seen = 0;
  return values.map((x) => {
    if (x === null || ++seen < first) return null;
    const later = known.slice(first, seen);
    const terms = later.map((value, j) => by(by(rational(2, n + 1), powers[later.length - 1 - j]!), value));
    return plus(by(powers[later.length]!, start), sumOf(terms));
  });
}
