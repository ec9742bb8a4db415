import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeGpu } from '../support/gpu.js';
import { builtCli, steelyard } from './support.js';

describeGpu('steelyard verify', () => {
  let folder: string;
  let trades: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'steelyard-verify-'));
    trades = join(folder, 'trades.csv');
    const rows = Array.from(
      { length: 200 },
      (_, i) => `${1704067200 + i * 7},${100 + (i % 9)},${1 + (i % 4)},${i % 3 ? 'buy' : 'sell'}`,
    );
    writeFileSync(trades, `time,price,size,side\n${rows.join('\n')}\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('exits 0 and says so where both backends agree', () => {
    const { code, out } = steelyard(['verify', 'value-area', trades, '--row', '2', '--quiet']);
    expect(code).toBe(0);
    expect(out).toContain('areas: 1 rows');
    expect(out).toMatch(/value-area: CPU and .* agree\n$/);
  });

  it('exits 1 and names the worst cell where the shader is wrong', () => {
    const dist = dirname(dirname(builtCli()));
    // the built command line with one analytic's shader result spoiled
    const script = join(folder, 'spoiled.mjs');
    writeFileSync(
      script,
      `import { registry } from ${JSON.stringify(pathToFileURL(join(dist, 'analytics/index.js')).href)};
const vi = registry.get('volume-imbalance');
const decode = (...args) => {
  const out = vi.kernel.decode(...args);
  out.outputs.bars.columns.close[1] += 40;
  return out;
};
registry.set('volume-imbalance', { ...vi, kernel: { ...vi.kernel, decode } });
process.argv.splice(2, 9, 'verify', 'volume-imbalance', ${JSON.stringify(trades)}, '--quiet');
await import(${JSON.stringify(pathToFileURL(builtCli()).href)});
`,
    );
    const { status, stdout } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /worst: bars\.close of trades at 2024-01-01T00:01:00\.000Z: got \d+, want \d+, bound equal to the bit/,
    );
    expect(stdout).toMatch(/volume-imbalance: 1 cells differ\n$/);
  });
});
