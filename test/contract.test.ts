import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { registry } from '../src/analytics/index.js';
import type { AnyAnalytic, OutputSpec } from '../src/core/analytic.js';
import type { Frame, Physical, Table } from '../src/core/columns.js';
import { DEFAULT_LIMITS, exceeds } from '../src/core/plan.js';
import { checkParams, flagName, type ParamSpec, printParams } from '../src/core/schema.js';
import { CarryStore } from '../src/engine/carry.js';
import { compareResults } from '../src/engine/compare.js';
import { type Inputs, type RunOptions, run } from '../src/engine/run.js';
import { tileOf } from '../src/engine/tiles.js';
import { lintShader } from '../src/gpu/compile.js';
import { caseName, casesOf, PARAMS } from './support/cases.js';
import { expectCells } from './support/cells.js';
import { goldenCases, goldenFile, goldenInputs, goldenPairs } from './support/golden.js';
import { countOf, framesOf, type MarketRows, marketOf, marketRowsOf } from './support/market-rows.js';
import { tileFrames } from './support/needs.js';
import { integerIn, random } from './support/random.js';

const root = new URL('../', import.meta.url);
const cpu = (
  analytic: AnyAnalytic,
  inputs: Inputs,
  params: Readonly<Record<string, unknown>>,
  options: RunOptions = {},
) => run(analytic, inputs, params, { backend: 'cpu', ...options });

for (const analytic of registry.values()) {
  const cases = casesOf(analytic.name);

  describe(`${analytic.name} is complete`, () => {
    it('has its folder, golden, test and shaders of one stem', () => {
      expect(existsSync(new URL(`src/analytics/${analytic.name}/index.ts`, root))).toBe(true);
      expect(existsSync(goldenFile(analytic.name))).toBe(true);
      expect(existsSync(new URL(`test/analytics/${analytic.name}.test.ts`, root))).toBe(true);
      for (const source of Object.values(analytic.kernel?.shaders ?? {}))
        expect('file' in source && fileURLToPath(source.file)).toMatch(
          new RegExp(`shaders/${analytic.name}(\\.[a-z_]+)?\\.wgsl$`),
        );
      expect(PARAMS[analytic.name]?.length ?? 0).toBeGreaterThan(0);
    });

    it('documents every parameter and column', () => {
      expect(analytic.summary.length).toBeGreaterThan(20);
      expect(analytic.doc.formula.length).toBeGreaterThan(20);
      for (const [name, p] of Object.entries(analytic.params as ParamSpec)) {
        expect(p.doc.length, name).toBeGreaterThan(10);
        expect(flagName(name)).toMatch(/^--[a-z-]+$/);
      }
      for (const [output, spec] of Object.entries(analytic.outputs)) {
        expect(spec.columns.available_at, `${output} must say when it is available`).toBeDefined();
        for (const [name, c] of Object.entries(spec.columns)) expect(c.doc.length, name).toBeGreaterThan(4);
      }
    });

    it('reads back the canonical text of its parameters', () => {
      for (const given of [{}, ...PARAMS[analytic.name]!]) {
        const checked = checkParams(analytic.name, analytic.params, given);
        const printed = printParams(analytic.params, checked);
        expect(checkParams(analytic.name, analytic.params, printed)).toEqual(checked);
      }
    });

    it('is found by a worker under its module and export name', async () => {
      expect((await import(analytic.module!))[analytic.exportName!]).toBe(analytic);
    });
  });

  describe(`${analytic.name} shaders`, () => {
    for (const [name, layout] of Object.entries(analytic.kernel?.layouts ?? {}))
      it(`${name}: struct Params is what the host packs`, () => {
        const source = analytic.kernel!.shaders[name]!;
        const text = 'text' in source ? source.text : readFileSync(source.file, 'utf8');
        const struct = /struct Params \{([^}]*)\}/.exec(text)![1]!.replace(/\/\/.*$/gm, '');
        const fields = [...struct.matchAll(/(\w+)\s*:\s*(\w+)/g)].map((m) => [m[1], m[2]]);
        expect(fields).toEqual(Object.entries(layout));
      });

    it.runIf(analytic.kernel)(
      'compile for every case on the null backend, within the default limits',
      async () => {
        for (const { params, market: options } of cases) {
          const plan = await planOf(analytic, marketOf(analytic, params, options), params);
          expect(exceeds(plan, DEFAULT_LIMITS)).toBeUndefined();
          for (const d of plan.dispatches)
            await lintShader(analytic.kernel!.shaders[d.shader]!, d.entry, d.constants);
        }
      },
    );
  });

  describe(`${analytic.name} golden`, () => {
    for (const golden of goldenCases(analytic.name))
      it(golden.note, async () => {
        const result = await cpu(analytic, goldenInputs(golden), golden.params);
        for (const { what, got, want } of goldenPairs(golden, result)) {
          expect(got.length, what).toBe(want.length);
          want.forEach((cell, i) => {
            const at = `${what}[${i}]`;
            if (typeof cell === 'number')
              expect(Math.abs((got[i] as number) - cell), at).toBeLessThanOrEqual(1e-14 * Math.abs(cell));
            else expect(got[i], at).toBe(cell);
          });
        }
      });
  });

  describe(`${analytic.name} invariants`, () => {
    it.each(cases.map((c) => [caseName(c), c] as const))(
      'cuts, tile sizes: %s',
      async (_, { params, market: options }) => {
        const inputs = marketOf(analytic, params, options);
        const want = await cpu(analytic, inputs, params);
        const rows = Math.max(...Object.values(inputs).map((frame) => frame.rows));
        const next = random(99);
        let tiles = 0;
        for (const tileRows of [3, 17, 300]) {
          const cuts = Array.from({ length: 5 }, () => integerIn(next, 1, rows - 1));
          const got = await cpu(analytic, inputs, params, { tileRows, cuts });
          tiles = Math.max(tiles, got.timing.tiles);
          expect(compareResults(got, want).worst).toBeUndefined();
        }
        if (analytic.cut !== 'never' && Object.values(inputs)[0]!.instruments.length > 1)
          expect(tiles).toBeGreaterThan(1);
      },
    );

    it.each(cases.slice(0, 4).map((c) => [caseName(c), c] as const))(
      'instrument permutation: %s',
      async (_, c) => {
        const rows = marketRowsOf(analytic, c.params, c.market);
        const count = countOf(rows);
        const forward = await cpu(analytic, framesOf(rows, c.market), c.params);
        const backward = await cpu(analytic, framesOf(reversed(rows), c.market), c.params);
        for (const [name, { spec, table }] of Object.entries(forward.tables)) {
          const other = backward.tables[name]!.table;
          expect(other.rows).toBe(table.rows);
          const places = rowsByKey(spec, other, (code) => code);
          const mine = [...rowsByKey(spec, table, (code) => count - 1 - code).keys()].map((key) =>
            places.get(key),
          );
          for (const [column, values] of Object.entries(table.columns)) {
            if (spec.columns[column]?.dtype === 'instrument') continue;
            const a = 'wide' in values ? values.values : values;
            const others = other.columns[column]!;
            const b = 'wide' in others ? others.values : others;
            expectCells(column, table.rows, (i) => [b[mine[i]!]!, a[i]!]);
          }
        }
      },
    );
  });
}

