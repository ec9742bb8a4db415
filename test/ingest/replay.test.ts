import { describe, expect, it } from 'vitest';
import { checkParams } from '../../src/core/schema.js';
import {
  type DeltaColumns,
  type ReplayOptions,
  replayBook,
  replayInstruments,
  replayOptions,
  replayParams,
  sequenceRuleOf,
} from '../../src/ingest/replay/index.js';
import { columnsOf, type HandMessage, statesText } from './replay-support.js';

const B = 1;
const A = -1;
type Given = Partial<ReplayOptions> & { until?: number };

function replay(messages: readonly HandMessage[], { until, ...given }: Given = {}) {
  const options = { rule: 'none', levels: 3, ...given } as const;
  const result = replayBook(columnsOf(messages), options, until);
  return { ...result, texts: statesText(result.states, options.levels) };
}

/** A snapshot 100x5 | 101x2 at time 10. */
const start: HandMessage = {
  ...{ ts: 10, seq: 50, snapshot: true },
  levels: [
    [B, 100, 5],
    [B, 99, 1],
    [A, 101, 2],
  ],
};

it('a snapshot of which no row was good ends the book it would have replaced', () => {
  const { texts, counts } = replay([
    start,
    { ts: 11, reset: true, levels: [[B, 98, 1]] },
    { ts: 12, levels: [[A, 101, 3]] },
    {
      ts: 13,
      snapshot: true,
      levels: [
        [A, 103, 1],
        [B, 97, 1],
      ],
    },
  ]);
  expect(texts).toEqual(['10 ok 50 | 100x5 99x1 | 101x2', '11 gap -', '13 ok - | 97x1 | 103x1']);
  expect(counts).toEqual({ applied: 2, old: 0, unused: 2 });
});

describe('book states', () => {
  it('ok, one-sided, empty, locked, crossed; levels are null where the policy says so', () => {
    const messages: HandMessage[] = [
      start,
      { ts: 11, levels: [[A, 101, 0]] },
      {
        ts: 12,
        levels: [
          [B, 100, 0],
          [B, 99, 0],
        ],
      },
      {
        ts: 13,
        levels: [
          [B, 100, 7],
          [A, 100, 8],
        ],
      },
      { ts: 14, levels: [[B, 102, 1]] },
      { ts: 15, levels: [[A, 100, 0]] },
    ];
    expect(replay(messages).texts).toEqual([
      '10 ok 50 | 100x5 99x1 | 101x2',
      '11 one_sided -',
      '12 empty -',
      '13 locked - | 100x7 | 100x8',
      '14 crossed -',
      '15 one_sided -',
    ]);
    const shown = replay(messages, { crossed: 'keep', oneSided: 'extreme' }).texts;
    expect(shown[1]).toBe('11 one_sided - | 100x5 99x1 | ');
    expect(shown[2]).toBe('12 empty -');
    expect(shown[4]).toBe('14 crossed - | 102x1 100x7 | 100x8');
  });

  it('levels beyond the depth of the book are null, deeper ones are left out', () => {
    const { states } = replay([start], { levels: 1 });
    expect(Object.keys(states.columns)).toEqual([
      ...['ts', 'recv_ts', 'seq', 'bid_tick_1', 'bid_lots_1', 'ask_tick_1', 'ask_lots_1'],
    ]);
    expect(replay([start], { levels: 3 }).states.columns.ask_tick_2![0]).toBeNaN();
  });

  it('stale: one µs after the age allowed, and no earlier; any message of the book renews it', () => {
    const messages: HandMessage[] = [start, { ts: 60, levels: [] }, { ts: 111, levels: [[B, 100, 6]] }];
    const options = { maxAge: 50, until: 300 };
    expect(replay(messages, options).texts).toEqual([
      '10 ok 50 | 100x5 99x1 | 101x2',
      '60 ok - | 100x5 99x1 | 101x2',
      // 60 + 50 is no older than allowed
      '111 ok - | 100x6 99x1 | 101x2',
      '162 stale -',
    ]);
    expect(replay([start, { ts: 62, levels: [] }], { maxAge: 50 }).texts[1]).toBe('61 stale 50');
    const { coverage } = replay(messages, options);
    expect(coverage.map(({ from, to, state, events }) => [from, to, state, events])).toEqual([
      [10, 162, 'ok', 3],
      [162, 300, 'stale', 0],
    ]);
  });

  it('stale: a message known later than its age allows says nothing of now', () => {
    expect(replay([{ ...start, recv: 61 }], { maxAge: 50 }).texts).toEqual(['61 stale 50']);
    expect(replay([{ ...start, recv: 60 }], { maxAge: 50 }).texts[0]).toMatch(/^60 ok/);
  });

  it('a local stamp before the exchange’s is not believed', () => {
    expect(replay([{ ...start, recv: 3 }]).texts[0]).toMatch(/^10 ok/);
  });
});

