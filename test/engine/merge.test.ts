import { describe, expect, it } from 'vitest';
import { valueArea } from '../../src/analytics/value-area/index.js';
import { volumeImbalance } from '../../src/analytics/volume-imbalance/index.js';
import { type AnyAnalytic, defineAnalytic, type OutputSpec, type Tile } from '../../src/core/analytic.js';
import { bigAt, exactColumn, isExact, setBig } from '../../src/core/exact.js';
import { compareResults } from '../../src/engine/compare.js';
import { mergeParts } from '../../src/engine/merge.js';
import { run } from '../../src/engine/run.js';
import { everyMerge } from '../support/every-merge.js';
import { frameOf, type TradeRow } from '../support/frames.js';
import { market, marketRows } from '../support/markets.js';

const MINUTE = 60_000_000;
const cpu = { backend: 'cpu' } as const;

describe('every merge class of exact columns', () => {
  const lists = marketRows({ seed: 41, rows: 1500 });
  const frame = frameOf(lists);

  it('equals plain loops over the trades, at every level', async () => {
    const { tables } = await run(everyMerge, frame, { every: '1m,5m' }, cpu);
    for (const [name, width] of [
      ['cells-1m', MINUTE],
      ['cells-5m', 5 * MINUTE],
    ] as const) {
      const want = new Map<string, number[]>();
      lists.forEach((list, s) => {
        for (const row of list) {
          const key = [
            s,
            Math.floor(row.t / width) * width,
            row.side === 'B' ? 1 : row.side === 'S' ? 2 : 0,
          ].join();
          want.set(key, [...(want.get(key) ?? []), Number(row.lots)]);
        }
      });
      const { columns: c, rows } = tables[name]!.table;
      expect(rows).toBe(want.size);
      const at = (column: string, i: number): number => {
        const found = c[column]!;
        return isExact(found) ? Number(bigAt(found, i)) : found[i]!;
      };
      for (let i = 0; i < rows; i++) {
        const lots = want.get([at('instrument', i), at('time', i), at('side', i)].join())!;
        expect([at('sum', i), at('min', i), at('max', i), at('first', i), at('last', i), at('n', i)]).toEqual(
          [
            lots.reduce((a, b) => a + b, 0),
            Math.min(...lots),
            Math.max(...lots),
            lots[0],
            lots.at(-1),
            lots.length,
          ],
        );
      }
    }
  });

  it('does not depend on tiles', async () => {
    const want = await run(everyMerge, frame, { every: '1m,5m' }, cpu);
    for (const tileRows of [1, 13, 200])
      expect(
        compareResults(await run(everyMerge, frame, { every: '1m,5m' }, { ...cpu, tileRows }), want).worst,
      ).toBeUndefined();
  });
});

describe('mergeParts', () => {
  const spec = (columns: Record<string, string>): OutputSpec<never> =>
    ({
      grain: '',
      key: ['instrument'],
      columns: Object.fromEntries(Object.entries(columns).map(([n, merge]) => [n, { merge }])),
    }) as never;
  const part = (columns: Record<string, Float64Array | Uint32Array | ReturnType<typeof exactColumn>>) => ({
    table: { rows: 1, columns: { instrument: new Uint32Array(1), ...columns } },
    firstInstrument: 0,
  });

  it('lets a null give way to a value', () => {
    const shape = spec({ instrument: 'key', a: 'min', b: 'first', c: 'last', d: 'sum' });
    const one = (x: number) => Object.fromEntries(['a', 'b', 'c', 'd'].map((n) => [n, Float64Array.of(x)]));
    for (const [x, y] of [
      [Number.NaN, 2],
      [2, Number.NaN],
    ] as const) {
      const { columns } = mergeParts(shape, [part(one(x)), part(one(y))]);
      for (const n of ['a', 'b', 'c', 'd']) expect((columns[n] as Float64Array)[0], n).toBe(2);
    }
  });

  it('never wraps an integer sum', () => {
    const shape = spec({ instrument: 'key', n: 'sum' });
    expect(() =>
      mergeParts(shape, [part({ n: Uint32Array.of(4294967295) }), part({ n: Uint32Array.of(1) })]),
    ).toThrow('sum of n outgrows 32 bits');
  });

  it('compares extremes beyond 2^53 exactly', () => {
    const big = (value: bigint) => {
      const column = exactColumn(1);
      setBig(column, 0, value);
      return column;
    };
    const shape = spec({ instrument: 'key', n: 'max' });
    const { columns } = mergeParts(shape, [
      part({ n: big(2n ** 70n) }),
      part({ n: big(2n ** 70n + 1n) }),
      part({ n: big(5n) }),
    ]);
    expect(bigAt(columns.n as never, 0)).toBe(2n ** 70n + 1n);
  });

  it('names a column the backend forgot', () => {
    expect(() => mergeParts(spec({ instrument: 'key', n: 'sum' }), [part({}), part({})])).toThrow(
      'output column n is declared',
    );
  });
});