/** Row of each key, instruments renamed; those of a key with several are in no order. */
function rowsByKey(
  { key, columns }: OutputSpec<never>,
  table: Table,
  rename: (code: number) => number,
): Map<string, number> {
  const codes = key.filter((name) => columns[name]!.dtype === 'instrument');
  const rest = key.filter((name) => columns[name]!.dtype !== 'instrument');
  const cell = (name: string, i: number): number => (table.columns[name] as Physical)[i]!;
  const keyOf = (i: number): string =>
    [
      ...codes.map((name) => rename(cell(name, i))).sort((a, b) => a - b),
      ...rest.map((name) => cell(name, i)),
    ].join();
  return new Map(Array.from({ length: table.rows }, (_, i) => [keyOf(i), i]));
}

const reversed = (rows: MarketRows): MarketRows =>
  Object.fromEntries(Object.entries(rows).map(([kind, lists]) => [kind, [...lists].reverse()]));

/** The plan of the whole input as one tile; needs are run on the CPU first. */
async function planOf(analytic: AnyAnalytic, inputs: Inputs, params: Readonly<Record<string, unknown>>) {
  const frames: Record<string, Frame> = await tileFrames(analytic, inputs, params);
  const checked = checkParams(analytic.name, analytic.params, params);
  const driver = Object.keys(frames)[0]!;
  const tile = tileOf(frames, driver, 0, frames[driver]!.rows);
  const { instruments } = frames[driver]!;
  const carry = new CarryStore(analytic, checked, instruments.length).read(0, instruments.length);
  return analytic.kernel!.plan({ tile, params: checked, limits: DEFAULT_LIMITS, carry, workgroup: 64 });
}

describe('the shader folder', () => {
  it('holds no shader without an analytic', () => {
    const stems = readdirSync(new URL('shaders', root)).filter((f) => f.endsWith('.wgsl'));
    expect(stems.filter((f) => !registry.has(f.split('.')[0]!))).toEqual([]);
  });
});
