import { mkdirSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { importDataset } from '../../src/dataset/import.js';
import { importSources } from '../../src/dataset/source-files.js';
import { nativeFormat, tableFormat } from '../../src/engine/import-formats.js';
import { type ReplayBooksOptions, replayBooks } from '../../src/engine/replay.js';
import { commonUnit } from '../../src/engine/replay-deltas.js';
import { replayReport } from '../../src/engine/replay-summary.js';
import { replayTables } from '../../src/engine/replay-tables.js';
import { importers } from '../../src/ingest/index.js';
import { replayBook } from '../../src/ingest/replay/index.js';
import { csvChunks } from '../../src/table/csv-write.js';
import type { PresentedTable } from '../../src/table/presented.js';
import { columnsOf, type HandMessage, statesText } from '../ingest/replay-support.js';
import { dataLine, haveData, realData, scratch } from '../ingest/support.js';
import { integerIn, random } from '../support/random.js';

const { path, write } = scratch();
// what is left behind is looked for where no other process leaves anything
vi.stubEnv('TMPDIR', path('.'));
let made = 0;

async function dataset(format: string, inputs: readonly string[], folder = path(`dataset-${made++}`)) {
  await importDataset({
    ...{ folder, sources: await importSources(inputs, inputs) },
    format: nativeFormat(importers.get(format)!, {}),
  });
  return folder;
}

const csv = (table: PresentedTable): string[] => [...csvChunks(table)].join('').trimEnd().split('\n');

/** Rows of a table as records of text. */
function records(table: PresentedTable): Record<string, string>[] {
  const [head, ...rows] = csv(table).map((line) => line.split(','));
  return rows.map((cells) => Object.fromEntries(cells.map((cell, i) => [head![i]!, cell])));
}

const replayed = async (inputs: readonly string[], options: ReplayBooksOptions = {}) => {
  const books = await replayBooks(inputs, options);
  return { books, ...replayTables(books) };
};

/** Best bid and ask by update id, and the ids of diffs and snapshot, read from the capture's lines by themselves. */
async function capture(names: readonly string[]) {
  const tickers: [number, string][] = [];
  const ends = new Set<number>();
  let snapshot = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const text = gunzipSync(await readFile(realData(`binance-capture/${name}.gz`))).toString();
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const message = JSON.parse(line.slice(line.indexOf(' ') + 1));
      const data = message.data ?? message;
      if (data.lastUpdateId !== undefined) snapshot = Math.min(snapshot, data.lastUpdateId);
      else if (data.e === 'depthUpdate') ends.add(data.u);
      else if (data.u !== undefined && data.B !== undefined)
        tickers.push([data.u, [data.b, data.B, data.a, data.A].map(Number).join(' ')]);
    }
  }
  tickers.sort((a, b) => a[0] - b[0]);
  return { tickers, diffs: [...ends].filter((u) => u >= snapshot).sort((a, b) => a - b) };
}

/** At how many diffs the replayed touch could be compared with the ticker, and at how many it is equal. */
function compared(table: PresentedTable, { tickers, diffs }: Awaited<ReturnType<typeof capture>>) {
  const states = records(table)
    .filter(({ seq }) => seq !== '')
    .map((row) => [
      Number(row.seq),
      `${row.bid_price_1} ${row.bid_size_1} ${row.ask_price_1} ${row.ask_size_1}`,
    ]);
  let [state, ticker, count, equal] = [-1, -1, 0, 0];
  for (const u of diffs) {
    while (states[state + 1] !== undefined && (states[state + 1]![0] as number) <= u) state++;
    while (tickers[ticker + 1] !== undefined && tickers[ticker + 1]![0] <= u) ticker++;
    if (ticker < 0 || state < 0) continue;
    count++;
    if (states[state]![1] === tickers[ticker]![1]) equal++;
  }
  return { count, equal };
}

