import { describe, expect, it } from 'vitest';
import {
  BookReplay,
  type ReplayOptions,
  replayBook,
  type SequenceRule,
} from '../../src/ingest/replay/index.js';
import { PriceLevels } from '../../src/ingest/replay/price-levels.js';
import { integerIn, random } from '../support/random.js';
import { columnsOf, cut, filtered, type HandMessage, statesText } from './replay-support.js';

const LEVELS = 3;
const MAX_AGE = 40;

type Side = ReadonlyMap<number, number>;
interface Sides {
  readonly bids: Side;
  readonly asks: Side;
}

/** Best levels of plain maps, sorted anew each time. */
function sidesText({ bids, asks }: Sides, crossed: ReplayOptions['crossed'], oneSided: string) {
  const b = [...bids].sort((x, y) => y[0] - x[0]);
  const a = [...asks].sort((x, y) => x[0] - y[0]);
  const levels = ` | ${b
    .slice(0, LEVELS)
    .map((level) => level.join('x'))
    .join(' ')} | ${a
    .slice(0, LEVELS)
    .map((level) => level.join('x'))
    .join(' ')}`;
  if (b.length + a.length === 0) return { state: 'empty', levels: '' };
  if (b.length === 0 || a.length === 0)
    return { state: 'one_sided', levels: oneSided === 'extreme' ? levels : '' };
  const spread = a[0]![0] - b[0]![0];
  if (spread > 0) return { state: 'ok', levels };
  if (spread === 0) return { state: 'locked', levels };
  return { state: 'crossed', levels: crossed === 'keep' ? levels : '' };
}

/** What is known after a message: the id and the sides of the book, undefined in a gap; whether it was applied. */
interface Known {
  readonly at: number;
  readonly updated: number;
  readonly applied: boolean;
  readonly seq: number;
  readonly sides: Sides | undefined;
}

const availability = ({ ts, recv }: HandMessage): number => Math.max(ts, recv ?? 0);
const byAvailability = (messages: readonly HandMessage[]): HandMessage[] =>
  messages
    .map((message, i) => ({ message, i }))
    .sort(
      (x, y) =>
        availability(x.message) - availability(y.message) ||
        x.message.ts - y.message.ts ||
        (x.message.seq ?? -1) - (y.message.seq ?? -1) ||
        x.i - y.i,
    )
    .map(({ message }) => message);

/** The rows a replay should give, told from what was known after each message. */
function expected(
  known: readonly Known[],
  options: Pick<ReplayOptions, 'crossed' | 'oneSided' | 'every'>,
  until: number,
) {
  const text = (k: Known, at: number): string => {
    if (k.sides === undefined) return `${at} gap -`;
    const seq = Number.isNaN(k.seq) ? '-' : k.seq;
    if (at - k.updated > MAX_AGE) return `${at} stale ${seq}`;
    const { state, levels } = sidesText(k.sides, options.crossed, options.oneSided);
    return `${at} ${state} ${seq}${levels}`;
  };
  const rows: string[] = [];
  const end = Math.max(until, known.at(-1)?.at ?? 0);
  if (options.every > 0) {
    for (
      let g = Math.ceil((known[0]?.at ?? end + 1) / options.every) * options.every;
      g <= end;
      g += options.every
    )
      rows.push(text(known.filter(({ at }) => at <= g).at(-1)!, g));
    return rows;
  }
  const state = (row: string | undefined): string | undefined => row?.split(' ')[1];
  known.forEach((k, i) => {
    const row = text(k, k.at);
    // one row where a gap begins, none within
    if (k.applied || state(row) !== state(rows.at(-1))) rows.push(row);
    const next = known[i + 1]?.at ?? end + 1;
    const staleAt = k.updated + MAX_AGE + 1;
    if (k.sides !== undefined && state(row) !== 'stale' && staleAt < next) rows.push(text(k, staleAt));
  });
  return rows;
}

