import { describe, expect, it } from 'vitest';
import { imbalanceRegression } from '../../src/analytics/imbalance-regression/index.js';
import { volumeImbalance } from '../../src/analytics/volume-imbalance/index.js';
import { CROSSED, EMPTY, GAP, LOCKED, OK, ONE_SIDED, STALE } from '../../src/core/book-states.js';
import { type OpenInputsOptions, openInputs } from '../../src/engine/open-inputs.js';
import { withBook } from '../../src/engine/panel-book.js';
import { replayBooks } from '../../src/engine/replay.js';
import { run } from '../../src/engine/run.js';
import { dataLine, haveData, realData } from '../ingest/support.js';
import { type BookRow, bookFrameOf } from '../support/book-frames.js';
import { framesOf, knownAt, marketRowsOf } from '../support/market-rows.js';
import { tileFrames } from '../support/needs.js';
import { type BarRow, panelFrameOf } from '../support/panel-frames.js';

const SECOND = 1_000_000;
const T0 = Date.UTC(2024, 0, 1) * 1000;
const nan = Number.NaN;

/** Bars of one second, known `late` µs after their end. */
const bars = (count: number, late = 0): BarRow[] =>
  Array.from({ length: count }, (_, i) => {
    const t = T0 + i * SECOND;
    return { t, o: 10_000, h: 10_000, l: 10_000, c: 10_000, buy: 1, a: t + SECOND + late };
  });

/** A book of one level a side within the band and one beyond, at a time in seconds. */
const quote = (t: number, bid: number, ask: number, more: Partial<BookRow> = {}): BookRow => ({
  ...{
    t: T0 + t * SECOND,
    state: OK,
    bids: [
      [bid, 2],
      [bid - 500, 70],
    ],
    asks: [
      [ask, 3],
      [ask + 500, 70],
    ],
  },
  ...more,
});

function looked(
  panel: readonly BarRow[],
  book: readonly BookRow[],
  request: Partial<Parameters<typeof withBook>[2]> = {},
): { spread: number[]; depth: number[] } {
  const { columns } = withBook(panelFrameOf([panel], SECOND), bookFrameOf([book]), {
    levels: 10,
    ...request,
  });
  return { spread: [...(columns.spread as Float64Array)], depth: [...(columns.depth as Float64Array)] };
}

describe('the book a bar knows', () => {
  // bps of a mid of 10,000: two ticks are two
  it('is the last state available by then, the moment included', () => {
    const book = [quote(0.5, 9_999, 10_001), quote(2, 9_998, 10_002), quote(2.000001, 9_997, 10_003)];
    expect(looked(bars(4), book).spread).toEqual([2, 4, 6, 6]);
    // a late bar knows more
    expect(looked(bars(2, 1), book).spread).toEqual([2, 6]);
  });

  it('a state received late counts from then on, unless a later one is known by then', () => {
    const late = quote(0.5, 9_999, 10_001, { a: T0 + 2.5 * SECOND });
    expect(looked(bars(4), [late]).spread).toEqual([nan, nan, 2, 2]);
    expect(looked(bars(4), [late, quote(1.5, 9_998, 10_002)]).spread).toEqual([nan, 4, 4, 4]);
  });

  it('is forgotten beyond the age, five seconds unless asked otherwise', () => {
    expect(looked(bars(7), [quote(1, 9_999, 10_001)]).spread).toEqual([2, 2, 2, 2, 2, 2, nan]);
    expect(looked(bars(3), [quote(1, 9_999, 10_001)], { maxAge: SECOND }).spread).toEqual([2, 2, nan]);
  });

  it.each([
    ['crossed', CROSSED],
    ['one-sided', ONE_SIDED],
    ['empty', EMPTY],
    ['stale', STALE],
    ['gap', GAP],
  ])('shows nothing while it is %s, and what was before is not carried on', (_, state) => {
    const book = [quote(0.5, 9_999, 10_001), quote(1.5, 10_001, 9_999, { state }), quote(2.5, 9_998, 10_002)];
    expect(looked(bars(3), book)).toEqual({ spread: [2, nan, 4], depth: [5, nan, 5] });
  });

  it('locked has a spread of 0', () => {
    expect(looked(bars(1), [quote(0, 10_000, 10_000, { state: LOCKED })])).toEqual({
      spread: [0],
      depth: [5],
    });
  });

  it('a mid of 0 or below has no share', () => {
    expect(looked(bars(2), [quote(0, -1, 1), quote(1.5, -3, 1)])).toEqual({
      spread: [nan, nan],
      depth: [nan, nan],
    });
  });
});