describe.skipIf(!haveData)(`captures, ${dataLine}: dataset, replay, table`, () => {
  it.each([
    ['usdm_ethusdt_20240808', 6581, 1],
    ['coinm_ethusd_perp_20240808', 22887, 1],
    ['spot_ethusdt_20240808', 3433, 0],
  ])('%s: the touch equals bookTicker at %i diffs, 0 breaks', async (name, diffs, gaps) => {
    const folder = await dataset('binance-websocket', [realData(`binance-capture/${name}.gz`)]);
    const { books, book_snapshot, ledger } = await replayed([folder], { params: { levels: 1 } });
    expect(compared(book_snapshot, await capture([name]))).toEqual({ count: diffs, equal: diffs });
    // the wait for the snapshot is a gap; no other, and no message came to no use
    expect(records(ledger).map(({ after_seq }) => after_seq)).toEqual(Array(gaps).fill(''));
    expect(books.instruments[0]!.counts.unused).toBe(0);
  });

  it('spot, two days in one dataset: 6,469 of 6,469, the book goes on over the border', async () => {
    const names = ['spot_ethusdt_20240808', 'spot_ethusdt_20240809'];
    const paths = names.map((name) => realData(`binance-capture/${name}.gz`));
    const { books, book_snapshot, coverage } = await replayed([await dataset('binance-websocket', paths)], {
      params: { levels: 1 },
    });
    expect(compared(book_snapshot, await capture(names))).toEqual({ count: 6469, equal: 6469 });
    expect(books.instruments[0]).toMatchObject({ gaps: [], rule: 'binance-spot' });
    expect(records(coverage).map(({ state }) => state)).toEqual(['ok']);
    // the second day alone has no snapshot: nothing but a gap
    const alone = await replayed([paths[1]!], { params: { levels: 1 } });
    expect(csv(alone.book_snapshot)).toHaveLength(2);
    expect(records(alone.coverage)).toMatchObject([{ state: 'gap', events: '3036', share: '1' }]);
  });

  it('bybit: 500 and 500 levels after each of 50 messages, straight from the archive', async () => {
    const { books, book_snapshot } = await replayed([realData('bybit/xrpusdt-ob500.data.zip')], {
      params: { levels: 501 },
    });
    const rows = records(book_snapshot);
    expect(rows).toHaveLength(50);
    for (const row of rows)
      for (const side of ['bid', 'ask'])
        expect([row[`${side}_price_500`] !== '', row[`${side}_price_501`]]).toEqual([true, '']);
    // by plain dictionaries in another language
    expect(rows[0]).toMatchObject({ bid_price_1: '1.9531', bid_size_1: '6203', ask_price_1: '1.9532' });
    expect(rows[49]).toMatchObject({ bid_price_1: '1.9537', ask_price_1: '1.9538', ask_size_1: '6702' });
    expect(replayReport(books)).toMatchObject({ messages: 50, applied: 50, gaps: 0 });
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('steelyard-native-'))).toEqual([]);
  });
});

/** 2024-01-02T00:00:00Z in ms. */
const T0 = 1_704_153_600_000;

interface Message {
  readonly ms: number;
  readonly symbol: string;
  readonly u: number;
  readonly snapshot?: boolean;
  readonly bids?: readonly (readonly [price: string, size: string])[];
  readonly asks?: readonly (readonly [price: string, size: string])[];
}

/** An archive of book messages. */
const archive = (messages: readonly Message[]): string =>
  write(
    `${made++}.ob500.data`,
    messages
      .map(({ ms, symbol, u, snapshot, bids = [], asks = [] }) =>
        JSON.stringify({
          ...{ topic: `orderbook.500.${symbol}`, type: snapshot ? 'snapshot' : 'delta', ts: T0 + ms },
          ...{ data: { s: symbol, b: bids, a: asks, u, seq: u }, cts: T0 + ms },
        }),
      )
      .join('\n'),
  );

const A = 'bybit-linear:AUSDT';
const B = 'bybit-linear:BUSDT';
const start = (ms: number, symbol: string, u: number): Message => ({
  ...{ ms, symbol, u, snapshot: true, bids: [['9.5', '1']], asks: [['10', '2.25']] },
});
const bid = (ms: number, symbol: string, u: number, price: string, size: string): Message => ({
  ...{ ms, symbol, u, bids: [[price, size]] },
});