describe('levels', () => {
  it('zero deletes, also a level that is not there; sizes are absolute; the last of a message counts', () => {
    const { texts } = replay([
      start,
      {
        ts: 11,
        levels: [
          [B, 98, 0],
          [A, 500, 0],
        ],
      },
      {
        ts: 12,
        levels: [
          [B, 100, 9],
          [B, 100, 3],
          [A, 102, 4],
          [A, 101, 0],
        ],
      },
    ]);
    expect(texts.slice(1)).toEqual(['11 ok - | 100x5 99x1 | 101x2', '12 ok - | 100x3 99x1 | 102x4']);
  });

  it('a snapshot replaces everything', () => {
    const { texts } = replay([
      start,
      {
        ...{ ts: 20, snapshot: true },
        levels: [
          [A, 201, 1],
          [B, 200, 1],
          [B, 300, 0],
        ],
      },
    ]);
    expect(texts[1]).toBe('20 ok - | 200x1 | 201x1');
  });

  it('missed deletions leave no crossed book: repair drops them opposite to the last update', () => {
    const missed: HandMessage[] = [
      start,
      // asks 101 and 102 should have been deleted
      { ts: 11, levels: [[A, 102, 4]] },
      { ts: 12, levels: [[B, 103, 6]] },
      { ts: 13, levels: [[A, 104, 1]] },
      // now bids 103 and 100 stand in the way; 99 locks and stays
      {
        ts: 14,
        levels: [
          [B, 90, 1],
          [A, 99, 2],
        ],
      },
    ];
    expect(replay(missed).texts.slice(2)).toEqual(['12 crossed -', '13 crossed -', '14 crossed -']);
    const { texts, repaired } = replay(missed, { crossed: 'repair' });
    expect(texts.slice(2)).toEqual([
      '12 one_sided -',
      '13 ok - | 103x6 100x5 99x1 | 104x1',
      '14 locked - | 99x1 90x1 | 99x2 104x1',
    ]);
    expect(repaired).toBe(4);
  });

  it('repair believes a level that is still there, whatever side its message names last', () => {
    const { texts } = replay(
      [
        start,
        {
          ts: 11,
          levels: [
            [B, 102, 3],
            [A, 104, 1],
            [B, 105, 3],
            [B, 105, 0],
          ],
        },
      ],
      { crossed: 'repair' },
    );
    expect(texts[1]).toBe('11 ok - | 102x3 100x5 99x1 | 104x1');
  });

  it('a cross that ends within its message is none', () => {
    const moved: HandMessage = {
      ts: 11,
      levels: [
        [B, 101, 3],
        [B, 102, 3],
        [A, 101, 0],
        [A, 103, 1],
      ],
    };
    for (const crossed of ['null', 'repair'] as const)
      expect(replay([start, moved], { crossed })).toMatchObject({
        repaired: 0,
        texts: ['10 ok 50 | 100x5 99x1 | 101x2', '11 ok - | 102x3 101x3 100x5 | 103x1'],
      });
  });
});

