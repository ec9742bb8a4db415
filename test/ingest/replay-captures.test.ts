import { describe, expect, it } from 'vitest';
import { SIDE_BUY, SIDE_SELL } from '../../src/core/columns.js';
import { importSources } from '../../src/dataset/source-files.js';
import { binanceWebsocket } from '../../src/ingest/binance-websocket.js';
import { BookReplay, replayBook, type SequenceRule } from '../../src/ingest/replay/index.js';
import {
  type CaptureRows,
  columnsOf,
  cut,
  filtered,
  type HandMessage,
  readCapture,
  statesText,
  stateText,
  units,
} from './replay-support.js';
import { dataLine, haveData, realData } from './support.js';

const capture = (...names: string[]): string[] => names.map((name) => realData(`binance-capture/${name}.gz`));

/**
 * What bookTicker says at a diff that ends at id u: the last ticker of an id ≤ u is the best bid and ask then, since every
 * change of them sends one. Comparable is every diff that ends at or after the snapshot's id (a diff that ends
 * exactly there is in the snapshot), if a ticker came before. The rebuilt book at u is the last state of an id ≤ u.
 */
function compare({ deltas, tickers }: CaptureRows, rule: SequenceRule) {
  const { states, ...summary } = replayBook(deltas, { rule, levels: 1 });
  const snapshotRow = deltas.flags!.findIndex((flags) => flags !== 0);
  const from = snapshotRow === -1 ? Number.POSITIVE_INFINITY : (deltas.seq![snapshotRow] as number);
  const ends = new Set<number>();
  for (let i = 0; i < deltas.rows; i++) if (deltas.flags![i] === 0) ends.add(deltas.seq![i] as number);
  const diffs = [...ends].filter((u) => u >= from).sort((a, b) => a - b);
  const books = Array.from({ length: states.rows }, (_, i) => i).filter((i) => states.columns.seq![i]! > 0);
  let book = -1;
  let ticker = -1;
  let compared = 0;
  let equal = 0;
  for (const u of diffs) {
    while (books[book + 1] !== undefined && states.columns.seq![books[book + 1]!]! <= u) book++;
    while (tickers[ticker + 1] !== undefined && tickers[ticker + 1]!.seq <= u) ticker++;
    if (ticker < 0 || book < 0) continue;
    compared++;
    const [, bid, ask] = stateText(states, books[book]!, 1).split(' | ');
    if (`${bid} | ${ask}` === tickers[ticker]!.text) equal++;
  }
  const ids = tickers.map(({ seq }) => seq);
  expect(ids.every((id, i) => i === 0 || id >= ids[i - 1]!)).toBe(true);
  return { compared, equal, ...summary, states };
}

const tradeGaps = ({ trades }: CaptureRows): number =>
  trades.filter(({ seq }, i) => i > 0 && seq !== trades[i - 1]!.seq + 1).length;