function checkAll(
  messages: readonly HandMessage[],
  known: readonly Known[],
  given: Partial<ReplayOptions> & { rule: SequenceRule },
  next: () => number,
) {
  const columns = columnsOf(messages);
  const seen = new Set<string>();
  for (const every of [0, 7]) {
    const options = {
      crossed: 'null',
      oneSided: 'strict',
      ...given,
      every,
      levels: LEVELS,
      maxAge: MAX_AGE,
    } as const;
    const last = known.at(-1)?.at ?? 0;
    for (const until of [0, last + 100]) {
      const result = replayBook(columns, options, until);
      const texts = statesText(result.states, LEVELS);
      expect(texts).toEqual(expected(known, options, until));
      for (const text of texts) seen.add(text.split(' ')[1]!);
      const { counts, coverage } = result;
      expect(counts.applied + counts.old + counts.unused).toBe(messages.length);
      expect(coverage.reduce((sum, { events }) => sum + events, 0)).toBe(messages.length);
      coverage.forEach((span, i) => {
        expect(span.to - span.from).toBe(span.microseconds);
        if (i > 0) expect(span.from).toBe(coverage[i - 1]!.to);
      });
      expect(coverage.at(-1)?.to ?? 0).toBe(known.length > 0 ? Math.max(until, last) : 0);
      // any cut of the rows, also inside messages
      const parts: string[] = [];
      const replay = new BookReplay(options, (rows) => parts.push(...statesText(rows, LEVELS)));
      for (let from = 0; from < columns.rows; ) {
        const to = Math.min(columns.rows, from + integerIn(next, 0, 5));
        replay.push(cut(columns, from, to));
        from = to;
      }
      const pushed = replay.finish(until);
      expect(parts).toEqual(texts);
      expect(pushed).toEqual({ ...result, states: undefined });
      // what was known at a time gives what all of it gives up to then
      const at = integerIn(next, known[0]?.at ?? 0, last);
      const known_ = (i: number): number =>
        Math.max(columns.ts[i] as number, (columns.recv_ts![i] as number) || 0);
      const prefix = filtered(columns, (i) => known_(i) <= at);
      expect(statesText(replayBook(prefix, options, at).states, LEVELS)).toEqual(
        texts.filter((text) => Number(text.split(' ')[0]) <= at),
      );
    }
  }
  return seen;
}

const set = (side: Map<number, number>, tick: number, lots: number): void => {
  if (lots === 0) side.delete(tick);
  else side.set(tick, lots);
};