describe('sequence rules', () => {
  const diff = (ts: number, first: number, seq: number, prev?: number): HandMessage => ({
    ...{ ts, first, seq },
    ...(prev === undefined ? {} : { prev }),
    levels: [[B, 100, seq]],
  });
  const states = (rule: ReplayOptions['rule'], ...messages: HandMessage[]) =>
    replay(messages, { rule, levels: 1 }).texts.map((text) => text.replace(/ 99x1/, ''));

  it('venues have theirs; without sequence numbers there is none', () => {
    expect(
      ['binance-spot', 'binance-usdm', 'binance-coinm', 'bybit-linear', 'kraken'].map((venue) =>
        sequenceRuleOf(venue, true),
      ),
    ).toEqual(['binance-spot', 'binance-futures', 'binance-futures', 'bybit', 'none']);
    expect(sequenceRuleOf('binance-usdm', false)).toBe('none');
  });

  it('spot: U = last u + 1; after a snapshot U ≤ id + 1 ≤ u; up to the id is old', () => {
    expect(
      states('binance-spot', start, diff(11, 48, 50), diff(12, 49, 52), diff(13, 53, 53), diff(14, 54, 60)),
    ).toEqual([
      '10 ok 50 | 100x5 | 101x2',
      '12 ok 52 | 100x52 | 101x2',
      '13 ok 53 | 100x53 | 101x2',
      '14 ok 60 | 100x60 | 101x2',
    ]);
    expect(states('binance-spot', start, diff(12, 51, 52))[1]).toBe('12 ok 52 | 100x52 | 101x2');
    // 51 is missing; then 53 is
    expect(states('binance-spot', start, diff(12, 52, 52))[1]).toBe('12 gap -');
    expect(states('binance-spot', start, diff(12, 51, 52), diff(13, 54, 54))[2]).toBe('13 gap -');
    // an overlap with the message before is no successor
    expect(states('binance-spot', start, diff(12, 51, 52), diff(13, 52, 54))[2]).toBe('13 gap -');
  });

  it('futures: pu = last u; after a snapshot U ≤ id ≤ u, or pu is the id', () => {
    expect(
      states('binance-futures', start, diff(11, 44, 50, 40), diff(12, 47, 55, 44), diff(13, 58, 60, 55)),
    ).toEqual(['10 ok 50 | 100x5 | 101x2', '12 ok 55 | 100x55 | 101x2', '13 ok 60 | 100x60 | 101x2']);
    expect(states('binance-futures', start, diff(12, 53, 55, 50))[1]).toMatch(/^12 ok 55/);
    expect(states('binance-futures', start, diff(12, 51, 55, 49))[1]).toBe('12 gap -');
    expect(states('binance-futures', start, diff(12, 50, 55, 49), diff(13, 56, 60, 54))[2]).toBe('13 gap -');
    // reaching back over the message before is no link either
    expect(states('binance-futures', start, diff(12, 50, 55, 49), diff(13, 54, 60, 53))[2]).toBe('13 gap -');
  });

  it('bybit: u = last u + 1, and a snapshot always starts anew, also at id 1', () => {
    const u = (ts: number, seq: number): HandMessage => ({ ts, seq, levels: [[B, 100, seq]] });
    const restart: HandMessage = { ...start, ts: 13, seq: 1 };
    expect(states('bybit', start, u(11, 51), u(12, 51), restart, u(14, 2), u(15, 4), u(16, 5))).toEqual([
      '10 ok 50 | 100x5 | 101x2',
      '11 ok 51 | 100x51 | 101x2',
      '13 ok 1 | 100x5 | 101x2',
      '14 ok 2 | 100x2 | 101x2',
      '15 gap -',
    ]);
  });

  it('tardis: no ids, a gap until the first snapshot; a snapshot may come in several messages', () => {
    const rest: HandMessage = {
      ...{ ts: 12, snapshot: true, reset: false },
      levels: [[A, 102, 3]],
    };
    const tail: HandMessage = { ts: 13, levels: [[B, 100, 0]] };
    expect(
      replay([{ ts: 9, levels: [[B, 1, 1]] }, start, rest, tail, { ...start, ts: 14, levels: [[B, 7, 7]] }])
        .texts,
    ).toEqual([
      '9 gap -',
      '10 ok 50 | 100x5 99x1 | 101x2',
      '12 ok - | 100x5 99x1 | 101x2 102x3',
      '13 ok - | 99x1 | 101x2 102x3',
      '14 one_sided 50',
    ]);
  });

  it('rows of one time are messages apart where kind or ids differ', () => {
    const { texts } = replay([start, { ts: 10, seq: 50, levels: [[B, 98, 1]] }, { ts: 11, levels: [] }]);
    expect(texts.slice(0, 2)).toEqual([
      '10 ok 50 | 100x5 99x1 | 101x2',
      '10 ok 50 | 100x5 99x1 98x1 | 101x2',
    ]);
    // the second one of these is old when it comes
    expect(
      states('binance-futures', start, diff(12, 51, 55, 50), { ...diff(12, 51, 55, 49), levels: [] }),
    ).toEqual(['10 ok 50 | 100x5 | 101x2', '12 ok 55 | 100x55 | 101x2']);
    const other = { ...diff(12, 51, 55, 49), levels: [[B, 100, 77]] } as const;
    expect(states('binance-futures', start, diff(12, 51, 55, 50), other)[1]).toBe(
      '12 ok 55 | 100x55 | 101x2',
    );
  });

  it('a gap lasts until the next snapshot, which takes up what came meanwhile', () => {
    const late: HandMessage = { ...start, ts: 16, seq: 56 };
    const result = replay(
      [start, diff(11, 51, 52), diff(12, 54, 55), diff(13, 56, 57), diff(14, 58, 58), late, diff(17, 59, 60)],
      { rule: 'binance-spot', levels: 1 },
    );
    expect(result.texts).toEqual([
      '10 ok 50 | 100x5 | 101x2',
      '11 ok 52 | 100x52 | 101x2',
      '12 gap -',
      '16 ok 58 | 100x58 | 101x2',
      '17 ok 60 | 100x60 | 101x2',
    ]);
    expect(result.counts).toEqual({ applied: 6, old: 1, unused: 0 });
    expect(result.gaps).toEqual([
      {
        ...{ reason: 'gap', state: 'gap', from: 12, to: 16, microseconds: 4, events: 3, afterSeq: 52 },
        ...{ firstSeq: 55, lastSeq: 58, firstRow: 4, lastRow: 6 },
      },
    ]);
    expect(result.coverage.map(({ from, to, state, events }) => [from, to, state, events])).toEqual([
      [10, 12, 'ok', 2],
      [12, 16, 'gap', 3],
      [16, 17, 'ok', 2],
    ]);
  });

  it('a gap names its first and last row, also where they were known the other way round', () => {
    const early = diff(11, 60, 61);
    const { gaps } = replay(
      [start, { ...early, recv: 40 }, { ...diff(12, 70, 71), recv: 30 }, diff(13, 80, 81)],
      {
        rule: 'binance-spot',
      },
    );
    expect(gaps).toEqual([
      {
        ...{ reason: 'gap', state: 'gap', from: 13, to: 40, microseconds: 27, events: 3, afterSeq: 50 },
        ...{ firstSeq: 61, lastSeq: 81, firstRow: 3, lastRow: 5 },
      },
    ]);
  });

  it('a snapshot too old, or one with a hole behind it, leaves the gap open for the next', () => {
    const snapshot = (ts: number, seq: number): HandMessage => ({ ...start, ts, seq });
    const { texts, gaps, counts } = replay(
      [
        ...[diff(1, 10, 20), diff(2, 21, 30), snapshot(3, 5), diff(4, 41, 50)],
        ...[snapshot(5, 25), snapshot(6, 45), diff(7, 51, 52)],
      ],
      { rule: 'binance-spot', levels: 1 },
    );
    expect(texts).toEqual(['1 gap -', '6 ok 50 | 100x50 | 101x2', '7 ok 52 | 100x52 | 101x2']);
    expect(gaps.map(({ from, to, events }) => [from, to, events])).toEqual([[1, 6, 5]]);
    // snapshots 5 and 25 and diff 21-30 were applied in vain
    expect(counts).toEqual({ applied: 6, old: 1, unused: 0 });
  });

  it('a snapshot older than a book that is whole changes nothing; a newer one moves it on', () => {
    const old: HandMessage = { ...start, ts: 12, seq: 49 };
    const newer: HandMessage = { ...start, ts: 14, seq: 60 };
    expect(
      states(
        'binance-spot',
        start,
        diff(11, 51, 52),
        old,
        diff(13, 53, 54),
        newer,
        diff(15, 55, 58),
        diff(16, 59, 61),
      ),
    ).toEqual([
      '10 ok 50 | 100x5 | 101x2',
      '11 ok 52 | 100x52 | 101x2',
      '13 ok 54 | 100x54 | 101x2',
      '14 ok 60 | 100x5 | 101x2',
      '16 ok 61 | 100x61 | 101x2',
    ]);
  });

  it('what waits for a snapshot is bounded: the oldest go, and a snapshot that needs them does not help', () => {
    const waiting = [diff(1, 10, 20), diff(2, 21, 30), diff(3, 31, 40), diff(4, 41, 50)];
    const at = (seq: number, waitingRows: number) =>
      replay([...waiting, { ...start, ts: 5, seq }], { rule: 'binance-spot', levels: 1, waitingRows });
    expect(at(15, 4).texts[1]).toBe('5 ok 50 | 100x50 | 101x2');
    // above 3 rows only the last one is left
    expect(at(15, 3).texts).toEqual(['1 gap -']);
    expect(at(15, 3).counts).toEqual({ applied: 1, old: 0, unused: 4 });
    expect(at(45, 3).texts[1]).toBe('5 ok 50 | 100x50 | 101x2');
  });

  it('a message without levels carries the sequence', () => {
    const empty: HandMessage = { ts: 11, first: 51, seq: 53, levels: [] };
    expect(states('binance-spot', start, empty, diff(12, 54, 54))).toEqual([
      '10 ok 50 | 100x5 | 101x2',
      '11 ok 53 | 100x5 | 101x2',
      '12 ok 54 | 100x54 | 101x2',
    ]);
  });

  it('a message without the ids its rule needs is a gap, as is a row that is no level', () => {
    expect(states('binance-spot', start, { ts: 11, levels: [[B, 100, 1]] })[1]).toBe('11 gap -');
    for (const bad of [
      [0, 100, 1],
      [B, Number.NaN, 1],
      [B, 100, -1],
      [A, 100, 0.5],
    ] as const) {
      const { texts, counts } = replay([
        start,
        { ts: 11, levels: [bad, [B, 100, 6]] },
        { ts: 12, levels: [] },
      ]);
      expect(texts.slice(1)).toEqual(['11 gap -']);
      expect(counts).toEqual({ applied: 1, old: 0, unused: 2 });
    }
    // the rest of a snapshot whose beginning was damaged is no book
    const rest: HandMessage = { ts: 12, snapshot: true, reset: false, levels: [[B, 1, 1]] };
    expect(replay([{ ...start, levels: [[B, 100, -1]] }, rest]).texts).toEqual(['10 gap -']);
  });
});