describe('whole cells', () => {
  it('of a table may be cut between instruments of equal time', async () => {
    const lists = Array.from({ length: 60 }, (_, s): TradeRow[] =>
      Array.from({ length: 10 }, (_, i) => ({ t: i * 1000, k: 10 * s + i, lots: 1 + i, side: 'B' })),
    );
    const want = await run(valueArea, frameOf(lists), { rowTicks: 1 }, cpu);
    const got = await run(valueArea, frameOf(lists), { rowTicks: 1 }, { ...cpu, tileRows: 25 });
    expect(got.timing.tiles).toBeGreaterThan(10);
    expect(compareResults(got, want).worst).toBeUndefined();
  });

  it('of trades are never cut inside an instrument', async () => {
    const { instrument, n } = everyMerge.outputs.cells!.columns;
    const counts = {
      grain: 'instrument',
      key: ['instrument'],
      columns: { instrument: instrument!, n: { ...n!, merge: 'whole' as const } },
    };
    const whole: AnyAnalytic = {
      ...everyMerge,
      outputs: { cells: counts },
      reference: (tile) => {
        const { offsets, instruments } = tile.inputs.trades!;
        const rows = Uint32Array.from(instruments, (_, s) => offsets[s + 1]! - offsets[s]!);
        return {
          outputs: {
            cells: {
              rows: rows.length,
              columns: { instrument: Uint32Array.from(rows, (_, s) => s), n: rows },
            },
          },
        };
      },
    };
    const frame = market({ seed: 5, instruments: 4, rows: 400 });
    const want = await run(whole, frame, {}, cpu);
    const got = await run(whole, frame, {}, { ...cpu, tileRows: 17 });
    expect(got.timing.tiles).toBeGreaterThan(1);
    expect(compareResults(got, want).worst).toBeUndefined();
  });
});

describe('scans and anchors', () => {
  const at = (text: string): number => Date.parse(text) * 1000;
  const frame = frameOf([
    [
      ['18:20', 5],
      ['18:40', 7],
      ['19:40', 1],
    ].map(
      ([time, lots]): TradeRow => ({
        t: at(`2024-01-01T${time}:00Z`),
        k: 1,
        lots: lots as number,
        side: 'B',
      }),
    ),
  ]);

  it('a wider bar that straddles the anchor shows the CVD of its last finest bar', async () => {
    const { tables } = await run(
      volumeImbalance,
      frame,
      { every: '10m,1h', anchor: 'day@Asia/Kolkata' },
      cpu,
    );
    const cvd = (name: string) => [
      ...(tables[name]!.table.columns.cvd as ReturnType<typeof exactColumn>).values,
    ];
    expect(cvd('bars-10m')).toEqual([5, 7, 8]);
    expect(cvd('bars-1h')).toEqual([7, 8]);
  });

  it('refuses an anchor inside the finest bar', async () => {
    await expect(
      run(volumeImbalance, frame, { every: '1h', anchor: 'day@Asia/Kolkata' }, cpu),
    ).rejects.toThrow('anchor day@Asia/Kolkata begins at 2024-01-01T18:30:00.000Z, inside a bar of 1h');
  });
});

describe('a need of an output with levels', () => {
  it('gets the finest', async () => {
    const needing = defineAnalytic({
      ...valueArea,
      name: 'counts-bars',
      params: {},
      needs: { bars: { analytic: volumeImbalance, output: 'bars', params: () => ({ every: '1m,5m' }) } },
      outputs: {
        counts: {
          grain: 'instrument',
          key: ['instrument'],
          columns: {
            instrument: everyMerge.outputs.cells!.columns.instrument!,
            n: everyMerge.outputs.cells!.columns.n!,
          },
        },
      },
      check: () => {},
      reference: (tile: Tile) => {
        const bars = tile.inputs.bars!;
        const n = Uint32Array.from(bars.instruments, (_, s) => bars.offsets[s + 1]! - bars.offsets[s]!);
        return {
          outputs: {
            counts: { rows: n.length, columns: { instrument: Uint32Array.from(n, (_, s) => s), n } },
          },
        };
      },
    } as never);
    const frame = market({ seed: 1 });
    const { tables } = await run(needing, frame, {}, cpu);
    const bars = await run(volumeImbalance, frame, { every: '1m' }, cpu);
    const sum = (tables.counts!.table.columns.n as Uint32Array).reduce((a, b) => a + b, 0);
    expect(sum).toBe(bars.tables.bars!.table.rows);
  });
});