describe('against plain maps, re-sorted for each message', () => {
  it('increments without ids: every state, policy and shape of message', () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 120; seed++) {
      const next = random(seed);
      const crossed = (['null', 'keep', 'repair'] as const)[seed % 3]!;
      const oneSided = seed % 2 ? 'strict' : 'extreme';
      let ts = 1000;
      const messages: HandMessage[] = Array.from({ length: integerIn(next, 0, 40) }, (_, i) => {
        // no two messages of one time and kind: they would be one
        ts += next() < 0.05 ? 60 : integerIn(next, 1, 6);
        const levels = Array.from({ length: integerIn(next, 0, 4) }, () => {
          const side = next() < 0.5 ? 1 : -1;
          const tick = 100 - side * integerIn(next, -1, 5);
          return [side, tick, next() < 0.35 ? 0 : integerIn(next, 1, 9)] as const;
        });
        const snapshot = next() < (i < 3 ? 0.5 : 0.08);
        return {
          ts,
          levels,
          ...(snapshot ? { snapshot } : {}),
          ...(next() < 0.5 ? { recv: ts + integerIn(next, -9, 15) } : {}),
        };
      });
      const bids = new Map<number, number>();
      const asks = new Map<number, number>();
      let begun = false;
      let updated = 0;
      const known = byAvailability(messages).map((message): Known => {
        const at = availability(message);
        if (message.snapshot) {
          begun = true;
          bids.clear();
          asks.clear();
        }
        if (!begun) return { at, updated, applied: false, seq: Number.NaN, sides: undefined };
        updated = Math.max(updated, message.ts);
        for (const [side, tick, lots] of message.levels) set(side > 0 ? bids : asks, tick, lots);
        const isCrossed = (): boolean =>
          bids.size > 0 && asks.size > 0 && Math.max(...bids.keys()) > Math.min(...asks.keys());
        if (crossed === 'repair')
          for (const [side, tick, lots] of [...message.levels].reverse()) {
            if (!isCrossed() || lots === 0) continue;
            // a level that the message itself deleted again, or that is gone by now, tells nothing
            if (side > 0 && tick > Math.max(...bids.keys())) continue;
            if (side < 0 && tick < Math.min(...asks.keys())) continue;
            const other = side > 0 ? asks : bids;
            for (const level of [...other.keys()]) if ((level - tick) * side < 0) other.delete(level);
          }
        return {
          at,
          updated,
          applied: true,
          seq: Number.NaN,
          sides: { bids: new Map(bids), asks: new Map(asks) },
        };
      });
      for (const state of checkAll(messages, known, { rule: 'none', crossed, oneSided }, next))
        seen.add(state);
    }
    expect([...seen].sort()).toEqual(['crossed', 'empty', 'gap', 'locked', 'ok', 'one_sided', 'stale']);
  });

  it.each(['binance-spot', 'binance-futures'] as const)(
    '%s: a known market, captured with losses, repeats, late and early snapshots',
    (rule) => {
      let recovered = 0;
      let breaks = 0;
      for (let seed = 1; seed <= 150; seed++) {
        const next = random(seed * 7919);
        // the long ones make the replay forget what it is done with
        const { messages, truth } = market(rule, next, seed % 50 === 0 ? 400 : integerIn(next, 3, 30));
        const inOrder = byAvailability(messages);
        let updated = 0;
        let before = Number.NaN;
        const known = inOrder.map((message, k): Known => {
          const seq = bookId(rule, inOrder.slice(0, k + 1));
          // applied: it moved the book, or is a snapshot of where it stands
          const applied =
            seq !== undefined &&
            (Number.isNaN(before) || seq > before || (message.snapshot === true && message.seq! >= before));
          if (applied) updated = Math.max(updated, message.ts);
          if (seq === undefined && !Number.isNaN(before)) breaks++;
          if (seq !== undefined && Number.isNaN(before)) recovered++;
          before = seq ?? Number.NaN;
          return {
            ...{ at: availability(message), updated, applied, seq: seq ?? Number.NaN },
            sides: seq === undefined ? undefined : truth.get(seq)!,
          };
        });
        checkAll(messages, known, { rule }, next);
      }
      expect(breaks).toBeGreaterThan(30);
      expect(recovered).toBeGreaterThan(120);
    },
  );
});

/** Id of the book after messages in the order known: the furthest of the unbroken chains that begin at a snapshot. */
function bookId(rule: SequenceRule, known: readonly HandMessage[]): number | undefined {
  const ends = known
    .filter(({ snapshot }) => snapshot)
    .map((snapshot) => {
      let last = snapshot.seq!;
      let fresh = true;
      for (const { first, seq, prev } of known.filter(
        (message) => !message.snapshot && message.seq! > snapshot.seq!,
      )) {
        if (seq! <= last) continue;
        const follows = rule === 'binance-spot' ? first === last + 1 : prev === last;
        const straddles = fresh && first! <= (rule === 'binance-spot' ? last + 1 : last);
        if (!follows && !straddles) return Number.NaN;
        last = seq!;
        fresh = false;
      }
      return last;
    })
    .filter((end) => !Number.isNaN(end));
  return ends.length > 0 ? Math.max(...ends) : undefined;
}