describe('time', () => {
  it('a grid sees what was known at its times, through gaps and staleness', () => {
    const { texts } = replay(
      [
        { ...start, ts: 100 },
        { ts: 150, recv: 230, levels: [[B, 100, 6]] },
        { ts: 200, levels: [[B, 100, 7]] },
        { ts: 500, levels: [[B, 100, 8]] },
      ],
      { every: 100, maxAge: 200, levels: 1, until: 650 },
    );
    expect(texts).toEqual([
      '100 ok 50 | 100x5 | 101x2',
      // a message of 200 is known at 200, one of 150 only at 230
      '200 ok - | 100x7 | 101x2',
      '300 ok - | 100x6 | 101x2',
      '400 ok - | 100x6 | 101x2',
      '500 ok - | 100x8 | 101x2',
      '600 ok - | 100x8 | 101x2',
    ]);
    expect(replay([{ ...start, ts: 101 }], { every: 100, maxAge: 200, until: 500 }).texts).toEqual([
      '200 ok 50 | 100x5 99x1 | 101x2',
      '300 ok 50 | 100x5 99x1 | 101x2',
      '400 stale 50',
      '500 stale 50',
    ]);
  });

  it('weeks begin on Monday', () => {
    const week = 7 * 86_400_000_000;
    // Thursday 2024-08-08 → Monday 2024-08-12
    const { texts } = replay([{ ...start, ts: 1_723_075_200_000_000 }], {
      ...{ every: week, maxAge: week, levels: 1, until: 1_723_500_000_000_000 },
    });
    expect(texts).toEqual([`${1_723_420_800_000_000} ok 50 | 100x5 | 101x2`]);
  });

  it('messages are applied as they were known; times of rows do not fall', () => {
    const { states, texts } = replay([
      start,
      { ts: 11, recv: 30, levels: [[B, 100, 1]] },
      { ts: 20, recv: 21, levels: [[B, 100, 2]] },
    ]);
    expect(texts.map((text) => text.slice(0, 17))).toEqual([
      '10 ok 50 | 100x5 ',
      '21 ok - | 100x2 9',
      '30 ok - | 100x1 9',
    ]);
    expect([...states.columns.ts!]).toEqual([10, 20, 20]);
  });
});