describe('gaps', () => {
  const whole = [
    start(0, 'AUSDT', 1),
    bid(100, 'AUSDT', 2, '9.6', '1'),
    bid(200, 'AUSDT', 3, '9.6', '0'),
    bid(300, 'AUSDT', 4, '9.7', '1'),
    bid(400, 'AUSDT', 5, '9.8', '1'),
    start(500, 'AUSDT', 6),
    bid(600, 'AUSDT', 7, '9.4', '3'),
  ];

  it('a missing message is a gap until the next snapshot, its span in the ledger', async () => {
    const input = archive(whole.filter(({ u }) => u !== 3));
    const { books, book_snapshot, coverage, ledger } = await replayed([input], { params: { levels: 2 } });
    expect(csv(book_snapshot)).toEqual([
      'instrument,ts,available_at,seq,state,bid_price_1,bid_size_1,ask_price_1,ask_size_1,bid_price_2,bid_size_2,ask_price_2,ask_size_2',
      `${A},2024-01-02T00:00:00Z,2024-01-02T00:00:00Z,1,ok,9.5,1,10,2.25,,,,`,
      `${A},2024-01-02T00:00:00.100Z,2024-01-02T00:00:00.100Z,2,ok,9.6,1,10,2.25,9.5,1,,`,
      `${A},2024-01-02T00:00:00.300Z,2024-01-02T00:00:00.300Z,,gap,,,,,,,,`,
      `${A},2024-01-02T00:00:00.500Z,2024-01-02T00:00:00.500Z,6,ok,9.5,1,10,2.25,,,,`,
      `${A},2024-01-02T00:00:00.600Z,2024-01-02T00:00:00.600Z,7,ok,9.5,1,10,2.25,9.4,3,,`,
    ]);
    expect(csv(coverage).slice(1)).toEqual([
      `${A},2024-01-02T00:00:00Z,2024-01-02T00:00:00.300Z,ok,300000,2,0.5`,
      `${A},2024-01-02T00:00:00.300Z,2024-01-02T00:00:00.500Z,gap,200000,2,${1 / 3}`,
      `${A},2024-01-02T00:00:00.500Z,2024-01-02T00:00:00.600Z,ok,100000,2,${1 / 6}`,
    ]);
    expect(records(ledger)).toEqual([
      {
        ...{ input: books.input, instrument: A, reason: 'gap', events: '2' },
        ...{ from: '2024-01-02T00:00:00.300Z', to: '2024-01-02T00:00:00.500Z' },
        ...{ after_seq: '2', first_seq: '4', last_seq: '5', first_row: '3', last_row: '4' },
      },
    ]);
    expect(replayReport(books)).toMatchObject({ messages: 6, applied: 4, unused: 2, gaps: 1 });
  });

  it('a bad level takes its message with it: the hole shows instead of a wrong book', async () => {
    const messages = whole.map((message) =>
      message.u === 3 ? { ...message, asks: [['10', 'x']] as const, bids: [['9.6', '0']] as const } : message,
    );
    const { books, ledger } = await replayed([archive(messages)]);
    expect(books.rejected).toEqual({ bad_size: 1 });
    expect(records(ledger)).toMatchObject([{ after_seq: '2', first_seq: '4', last_seq: '5' }]);
  });

  it('a size that no f64 holds makes the book unknown, and ends nothing', async () => {
    const messages = whole.map((message) =>
      message.u === 3 ? bid(200, 'AUSDT', 3, '9.6', '9007199254740993') : message,
    );
    const { ledger, book_snapshot } = await replayed([archive([...messages, start(700, 'BUSDT', 1)])]);
    expect(records(ledger)).toMatchObject([{ after_seq: '2', first_seq: '3', last_seq: '5' }]);
    expect(records(book_snapshot).map(({ seq, state }) => `${seq} ${state}`)).toEqual([
      ...['1 ok', '2 ok', ' gap', '6 ok', '7 ok', '1 ok'],
    ]);
  });

  it('a rule may be chosen: without one every message applies', async () => {
    const { books } = await replayed([archive(whole.filter(({ u }) => u !== 3))], { rule: 'none' });
    expect(books.instruments[0]).toMatchObject({ gaps: [], counts: { applied: 6, unused: 0 } });
  });
});

