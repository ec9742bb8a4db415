import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { builtCli } from '../cli/support.js';
import { gpuAvailable } from '../support/gpu.js';

const out = mkdtempSync(join(tmpdir(), 'steelyard-bench-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));
/** The bench is plain JavaScript on the build. */
const load = (name: string) => import(new URL(name, import.meta.url).href);

describe('npm run bench', () => {
  it('checks DuckDB against ours, then reports every contestant', () => {
    builtCli();
    const script = fileURLToPath(new URL('bench.mjs', import.meta.url));
    const small = ['--trades', '20000', '--instruments', '300', '--runs', '2', '--out', out];
    const child = spawnSync(process.execPath, [script, ...small], { encoding: 'utf8', timeout: 170_000 });
    expect(child.status, child.stderr).toBe(0);
    expect(child.stdout).toMatch(/one CPU thread: [\d.]+ × the fastest DuckDB .*target 2 ×/);
    const result = JSON.parse(readFileSync(join(out, 'bench.json'), 'utf8'));
    expect(result.market.trades).toBe(20_000);
    const names = result['volume-imbalance 1m'].map((row: { who: string }) => row.who);
    expect(names).toEqual([
      ...['cpu', 'threads', ...(gpuAvailable() ? ['webgpu'] : [])],
      ...['decimals', 'duckdb', 'duckdb', 'duckdb', 'lean'],
    ]);
    expect(result.checked.map((c: { columns: number }) => c.columns)).toEqual([25, 25, 25, 6, 8]);
    for (const row of result['volume-imbalance 1m']) expect(row.times).toHaveLength(2);
  });

  it('checks the import against DuckDB, then reports it beside the drains', () => {
    builtCli();
    const script = fileURLToPath(new URL('import.mjs', import.meta.url));
    const small = ['--trades', '20000', '--instruments', '300', '--runs', '2', '--out', out];
    const child = spawnSync(process.execPath, [script, ...small], { encoding: 'utf8', timeout: 170_000 });
    expect(child.status, child.stderr).toBe(0);
    expect(child.stdout).toMatch(/checked and encoded: [\d.]+ × the faster drain, at most 1.5 ×/);
    const result = JSON.parse(readFileSync(join(out, 'bench-import.json'), 'utf8'));
    expect(result.checked).toEqual({ rows: 20_000, instruments: 300 });
    expect(result.rows.map((row: { who: string }) => row.who)).toEqual([
      'scan',
      'drain',
      'lean',
      'rows',
      'all',
    ]);
  });

  it('refuses a peer whose answer differs in one way', async () => {
    builtCli();
    const [{ checkPeer }, { openPeer }, { FULL }, { openTrades, presentResult, registry, run, writeMarket }] =
      await Promise.all(['./check.mjs', './peer.mjs', './sql.mjs', '../../dist/index.js'].map(load));
    const { path } = await writeMarket(out, { instruments: 5, trades: 3000 });
    const { frame } = await openTrades([path]);
    const result = await run(registry.get('volume-imbalance'), frame, { every: '1m' }, { backend: 'cpu' });
    const { bars } = presentResult(result);
    const peer = await openPeer(frame);
    const sql: string = FULL['CASE, integers'];
    const wrong: readonly [from: string, to: string, column: RegExp][] = [
      ['side = 1 ', 'side = -1 ', /buy_volume/],
      ['max(tick) AS high', 'min(tick) AS high', /high/],
      ["INTERVAL '1 minute', ts", "INTERVAL '2 minutes', ts", /rows/],
      ['moment * tick * lot AS', 'moment * tick AS', /notional/],
      ['PARTITION BY symbol ORDER', 'ORDER', /cvd/],
    ];
    try {
      await checkPeer(peer, 'right', sql, bars);
      for (const [from, to, message] of wrong) {
        expect(sql).toContain(from);
        await expect(checkPeer(peer, 'wrong', sql.replace(from, to), bars), to).rejects.toThrow(message);
      }
    } finally {
      peer.close();
    }
  });

  it('gives medians and quartiles', async () => {
    const { summary } = await load('./contest.mjs');
    expect(summary([5, 1, 4, 2, 3])).toMatchObject({ median: 3, min: 1, q1: 2, q3: 4 });
    expect(summary([4, 2])).toMatchObject({ median: 3, q1: 2.5 });
  });
});
