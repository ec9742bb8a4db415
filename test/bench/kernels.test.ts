import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { builtCli } from '../cli/support.js';
import { gpuAvailable } from '../support/gpu.js';

const out = mkdtempSync(join(tmpdir(), 'steelyard-kernels-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));
/** The bench is plain JavaScript on the build. */
const load = (name: string) => import(new URL(name, import.meta.url).href);

interface Contestant {
  readonly who: string;
  readonly times: readonly number[];
}
interface Section {
  readonly checked: readonly { readonly rows: number }[];
  readonly rows: readonly Contestant[];
}
type Tables = Readonly<Record<string, string>>;

describe.each(['lag', 'footprint', 'ofi', 'indicators', 'sweep'])('npm run bench, %s', (name) => {
  it('checks every peer against ours, then reports all', () => {
    builtCli();
    const script = fileURLToPath(new URL('kernels/run-workload.mjs', import.meta.url));
    const small = [name, '--scale', '0.002', '--runs', '1', '--out', out];
    const child = spawnSync(process.execPath, ['--expose-gc', script, ...small], {
      encoding: 'utf8',
      timeout: 170_000,
    });
    expect(child.status, child.stderr).toBe(0);
    const result = JSON.parse(readFileSync(join(out, `bench-${name}.json`), 'utf8'));
    expect(result.bandwidth).toBeGreaterThan(1e8);
    const polars = result.machine.polars !== 'not there';
    for (const [n, { rows, checked }] of (result.sections as Section[]).entries()) {
      const of = (who: string) => rows.filter((row) => row.who === who);
      expect(of('cpu')).toHaveLength(1);
      expect(of('threads')).toHaveLength(1);
      expect(of('webgpu')).toHaveLength(gpuAvailable() && n === 0 ? 1 : 0);
      expect(of('polars')).toHaveLength(polars ? 2 : 0);
      for (const { times } of rows) expect(times).toHaveLength(1);
      expect(checked.length).toBeGreaterThanOrEqual(of('duckdb').length + of('polars').length);
      for (const { rows: compared } of checked) expect(compared).toBeGreaterThan(0);
    }
    const duckdb = (result.sections as Section[]).flatMap(({ rows }) => rows.map(({ who }) => who));
    expect(duckdb.filter((who) => who === 'duckdb')).toHaveLength(2);
  });
});

describe('a kernel bench', () => {
  /** Runs a workload against DuckDB whose queries were changed in one place. */
  async function checkChanged(name: string, from: string, to: string) {
    const [{ WORKLOADS }, { openDuck }, { checkSection }, { registry, run }] = await Promise.all(
      ['kernels/workloads.mjs', 'kernels/duck.mjs', 'kernels/check-section.mjs', '../../dist/index.js'].map(
        load,
      ),
    );
    const duck = await openDuck();
    let changes = 0;
    const changed = (sql: string) => {
      if (sql.includes(from)) changes++;
      return sql.replaceAll(from, to);
    };
    const contestant = (form: string, tables: Tables) =>
      duck.contestant(form, Object.fromEntries(Object.entries(tables).map(([t, sql]) => [t, changed(sql)])));
    try {
      const workload = await WORKLOADS[name]({
        scale: 0.002,
        duck: { ...duck, contestant },
        polars: undefined,
      });
      const section = workload.sections.at(-1);
      const [analytic, params] = section.node;
      const result = await run(registry.get(analytic), workload.inputs, params, { backend: 'cpu' });
      expect(changes, from).toBeGreaterThan(0);
      await checkSection(section, result);
    } finally {
      duck.close();
    }
  }

  it.each([
    ['lag', '- 3)', '- 2)', /pearson_error/],
    ['lag', 'lead(y, ', 'lag(y, ', /pearson/],
    ['footprint', ' AND below_sell > 0', '', /buy_flag/],
    ['footprint', 'HAVING count(*) >= 3', 'HAVING count(*) >= 2', /zones: \d+ rows/],
    ['ofi', 'ELSE bids3 - bids3_before', 'ELSE bids3_before - bids3', /ofi/],
    ['indicators', 'n >= 20', 'n >= 19', /cmf/],
    ['indicators', 'volume < v1', 'volume <= v1', /nvi/],
    ['sweep', '1 PRECEDING', 'CURRENT ROW', /total/],
  ] as const)('refuses %s with %s made %s', async (name, from, to, message) => {
    builtCli();
    await expect(checkChanged(name, from, to)).rejects.toThrow(message);
  });

  it('compares null with null alone, and each column by its own bound', async () => {
    builtCli();
    const { compareTables } = await load('kernels/compare.mjs');
    const table = (...values: number[]) => ({ rows: 9, columns: { v: Float64Array.from(values) } });
    const ours = table(1, Number.NaN, -100);
    expect(compareTables('t', ours, table(1, Number.NaN, -100), {})).toMatchObject({ rows: 3, columns: 1 });
    expect(() => compareTables('t', ours, table(1, 0, -100), {})).toThrow(/row 1 is 0, ours is NaN/);
    expect(() => compareTables('t', ours, table(Number.NaN, Number.NaN, -100), {})).toThrow(/row 0/);
    const near = table(1 + 1e-9, Number.NaN, -100);
    expect(() => compareTables('t', ours, near, {})).toThrow(/row 0/);
    expect(() => compareTables('t', ours, near, { relative: { v: 1e-10 } })).toThrow(/row 0/);
    compareTables('t', ours, near, { ofLargest: { v: 1e-10 } });
    expect(() => compareTables('t', ours, { ...ours, rows: 8 }, {})).toThrow(/8 rows, ours has 9/);
  });

  it('says what it cannot run', () => {
    const script = fileURLToPath(new URL('run.mjs', import.meta.url));
    const child = spawnSync(process.execPath, [script, '--only', 'bars,nothing'], { encoding: 'utf8' });
    expect(child.status).toBe(2);
    expect(child.stderr).toMatch(/--only bars,nothing .* bars,lag,footprint/);
  });
});