describe.skipIf(!haveData)(`book replay, ${dataLine}`, () => {
  it('USD-M: the best bid and ask equal bookTicker at 6,581 of 6,581 diffs', async () => {
    const read = await readCapture(binanceWebsocket, capture('usdm_ethusdt_20240808'), 2, 3);
    expect(read).toMatchObject({ skipped: 0, rejected: 0 });
    const { compared, equal, coverage, gaps, messages, counts } = compare(read, 'binance-futures');
    expect({ compared, equal }).toEqual({ compared: 6581, equal: 6581 });
    // 6,586 diffs and the snapshot; the only gap is the wait for it: 0 sequence breaks
    expect(messages).toBe(6587);
    expect(counts.unused).toBe(0);
    expect(gaps).toHaveLength(1);
    expect(gaps[0]).toMatchObject({ reason: 'gap', afterSeq: Number.NaN, firstRow: 0 });
    expect(new Set(coverage.slice(1).map(({ state }) => state))).toEqual(new Set(['ok']));
    expect(tradeGaps(read)).toBe(0);
    expect(read.trades).toHaveLength(14076);
    const volume = (side: number): number =>
      read.trades.filter((trade) => trade.side === side).reduce((sum, { size }) => sum + units(size, 3), 0);
    expect([volume(SIDE_BUY), volume(SIDE_SELL)]).toEqual([4960564, 4204384]);
  });

  it('COIN-M: 22,887 of 22,887', async () => {
    const read = await readCapture(binanceWebsocket, capture('coinm_ethusd_perp_20240808'), 2, 0);
    const { compared, equal, gaps, messages, counts } = compare(read, 'binance-futures');
    expect({ compared, equal }).toEqual({ compared: 22887, equal: 22887 });
    expect({ messages, unused: counts.unused, gaps: gaps.length }).toEqual({
      messages: 22910,
      unused: 0,
      gaps: 1,
    });
    expect(tradeGaps(read)).toBe(0);
    expect(read.trades).toHaveLength(1732);
  });

  it('spot: 3,433 of 3,433; the next capture has no snapshot, but goes on where this one ends', async () => {
    const first = await readCapture(binanceWebsocket, capture('spot_ethusdt_20240808'), 8, 8);
    const { compared, equal, counts, messages } = compare(first, 'binance-spot');
    expect({ compared, equal }).toEqual({ compared: 3433, equal: 3433 });
    expect({ messages, unused: counts.unused }).toEqual({ messages: 3435, unused: 0 });
    expect(tradeGaps(first)).toBe(0);

    const second = await readCapture(binanceWebsocket, capture('spot_ethusdt_20240809'), 8, 8);
    const alone = compare(second, 'binance-spot');
    expect(alone).toMatchObject({
      compared: 0,
      messages: 3036,
      counts: { applied: 0, old: 0, unused: 3036 },
    });
    expect(alone.gaps).toHaveLength(1);
    expect(alone.gaps[0]).toMatchObject({ events: 3036, firstRow: 0, lastRow: second.deltas.rows - 1 });
    // one row says that there is no book, and none follows
    expect(statesText(alone.states, 1)).toEqual([`${second.deltas.ts[0]} gap -`]);

    const both = await readCapture(
      binanceWebsocket,
      capture('spot_ethusdt_20240808', 'spot_ethusdt_20240809'),
      8,
      8,
    );
    const joined = compare(both, 'binance-spot');
    expect(joined).toMatchObject({ compared: 3433 + 3036, equal: 3433 + 3036, counts: { unused: 0 } });
  });

  it('bybit: 50 messages in sequence, 500 + 500 levels after each, 4.8 s', async () => {
    const [source] = await importSources([realData('bybit/xrpusdt-ob500.data.zip')], ['ob500']);
    const messages: HandMessage[] = [];
    for await (const { lines } of source!.file.lines())
      for (const line of lines) {
        const { type, ts, data } = JSON.parse(line);
        const side = (sign: number, levels: [string, string][]) =>
          levels.map(([price, size]) => [sign, units(price, 4), units(size, 0)] as const);
        messages.push({
          ...{ ts: ts * 1000, seq: data.u, snapshot: type === 'snapshot' },
          levels: [...side(1, data.b), ...side(-1, data.a)],
        });
      }
    const { states, coverage } = replayBook(columnsOf(messages), { rule: 'bybit', levels: 501 });
    expect(coverage).toMatchObject([{ state: 'ok', events: 50, microseconds: 4_799_000 }]);
    for (let i = 0; i < 50; i++)
      for (const side of ['bid', 'ask']) {
        expect(states.columns[`${side}_tick_500`]![i]).toBeGreaterThan(0);
        expect(states.columns[`${side}_tick_501`]![i]).toBeNaN();
      }
    // best levels by plain dictionaries in another language
    expect(stateText(states, 0, 1)).toBe('ok 20254869 | 19531x6203 | 19532x10480');
    expect(stateText(states, 49, 1)).toBe('ok 20254918 | 19537x10605 | 19538x6702');
    // without the 20th message everything after it is a gap
    const holed = replayBook(columnsOf(messages.filter((_, i) => i !== 20)), { rule: 'bybit', levels: 1 });
    expect(holed.coverage.map(({ state, events }) => [state, events])).toEqual([
      ['ok', 20],
      ['gap', 29],
    ]);
  });

  it('any cut of the input gives the same states, and a prefix is the prefix', async () => {
    const { deltas } = await readCapture(binanceWebsocket, capture('spot_ethusdt_20240808'), 8, 8);
    for (const every of [0, 100_000]) {
      const options = { rule: 'binance-spot', levels: 3, every } as const;
      const whole = statesText(replayBook(deltas, options).states, 3);
      expect(whole.length).toBeGreaterThan(3000);
      const parts: string[] = [];
      const replay = new BookReplay(options, (rows) => parts.push(...statesText(rows, 3)));
      for (let from = 0, size = 1; from < deltas.rows; from += size, size = (size * 7 + 3) % 1009)
        replay.push(cut(deltas, from, Math.min(from + size, deltas.rows)));
      replay.finish();
      expect(parts).toEqual(whole);
      const at = (i: number): number => Math.max(deltas.ts[i] as number, deltas.recv_ts![i] as number);
      const known = (text: string): number => Number(text.split(' ')[0]);
      for (const row of [5, 2500, 15_000, deltas.rows - 2]) {
        const end = at(row);
        const prefix = filtered(deltas, (i) => at(i) <= end);
        expect(statesText(replayBook(prefix, options, end).states, 3)).toEqual(
          whole.filter((text) => known(text) <= end),
        );
      }
    }
  });
});