describe('depth', () => {
  it('is that within 10 bps of the mid, boundary included (M30)', () => {
    // mid 10,000 and 10,000.5: ten ticks, and less than ten and a half
    const bids = [
      [9_999, 1],
      [9_990, 20],
      [9_989, 300],
    ] as const;
    const book = [
      quote(0, 0, 0, {
        bids,
        asks: [
          [10_001, 4_000],
          [10_010, 50_000],
          [10_011, 600_000],
        ],
      }),
      quote(1.5, 0, 0, {
        bids,
        asks: [
          [10_002, 4_000],
          [10_010, 50_000],
          [10_011, 600_000],
        ],
      }),
    ];
    expect(looked(bars(2), book).depth).toEqual([54_021, 54_001]);
  });

  it('is unknown where the levels end before the band does', () => {
    const side = (best: number, step: number) => [0, 1, 2].map((l) => [best + l * step, 1] as const);
    const book = [quote(0, 0, 0, { bids: side(9_999, -1), asks: side(10_001, 1) })];
    const deeper = [
      ...book,
      quote(1.5, 0, 0, { bids: side(9_999, -1), asks: [...side(10_001, 1), [10_020, 1]] }),
    ];
    // three levels are all that the frame holds, or all that is looked at; of four, the fourth would show that there is no more
    expect(looked(bars(1), book)).toEqual({ spread: [2], depth: [nan] });
    expect(looked(bars(2), deeper).depth).toEqual([6, 6]);
    expect(looked(bars(2), deeper, { levels: 3 }).depth).toEqual([nan, nan]);
    expect(looked(bars(1), [quote(0, 9_980, 10_020)], { levels: 1 })).toEqual({ spread: [40], depth: [0] });
  });
});

describe('a panel with a book', () => {
  it('keeps instruments apart, one without a book being null', () => {
    const panel = panelFrameOf([bars(2), bars(1), bars(2)], SECOND);
    const book = bookFrameOf([[quote(0, 9_999, 10_001)], [], [quote(1.5, 9_998, 10_002)]]);
    const { columns } = withBook(panel, book, { levels: 10 });
    expect([...(columns.spread as Float64Array)]).toEqual([2, 2, nan, nan, 4]);
  });

  it('has the columns of the panel as they were, and without a book no others', async () => {
    const rows = marketRowsOf(imbalanceRegression, { every: '1m' });
    const { book, ...alone } = framesOf(rows);
    const plain = (await tileFrames(imbalanceRegression, alone, { every: '1m' })).panel!;
    const { columns } = (await tileFrames(imbalanceRegression, { ...alone, book: book! }, { every: '1m' }))
      .panel!;
    const { spread, depth, ...rest } = columns;
    expect(rest).toEqual(plain.columns);
    expect((spread as Float64Array).some((bps) => bps > 0)).toBe(true);
    expect((depth as Float64Array).some((lots) => lots > 0)).toBe(true);
  });

  it('no bar knows a state that came after it', async () => {
    const params = { every: '1m', bookAge: '1h' };
    const rows = marketRowsOf(imbalanceRegression, params, { received: true, micros: true });
    const { trades, book } = framesOf(rows);
    const full = (await tileFrames(imbalanceRegression, { trades: trades!, book: book! }, params)).panel!;
    const cells = (name: string, of = full) => of.columns[name] as Float64Array;
    const compared = { spread: 0, depth: 0 };
    for (const share of [0.3, 0.7]) {
      const until = cells('available_at').toSorted()[Math.floor(full.rows * share)]!;
      const known = (rows.book ?? []).map((list) => list.filter((row) => knownAt(row) <= until));
      const before = { trades: trades!, book: bookFrameOf(known) };
      const part = (await tileFrames(imbalanceRegression, before, params)).panel!;
      for (let i = 0; i < full.rows; i++) {
        if (cells('available_at')[i]! > until) continue;
        for (const name of ['spread', 'depth'] as const) {
          expect(cells(name, part)[i]).toBe(cells(name)[i]);
          if (cells(name)[i]! >= 0) compared[name]++;
        }
      }
    }
    expect(compared.spread).toBeGreaterThan(500);
    expect(compared.depth).toBeGreaterThan(200);
  });

  it('is another result, by thin depth alone', async () => {
    const params = { every: '1m', regimeBars: 5, minRows: 3, bookAge: '1h', depthLevels: 8 } as const;
    const inputs = framesOf(marketRowsOf(imbalanceRegression, params));
    const { book: _, ...alone } = inputs;
    const rowsOf = async (of: typeof inputs) => {
      const { table } = (await run(imbalanceRegression, of, params, { backend: 'cpu' })).tables.regressions!;
      return Array.from({ length: table.rows }, (_, i) =>
        Object.entries(table.columns)
          .filter(([name]) => !name.startsWith('c_q') && !name.startsWith('q'))
          .map(([, values]) => (values as Float64Array)[i]!),
      );
    };
    const [withDepth, without] = [await rowsOf(inputs), await rowsOf(alone)];
    expect(withDepth.filter(([, , regime]) => regime !== 4)).toEqual(without);
    const thin = withDepth.filter(([, , regime, , inside]) => regime === 4 && inside! > 20);
    expect(thin.length).toBeGreaterThan(0);
  });
});