describe('grids', () => {
  const messages = [
    start(250, 'AUSDT', 1),
    bid(1000, 'AUSDT', 2, '9.6', '1'),
    bid(1999, 'AUSDT', 3, '9.7', '1'),
    start(2500, 'BUSDT', 1),
    bid(8400, 'BUSDT', 2, '9.9', '1'),
  ];

  it('give a row a step an instrument, as of its time, to an end that all share', async () => {
    const { book_snapshot, coverage } = await replayed([archive(messages)], {
      params: { levels: 1, at: '1s' },
    });
    const rows = records(book_snapshot).map(({ instrument, ts, state, bid_price_1 }) =>
      [instrument!.slice(-5, -4), ts!.slice(17, -1), state, bid_price_1].join(' '),
    );
    // stale from the first µs after 5 s without an update
    expect(rows).toEqual([
      ...['A 01 ok 9.6', 'A 02 ok 9.7', 'A 03 ok 9.7', 'A 04 ok 9.7', 'A 05 ok 9.7', 'A 06 ok 9.7'],
      ...['A 07 stale ', 'A 08 stale '],
      ...['B 03 ok 9.5', 'B 04 ok 9.5', 'B 05 ok 9.5', 'B 06 ok 9.5', 'B 07 ok 9.5', 'B 08 stale '],
    ]);
    expect(records(coverage).map(({ instrument, to, state }) => [instrument, to, state])).toEqual([
      [A, '2024-01-02T00:00:06.999001Z', 'ok'],
      [A, '2024-01-02T00:00:08.400Z', 'stale'],
      [B, '2024-01-02T00:00:07.500001Z', 'ok'],
      [B, '2024-01-02T00:00:08.400Z', 'stale'],
      // the last message itself: a span of no time
      [B, '2024-01-02T00:00:08.400Z', 'ok'],
    ]);
  });

  it('end before `until`, and coverage ends there, also beyond the last message', async () => {
    const input = archive(messages);
    const until = async (ms: number) => {
      const { book_snapshot, coverage } = await replayed([input], {
        params: { levels: 1, at: '1s' },
        until: (T0 + ms) * 1000,
        instruments: [A],
      });
      return [records(book_snapshot).at(-1)!.ts, records(coverage).at(-1)!.to];
    };
    expect(await until(5000)).toEqual(['2024-01-02T00:00:04Z', '2024-01-02T00:00:05Z']);
    expect(await until(20_000)).toEqual(['2024-01-02T00:00:19Z', '2024-01-02T00:00:20Z']);
  });

  it('more states than memory is meant to hold are an error in one line', async () => {
    const input = archive(messages);
    // levels 1: 8 cells a state
    const grid = (at: string, mostCells: number) =>
      replayBooks([input], { params: { levels: 1, at }, mostCells });
    await expect(grid('1us', 800)).rejects.toThrow(
      /^replay 101 rows must be at most 100: ask for a wider grid/,
    );
    // 8 states of one instrument and 6 of the other
    await expect(grid('1s', 13 * 8)).rejects.toThrow(
      /^replay 14 states must be at most 13: ask for fewer levels/,
    );
    expect((await grid('1s', 14 * 8)).instruments.map(({ rows }) => rows)).toEqual([8, 6]);
  });
});

/** Random books of several instruments, some messages missing, some days apart. */
function market(seed: number): Message[] {
  const next = random(seed);
  return ['AUSDT', 'BUSDT', 'CUSDT'].flatMap((symbol) => {
    let ms = integerIn(next, 0, 5000);
    let u = 0;
    const messages: Message[] = [];
    for (let i = 0; i < 80; i++) {
      ms += next() < 0.05 ? integerIn(next, 5000, 40_000_000) : integerIn(next, 1, 2000);
      u++;
      if (next() < 0.04) continue;
      const level = (side: number): [string, string] => [
        ((1000 - side * integerIn(next, -1, 20)) / 10).toFixed(1),
        next() < 0.3 ? '0' : String(integerIn(next, 1, 9)),
      ];
      const levels = (side: number) => Array.from({ length: integerIn(next, 0, 3) }, () => level(side));
      const snapshot = i === 0 || next() < 0.08;
      messages.push({ ms, symbol, u, bids: levels(1), asks: levels(-1), ...(snapshot ? { snapshot } : {}) });
    }
    return messages;
  });
}

