import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { socialMentions } from '../../src/ingest/social-mentions.js';
import { readWith } from './import-support.js';
import { dataLine, haveData, realData, scratch } from './support.js';

const files = scratch();
const TITLE = 'Daily Crypto Discussion - August 1, 2025 (GMT+0)';
const DAY = 1754006400e6;
const BASE = { thread_title: TITLE, generated_at_utc: '2025-08-12T17:55:08.680436Z' };
const read = (content: unknown, name = 'data-2025-08-01.json') =>
  readWith(socialMentions, [
    files.write(name, typeof content === 'string' ? content : JSON.stringify(content)),
  ]);

describe('social-mentions', () => {
  it.skipIf(!haveData)(`${dataLine}: 218 days`, async () => {
    const names = readdirSync(realData('social')).filter((name) => socialMentions.files.test(name));
    expect(names).toHaveLength(218);
    const { rows, skipped, instruments } = await readWith(
      socialMentions,
      names.map((name) => realData(`social/${name}`)),
    );
    expect([rows.length, skipped, instruments.length]).toEqual([3586, 0, 169]);
    expect(rows.filter(({ reject }) => reject !== undefined)).toEqual([]);
    expect(rows.reduce((sum, { cells }) => sum + Number(cells.mentions), 0)).toBe(29809);
    // days without a file have no rows: 218 of the 220 days from 2025-08-01 to 2026-03-08
    const days = new Set(rows.map(({ cells }) => Number(cells.ts)));
    expect([days.size, Math.min(...days), Math.max(...days)]).toEqual([218, DAY, 1772928000e6]);
    // every row says its day's total
    const totals = new Map<number, number>();
    for (const { cells } of rows)
      totals.set(Number(cells.ts), (totals.get(Number(cells.ts)) ?? 0) + Number(cells.mentions));
    expect(rows.filter(({ cells }) => cells.total_mentions !== totals.get(Number(cells.ts)))).toEqual([]);
    expect(rows[0]).toMatchObject({ kind: 'social', symbol: 'BTC', record: 0 });
    expect(rows[0]!.cells).toEqual({
      ts: DAY,
      interval: 86400e6,
      ingest_ts: 1755021308680436,
      mentions: 110,
      total_mentions: totals.get(DAY),
    });
  });

  it('either form of counts stands alone', async () => {
    const results = { BTC: 3, 'A/../B': 0 };
    const list = [
      { symbol: 'BTC', count: 3 },
      { symbol: 'A/../B', count: 0 },
    ];
    for (const parts of [
      { results },
      { results_list: list },
      { results, results_list: list },
      { results, results_list: null },
    ]) {
      const { rows } = await read({ ...BASE, ...parts });
      expect(
        rows.map(({ symbol, reject, cells }) => [symbol, reject, cells.mentions, cells.total_mentions]),
      ).toEqual([
        ['BTC', undefined, 3, 3],
        ['A/../B', undefined, 0, 3],
      ]);
    }
  });

  it('bad counts change only the ledger', async () => {
    const cases: [string, string | undefined][] = [
      ['{"A": 1e2}', undefined],
      ['{"A": -0}', undefined],
      ['{"__proto__": 4}', undefined],
      ['{"A": -1}', 'bad_value'],
      ['{"A": 1.5}', 'bad_value'],
      ['{"A": 9007199254740992}', 'bad_value'],
      ['{"A": 1e999}', 'bad_value'],
      ['{"A": "7"}', 'bad_value'],
      ['{"A": null}', 'bad_value'],
      ['{"A": true}', 'bad_value'],
      ['{"A": {"A": 1}}', 'bad_value'],
      [`{"A": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'bad_value'],
      ['{"": 5}', 'bad_instrument'],
      ['{"A": 1, "A": 1}', 'conflict'],
    ];
    for (const [json, reject] of cases) {
      const results = `{"BTC": 2, ${json.slice(1)}`;
      const { rows } = await read(`{"results": ${results}, ${JSON.stringify(BASE).slice(1)}`);
      expect([json.slice(0, 40), rows[1]!.reject]).toEqual([json.slice(0, 40), reject]);
      expect(rows).toHaveLength(2);
      const total = reject === undefined ? 2 + Number(rows[1]!.cells.mentions) : 2;
      expect(rows[0]).toMatchObject({ reject: undefined, cells: { mentions: 2, total_mentions: total } });
      expect(Object.is(rows[1]!.cells.mentions, -0)).toBe(false);
    }
  });

  it('a total beyond 2^53 is null', async () => {
    const { rows } = await read({ ...BASE, results: { A: Number.MAX_SAFE_INTEGER, B: 1 } });
    expect(rows.map(({ reject, cells }) => [reject, cells.total_mentions])).toEqual([
      [undefined, null],
      [undefined, null],
    ]);
  });

  it('object and list that contradict each other', async () => {
    const results_list = [
      { symbol: 'SAME', count: 1 },
      { symbol: 'OTHER', count: 3 },
      { symbol: 'LISTED', count: 4 },
      { symbol: 'TWICE', count: 5 },
      { symbol: 'TWICE', count: 5 },
      { symbol: 'BOTH', count: 6 },
      { symbol: 'BOTH', count: 7 },
      { symbol: 'TEXT', count: '8' },
      { symbol: 9, count: 9 },
      ['SAME', 1],
      { count: 1 },
    ];
    const results = { SAME: 1, OTHER: 2, MISSING: 3, TWICE: 5, BOTH: 6, TEXT: 8 };
    const { rows } = await read({ ...BASE, results, results_list });
    expect(rows.map(({ symbol, reject, cells }) => [symbol, reject, cells.mentions])).toEqual([
      ['SAME', undefined, 1],
      ['OTHER', 'conflict', 2],
      ['MISSING', 'conflict', 3],
      ['TWICE', undefined, 5],
      ['BOTH', 'conflict', 6],
      ['TEXT', 'conflict', 8],
      ['LISTED', 'conflict', 4],
      ['TWICE', 'duplicate', 5],
      ['BOTH', 'conflict', 7],
      [undefined, 'bad_row', 9],
      [undefined, 'bad_row', null],
      [undefined, 'bad_row', 1],
    ]);
    expect(rows[0]!.cells.total_mentions).toBe(6);
    expect(rows.map(({ record }) => record)).toEqual(rows.map((_, i) => i));
  });

  it('the day is that of the title, or of the file where it has none', async () => {
    const cases: [unknown, string, number | undefined][] = [
      [TITLE, 'data-2025-08-01.json', DAY],
      [TITLE, 'x.json', DAY],
      ['weekly thread', 'data-2025-08-01 (1).json', DAY],
      [{ text: TITLE }, 'data-2025-08-01.json', DAY],
      // two days, no day, a day that is none, a day of another zone
      [TITLE, 'data-2025-08-02.json', undefined],
      [undefined, 'x.json', undefined],
      ['February 30, 2025', 'x.json', undefined],
      ['August 1, 2025 (GMT-5)', 'x.json', undefined],
      // not yet begun when it was counted
      ['August 13, 2025', 'x.json', undefined],
    ];
    for (const [thread_title, name, day] of cases) {
      const { rows } = await read({ ...BASE, thread_title, results: { BTC: 1 } }, name);
      const got = rows.map(({ reject, cells }) => (reject === undefined ? cells.ts : reject));
      expect([thread_title, name, got]).toEqual([thread_title, name, [day ?? 'bad_time']]);
    }
    for (const generated_at_utc of [
      undefined,
      'soon',
      1755021308,
      '2025-07-31T23:59:59Z',
      `2025-08-12${' '.repeat(4e6)}x`,
    ]) {
      const { rows } = await read({ ...BASE, generated_at_utc, results: { BTC: 1 } });
      expect(rows.map(({ reject }) => reject)).toEqual(['bad_time']);
    }
  });

  it('a day without mentions is counted as skipped', async () => {
    const { rows, skipped } = await read({ ...BASE, results: {}, results_list: [] });
    expect([rows, skipped]).toEqual([[], 1]);
  });

  it('other documents are refused in one line', async () => {
    for (const [content, message] of [
      ['', /is empty/],
      ['BTC,5\n', /^data-2025-08-01\.json BTC,5 is no JSON document$/],
      ['{"results": {"BTC": 1}', /is no JSON document$/],
      ['null', /null must be a JSON object$/],
      ['[{"results": {"BTC": 1}}]', /must be a JSON object$/],
      ['{}', /holds neither results/],
      ['{"results": [1]}', /^data-2025-08-01\.json results object must be an object \{symbol: count\}$/],
      ['{"results": {}, "results_list": {"0": 1}}', /results_list object must be an array/],
      ['{"results": {"A": 1}, "results": {"B": 1}}', /^data-2025-08-01\.json key results must occur once$/],
    ] as const)
      await expect(read(content)).rejects.toThrow(message);
  });
});