describe.skipIf(!haveData)(`the book of a capture beside its trades, ${dataLine}`, () => {
  const capture = realData('binance-capture/usdm_ethusdt_20240808.gz');
  const open = (params: Readonly<Record<string, unknown>>, more: OpenInputsOptions = {}) =>
    openInputs(imbalanceRegression, [capture], params, more);

  it('bars show what plain loops over every message find', async () => {
    const params = { every: '1s' };
    const { inputs } = await open(params, { book: [capture], match: 'symbol' });
    const { rows, columns } = (await tileFrames(imbalanceRegression, inputs, params)).panel!;
    const books = await replayBooks([capture], { params: { levels: 1000, crossed: 'keep' } });
    const { columns: at, state, rows: states } = books.instruments[0]!.states;
    const near = (side: string, row: number, mid: number): number => {
      let sum = 0;
      for (let l = 1; l <= 1000; l++) {
        const tick = at[`${side}_tick_${l}`]![row]!;
        if (Math.abs(tick - mid) <= mid / 1000) sum += at[`${side}_lots_${l}`]![row]!;
      }
      return sum;
    };
    let shown = 0;
    for (let i = 0; i < rows; i++) {
      // books are opened as they were at whole seconds
      const seen = Math.floor((columns.available_at as Float64Array)[i]! / SECOND) * SECOND;
      let row = -1;
      while (row + 1 < states && at.recv_ts![row + 1]! <= seen) row++;
      const [bid, ask] = row < 0 ? [nan, nan] : [at.bid_tick_1![row]!, at.ask_tick_1![row]!];
      const usable = row >= 0 && state[row] === OK;
      const mid = (bid + ask) / 2;
      expect((columns.spread as Float64Array)[i]).toBeCloseTo(usable ? ((ask - bid) / mid) * 1e4 : nan, 10);
      const want = usable ? near('bid', row, mid) + near('ask', row, mid) : nan;
      expect((columns.depth as Float64Array)[i]).toBe(want);
      if (usable) shown++;
    }
    expect([rows, shown]).toEqual([345, 345]);
  });

  it('opens it only where it is named, and refuses it where nothing reads it', async () => {
    expect(Object.keys((await open({ every: '1s' })).inputs)).toEqual(['trades']);
    await expect(openInputs(volumeImbalance, [capture], {}, { book: [capture] })).rejects.toThrow(
      'must not be given: volume-imbalance reads none',
    );
    await expect(open({ every: '1s' }, { book: [capture] })).rejects.toThrow(
      'instruments of book binance-usdm:ETHUSDT must match some of ETHUSDT: choose how by --match',
    );
  });
});