describe('invariants', () => {
  const times = (of: readonly Message[]): number[] => of.map(({ ms }) => (T0 + ms) * 1000);

  it.each([
    ['event', 4],
    ['1m', 2],
  ])('what was known before t is the prefix up to t: at %s', async (at, fewest) => {
    const seen = new Set<string>();
    for (const seed of [1, 2, 3]) {
      const messages = market(seed);
      const params = { levels: 3, at, crossed: 'keep' } as const;
      const known = times(messages);
      const end = Math.max(...known) + 10_000_000;
      const folder = await dataset('bybit-ob500', [archive(messages)]);
      const whole = await replayed([folder], { params, until: end });
      for (const share of [0.1, 0.5, 0.8]) {
        const until = known[Math.floor(known.length * share)]!;
        const prefix = await dataset('bybit-ob500', [archive(messages.filter((_, i) => known[i]! < until))]);
        const rows = records(whole.book_snapshot).filter(
          ({ available_at }) => Date.parse(available_at!) * 1000 < until,
        );
        expect(records((await replayed([folder], { params, until })).book_snapshot)).toEqual(rows);
        expect(records((await replayed([prefix], { params, until })).book_snapshot)).toEqual(rows);
        for (const { state } of rows) seen.add(state!);
      }
    }
    expect(seen.size).toBeGreaterThanOrEqual(fewest);
  });

  it('states and coverage from a time on are the rest of those of all times', async () => {
    const messages = market(7);
    const folder = await dataset('bybit-ob500', [archive(messages)]);
    for (const at of ['event', '1m']) {
      const params = { levels: 2, at };
      const whole = await replayed([folder], { params });
      for (const fromTime of [times(messages)[40]!, times(messages)[200]! + 1]) {
        const rest = await replayed([folder], { params, fromTime });
        const after = (row: Record<string, string>): boolean =>
          Date.parse(row.available_at!) * 1000 >= fromTime;
        expect(records(rest.book_snapshot)).toEqual(records(whole.book_snapshot).filter(after));
        rest.books.instruments.forEach((instrument, i) => {
          const all = whole.books.instruments[i]!.coverage;
          const cut = all.filter(({ to }) => to > fromTime);
          expect(instrument.coverage.map(({ to, state }) => [to, state])).toEqual(
            cut.map(({ to, state }) => [to, state]),
          );
          expect(instrument.coverage[0]!.from).toBe(Math.max(fromTime, all[0]!.from));
          const events = messages.filter(
            ({ symbol }, m) => instrument.instrument.endsWith(symbol) && times(messages)[m]! >= fromTime,
          ).length;
          expect(instrument.coverage.reduce((sum, span) => sum + span.events, 0)).toBe(events);
        });
      }
    }
  });

  it('an instrument alone, in company and from the files themselves gives the same', async () => {
    const input = archive(market(11));
    const folder = await dataset('bybit-ob500', [input]);
    const [head, ...all] = csv((await replayed([folder], {})).book_snapshot);
    for (const name of [A, B]) {
      const mine = all.filter((line) => line.startsWith(name));
      const alone = csv((await replayed([folder], { instruments: [name] })).book_snapshot);
      // its own last message ends it: what is stale after that in company is not there
      expect(mine.slice(0, alone.length - 1)).toEqual(alone.slice(1));
      expect(mine.length - alone.length + 1).toBeLessThanOrEqual(1);
    }
    expect(csv((await replayed([input], {})).book_snapshot)).toEqual([head, ...all]);
  });
});