describe('hostile input and options', () => {
  it('rows out of order, missing times and numbers of 2^53 are errors in one line', () => {
    const columns = columnsOf([start, { ts: 11, levels: [] }]);
    const withColumn =
      (change: Partial<DeltaColumns>): (() => unknown) =>
      () =>
        replayBook({ ...columns, ...change }, { rule: 'none' });
    expect(withColumn({ ts: Float64Array.of(10, 10, 10, 9) })).toThrow(
      /^book row 3 must have a time, not before that of the row before$/,
    );
    expect(withColumn({ ts: Float64Array.of(Number.NaN, 10, 10, 11) })).toThrow(
      /^book row 0 must have a time/,
    );
    expect(withColumn({ lots: BigInt64Array.of(1n, 1n << 53n, 1n, 1n) })).toThrow(
      /^book lots 9007199254740992 must be below 2\^53$/,
    );
    expect(() => replayBook(columns, { rule: 'none', every: 1, maxAge: 1, mostRows: 10 }, 1e9)).toThrow(
      /^replay 11 rows must be at most 10: .*; or is a stamp far off\?$/,
    );
  });

  it('whole numbers of any width give the same', () => {
    const columns = columnsOf([{ ...start, levels: [...start.levels, [B, -3, 2 ** 52]] }]);
    const words = (values: ArrayLike<number>): BigInt64Array =>
      BigInt64Array.from(Array.from(values, BigInt));
    const wide = {
      ...columns,
      tick: words(columns.tick as Float64Array),
      lots: words(columns.lots as Float64Array),
    };
    const narrow = {
      ...columns,
      tick: Int32Array.from(columns.tick as Float64Array),
      ts: words([10, 10, 10, 10]),
    };
    const want = statesText(replayBook(columns, { rule: 'none', levels: 3 }).states, 3);
    expect(want).toEqual(['10 ok 50 | 100x5 99x1 -3x4503599627370496 | 101x2']);
    for (const same of [wide, narrow])
      expect(statesText(replayBook(same, { rule: 'none', levels: 3 }).states, 3)).toEqual(want);
  });

  it('no rows give no states and no coverage', () => {
    expect(replayBook(columnsOf([]), { rule: 'none', every: 1000 }, 1e6)).toMatchObject({
      ...{ rows: 0, messages: 0, coverage: [], gaps: [], states: { rows: 0 } },
    });
  });

  it('parameters are checked, and make options', () => {
    const params = checkParams('replay', replayParams, {
      levels: '5',
      at: '100ms',
      maxAge: '2s',
      crossed: 'keep',
    });
    expect(replayOptions('bybit', params)).toMatchObject({
      ...{ rule: 'bybit', levels: 5, every: 100_000, maxAge: 2_000_000, crossed: 'keep', oneSided: 'strict' },
    });
    expect(replayOptions('none', checkParams('replay', replayParams, {}))).toMatchObject({
      ...{ levels: 10, every: 0, maxAge: 5_000_000, crossed: 'null' },
    });
    expect(() => checkParams('replay', replayParams, { at: 'always' })).toThrow(
      /^replay at always must be event, or/,
    );
    for (const [name, value] of [
      ['levels', 0],
      ['levels', 1.5],
      ['every', -1],
      ['maxAge', Number.NaN],
      ['crossed', 'maybe'],
      ['rule', 'okx'],
    ] as const)
      expect(() => replayBook(columnsOf([start]), { rule: 'none', [name]: value })).toThrow(
        new RegExp(`^replay ${name} ${value} must be`),
      );
  });

  it('instruments in order, inline from sources; an error stops all', async () => {
    const job = { columns: columnsOf([start]), options: { rule: 'none', levels: 1 } as const };
    const results = await replayInstruments([job, { ...job, until: 99 }], { workers: 2 });
    expect(results.map(({ coverage }) => coverage[0]!.to)).toEqual([10, 99]);
    await expect(replayInstruments([job], { workers: 0 })).rejects.toThrow(/^replay workers 0 must be/);
    await expect(replayInstruments([job], { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow(
      'stop',
    );
  });
});