/** An exchange's book at every id, and a capture of it that went wrong here and there. */
function market(rule: SequenceRule, next: () => number, diffs: number) {
  const bids = new Map<number, number>();
  const asks = new Map<number, number>();
  const truth = new Map<number, Sides>();
  const messages: HandMessage[] = [];
  let id = 100;
  let prev = 99;
  let ts = 1000;
  truth.set(id, { bids: new Map(), asks: new Map() });
  for (let n = diffs; n > 0; n--) {
    const first = id + 1;
    const changed = new Map<string, readonly [number, number, number]>();
    for (let changes = integerIn(next, 1, 4); changes > 0; changes--) {
      // futures count the changes of all symbols
      id += rule === 'binance-spot' ? 1 : integerIn(next, 1, 3);
      const side = next() < 0.5 ? 1 : -1;
      const tick = 100 - side * integerIn(next, 1, 6);
      const lots = next() < 0.3 ? 0 : integerIn(next, 1, 9);
      set(side > 0 ? bids : asks, tick, lots);
      changed.set(`${side} ${tick}`, [side, tick, lots]);
      for (let at = truth.size + 100; at <= id; at++)
        truth.set(at, { bids: new Map(bids), asks: new Map(asks) });
      truth.set(id, { bids: new Map(bids), asks: new Map(asks) });
    }
    ts += integerIn(next, 1, 6);
    const diff: HandMessage = { ts, first, seq: id, prev, levels: [...changed.values()] };
    prev = id;
    if (next() < 0.92) messages.push(diff);
    if (next() < 0.05) messages.push({ ...diff, recv: ts + integerIn(next, 1, 20) });
    if (next() < 0.2) {
      // of this or an earlier moment, and known some time later
      const ids = [...truth.keys()].slice(-integerIn(next, 1, 6));
      const { bids: b, asks: a } = truth.get(ids[0]!)!;
      messages.push({
        ...{ ts: ts + integerIn(next, -3, 10), seq: ids[0]!, snapshot: true },
        levels: [
          ...[...b].map(([tick, lots]) => [1, tick, lots] as const),
          ...[...a].map(([tick, lots]) => [-1, tick, lots] as const),
        ],
      });
    }
  }
  return { messages, truth };
}

it('a long input in small batches forgets what is done with and keeps what waits', () => {
  const messages: HandMessage[] = [];
  for (let id = 1; id <= 3000; id++) {
    // known 7 later, so that some always queue; a few are known again much later
    const diff = { ts: id, recv: id + 7, first: id, seq: id, levels: [[1, 10 + (id % 50), id]] as const };
    // every 1000th is lost, and the snapshot that helps comes after more messages than a tidying leaves room for
    if (id % 1000 !== 200) messages.push(diff);
    if (id % 250 === 5) messages.push({ ...diff, recv: id + 900 });
    if (id === 1 || id % 1000 === 850)
      messages.push({
        ts: id,
        recv: id + 3,
        seq: id === 1 ? 0 : id - 645,
        snapshot: true,
        levels: [[-1, 100, id]],
      });
  }
  const columns = columnsOf(messages);
  const options = { rule: 'binance-spot', levels: 2, oneSided: 'extreme' } as const;
  const whole = replayBook(columns, options);
  expect(whole.gaps.map(({ events }) => events > 640)).toEqual([true, true, true]);
  expect(whole.counts).toMatchObject({ unused: 0 });
  const parts: string[] = [];
  const replay = new BookReplay(options, (rows) => parts.push(...statesText(rows, 2)));
  for (let i = 0; i < columns.rows; i++) replay.push(cut(columns, i, i + 1));
  expect(replay.finish()).toEqual({ ...whole, states: undefined });
  expect(parts).toEqual(statesText(whole.states, 2));
});

describe('price levels', () => {
  it('equal a sorted map through splits and emptied blocks, on both sides', () => {
    for (const sign of [1, -1] as const) {
      const next = random(sign + 5);
      const levels = new PriceLevels(sign);
      const plain = new Map<number, number>();
      const ticks = new Float64Array(2000);
      const lots = new Float64Array(2000);
      for (let step = 0; step < 20_000; step++) {
        // grows to about a thousand levels, then shrinks to none
        const tick = integerIn(next, -700, 700);
        const size = next() < (step < 10_000 ? 0.25 : 0.8) ? 0 : integerIn(next, 1, 99);
        levels.set(tick, size);
        set(plain, tick, size);
        if (step % 4999 === 0) {
          levels.clear();
          plain.clear();
        }
        if (step % 997 !== 0) continue;
        const want = [...plain].sort((x, y) => (y[0] - x[0]) * sign);
        expect(levels.size).toBe(want.length);
        expect(levels.best).toBe(want[0]?.[0] ?? Number.NaN);
        const count = levels.top(2000, ticks, lots);
        expect(Array.from({ length: count }, (_, k) => [ticks[k], lots[k]])).toEqual(want);
      }
      while (levels.size > 0) levels.removeBest();
      expect(levels.best).toBeNaN();
      levels.removeBest();
      levels.set(5, 0);
      expect(levels.size).toBe(0);
    }
  });
});