describe('partitions', () => {
  it('batch borders inside messages, instruments and days change nothing', async () => {
    const next = random(5);
    // 1,000 rows of A put B off the borders of record batches; B has about 160,000 rows over two days
    const hand = (rows: number, gap: number): HandMessage[] => {
      const messages: HandMessage[] = [];
      for (let i = 0, n = 0; n < rows; i++) {
        const levels = Array.from({ length: 1 + (i % 13) }, (_, k) => {
          const side = next() < 0.5 ? 1 : -1;
          // no level twice in a message
          return [side, 2000 - side * (1 + integerIn(next, 0, 9) + 10 * k), integerIn(next, 0, 5)] as const;
        });
        n += levels.length;
        messages.push({
          ts: (T0 + 80_000_000 + i * gap) * 1000,
          seq: i + 1,
          ...(i === 0 ? { snapshot: true } : {}),
          levels,
        });
      }
      return messages;
    };
    const books = { AUSDT: hand(1000, 500), BUSDT: hand(160_000, 500) };
    const messages = Object.entries(books).flatMap(([symbol, list]) =>
      list.map(({ ts, seq, snapshot, levels }): Message => {
        const side = (sign: number) =>
          levels.filter(([s]) => s === sign).map(([, tick, lots]) => [String(tick), String(lots)] as const);
        return {
          ms: ts / 1000 - T0,
          symbol,
          u: seq!,
          bids: side(1),
          asks: side(-1),
          ...(snapshot ? { snapshot } : {}),
        };
      }),
    );
    const folder = await dataset('bybit-ob500', [archive(messages)]);
    const result = await replayBooks([folder], { params: { levels: 5, at: '1s' } });
    const end = Math.max(...Object.values(books).map((list) => list.at(-1)!.ts));
    Object.values(books).forEach((list, i) => {
      const direct = replayBook(columnsOf(list), { rule: 'bybit', levels: 5, every: 1_000_000 }, end);
      expect(statesText(result.instruments[i]!.states, 5)).toEqual(statesText(direct.states, 5));
      expect(result.instruments[i]!.coverage).toEqual(direct.coverage);
    });
    expect(result.instruments[1]!.deltas).toBeGreaterThan(131_072);
    expect(end).toBeGreaterThan((T0 + 86_400_000) * 1000);
  });

  it('days of other storage units meet in a common one', async () => {
    const day = 86_400_000;
    const folder = await dataset('bybit-ob500', [archive([start(day - 10, 'AUSDT', 1)])]);
    await dataset('bybit-ob500', [archive([bid(day + 10, 'AUSDT', 2, '9.625', '0.5')])], folder);
    const books = await replayBooks([folder], { params: { levels: 2 } });
    expect(csv(replayTables(books).book_snapshot).at(-1)).toMatch(/,2,ok,9.625,0.5,10,2.25,9.5,1,,$/);
    const exact = replayTables(books, { exact: true }).book_snapshot;
    expect(records(exact).at(-1)).toMatchObject({
      bid_tick_1: '9625',
      bid_tick_2: '9500',
      ask_lots_1: '225',
    });
    expect(JSON.parse(exact.metadata['steelyard.units']!)).toEqual([
      { instrument: A, price: '0.001', size: '0.01' },
    ]);
  });

  it('common units by hand', () => {
    expect(
      commonUnit(
        [
          { coef: 25, scale: 2 },
          { coef: 1, scale: 1 },
        ],
        'unit',
      ),
    ).toEqual({
      unit: { coef: 5, scale: 2 },
      factors: [5, 2],
    });
    expect(commonUnit([{ coef: 3, scale: 0 }], 'unit')).toEqual({
      unit: { coef: 3, scale: 0 },
      factors: [1],
    });
    expect(() =>
      commonUnit(
        [
          { coef: 1, scale: 0 },
          { coef: 1, scale: 22 },
        ],
        'unit',
      ),
    ).toThrow(/^unit 1e\+22 must stay below 2\^53/);
  });
});

describe('what cannot be replayed is one line', () => {
  it('inputs', async () => {
    const books = archive([start(0, 'AUSDT', 1)]);
    const folder = await dataset('bybit-ob500', [books]);
    const trades = write('trades.csv', 'ts,price,size\n1700000000000,1,1\n');
    const tradesOnly = path('trades-only');
    await importDataset({
      ...{ folder: tradesOnly, sources: await importSources([trades], ['trades.csv']) },
      format: tableFormat({ format: 'csv', instrument: 'X' } as never),
    });
    mkdirSync(path('no-books'));
    const failing: [string[], ReplayBooksOptions, RegExp][] = [
      [[trades], {}, /^input trades\.csv is of no format of book changes that is known by its content/],
      [
        [trades],
        { from: 'binance-trades' },
        /^format binance-trades has no book changes; those that have: binance-depth/,
      ],
      [[trades], { from: 'bybit' }, /^import format bybit is unknown/],
      [[books], { from: 'binance-websocket' }, /ob500\.data/],
      [
        [write('no.data', 'x\ny\n')],
        { from: 'bybit-ob500' },
        /^input no\.data holds no book changes that can be used; left out: 2 bad_row$/,
      ],
      [[tradesOnly], {}, /holds no book_delta; it holds trades$/],
      [[folder, books], {}, /is a dataset and must be the only input$/],
      [[folder], { from: 'bybit-ob500' }, /is a dataset: a format, bybit-ob500, is for native files$/],
      [[folder], { instruments: ['X'] }, /^instrument X is not in the input; it has bybit-linear:AUSDT$/],
      [[folder], { until: T0 * 1000 }, /holds no book changes of these instruments and times$/],
      [[folder], { fromTime: 2, until: 2 }, /^replay until 2 must lie after 2/],
      [[folder], { workers: -1 }, /^replay workers -1 must be a whole number from 0$/],
      [[folder], { params: { levels: 0 } }, /^replay levels 0 must be at least 1$/],
    ];
    for (const [inputs, options, message] of failing)
      await expect(replayBooks(inputs, options)).rejects.toMatchObject({
        name: 'InputError',
        message: expect.stringMatching(message),
      });
  });

  it('stops when told to', async () => {
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    const input = archive([start(0, 'AUSDT', 1)]);
    await expect(replayBooks([input], { signal: stop.signal })).rejects.toThrow('enough');
  });
});
