import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registry } from '../src/analytics/index.js';
import { tradeAnalytics } from '../src/engine/trade-analytics.js';
import { builtCli } from './cli/support.js';
import { describeGpuProcess } from './support/gpu-process.js';
import { random } from './support/random.js';
import { zipOf } from './support/zip.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const own = join(root, 'test/support/own-analytic');
const capture = join(root, '../shared/data/binance-capture/usdm_ethusdt_20240808.gz');

/** Variables an outer npm sets for its own folder; the rest, such as registry and cache, stay. */
const INHERITED =
  /^npm_(package_|lifecycle_|command$|execpath$|node_execpath$|config_(local_prefix|global_prefix|prefix|noproxy|user_agent)$)|^INIT_CWD$/i;
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !INHERITED.test(name)));

let home = '';
let packed: { filename: string; files: { path: string; size: number }[] };

function call(
  command: string,
  args: readonly string[],
  cwd = home,
): { code: number | null; out: string; err: string } {
  const shell = process.platform === 'win32';
  const child = spawnSync(command, args, { cwd, env, shell, encoding: 'utf8', maxBuffer: 1 << 28 });
  return { code: child.status, out: child.stdout ?? '', err: child.stderr ?? String(child.error) };
}

/** Standard output of a command that must succeed. */
function good(command: string, args: readonly string[], cwd = home): string {
  const { code, out, err } = call(command, args, cwd);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} exits ${code}: ${err}\n${out}`);
  return out;
}

const node = (...args: string[]): string => good(process.execPath, args);
const task = (name: string) => JSON.parse(node('build/main.js', name));
const bin = (...args: string[]) => call(join(home, 'node_modules/.bin/steelyard'), args);

/** Fenced blocks of a language, in order. */
const blocks = (language: string): string[] =>
  [
    ...readFileSync(join(root, 'README.md'), 'utf8').matchAll(
      new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'),
    ),
  ].map((match) => match[1]!);
const code = blocks('ts');

beforeAll(() => {
  builtCli();
  home = mkdtempSync(join(tmpdir(), 'steelyard-pack-'));
  // without scripts: other tests are running on dist
  packed = JSON.parse(
    good('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', home], root),
  )[0];
  writeFileSync(
    join(home, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, type: 'module' }),
  );
  const install = [
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    `./${packed.filename}`,
  ];
  good('npm', install);
  for (const file of readdirSync(own)) copyFileSync(join(own, file), join(home, file));
  code.forEach((text, i) => {
    writeFileSync(join(home, `readme-${i + 1}.ts`), text);
  });
  writeFileSync(
    join(home, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        target: 'ES2023',
        lib: ['ES2023'],
        module: 'NodeNext',
        strict: true,
        exactOptionalPropertyTypes: true,
        verbatimModuleSyntax: true,
        skipLibCheck: false,
        types: ['node'],
        outDir: 'build',
        rootDir: '.',
      },
      include: ['*.ts'],
    }),
  );
}, 300_000);

afterAll(() => {
  if (home) rmSync(home, { recursive: true, force: true });
});

describe('the tarball', () => {
  it('holds the build, the shaders and the documents, and nothing else', () => {
    const listed = (folder: string, extension: string): string[] =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith(extension))
        .map((file) => file.replaceAll('\\', '/'));
    const built = listed('src', '.ts').flatMap((file) => [
      `dist/${file.replace(/\.ts$/, '.js')}`,
      `dist/${file.replace(/\.ts$/, '.d.ts')}`,
    ]);
    const shaders = listed('shaders', '.wgsl').map((file) => `shaders/${file}`);
    const documents = [
      ...listed('docs', '')
        .filter((file) => file.includes('.'))
        .map((file) => `docs/${file}`),
      'ANALYTICS.md',
      'ARCHITECTURE.md',
      'CHANGELOG.md',
      'FORMATS.md',
      'LICENSE',
      'README.md',
      'package.json',
    ];
    expect(shaders).toContain('shaders/lib/grid.wgsl');
    expect(packed.files.map(({ path }) => path).sort()).toEqual([...built, ...shaders, ...documents].sort());
    expect(packed.files.filter(({ size }) => size === 0)).toEqual([]);
  });

  it('is installed with its dependencies, not with its tools', () => {
    const installed = readdirSync(join(home, 'node_modules'));
    for (const name of ['steelyard', 'apache-arrow', 'commander']) expect(installed).toContain(name);
    for (const name of ['vitest', 'typescript', '@sparticuz', '@biomejs'])
      expect(installed).not.toContain(name);
  });
});

describe('the declarations', () => {
  it('type-check a consumer, an own analytic and every example of the README, library checks on', () => {
    expect(code.length).toBeGreaterThanOrEqual(2);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { out } = call(process.execPath, [tsc, '-p', '.', '--pretty', 'false']);
    // @webgpu/types asks for the DOM library, and contradicts it where libraries are checked
    const others = /^node_modules\/@webgpu\/types\//;
    expect(out.split('\n').filter((line) => line !== '' && !others.test(line))).toEqual([]);
    expect(existsSync(join(home, 'build/main.js'))).toBe(true);
  });

  it('type-check beside the DOM library, libraries unchecked', () => {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const args = [tsc, '-p', '.', '--noEmit', '--lib', 'ES2023,DOM', '--skipLibCheck', '--pretty', 'false'];
    expect(call(process.execPath, args)).toMatchObject({ code: 0, out: '' });
  });

  it('are no any: a wrong call is refused', () => {
    writeFileSync(
      join(home, 'wrong.mts'),
      "import { decimal, run, volumeImbalance } from 'steelyard';\ndecimal({});\nrun(volumeImbalance, 7);\nconst n: string = decimal('1').coef;\n",
    );
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const args = [
      tsc,
      '--noEmit',
      '--module',
      'NodeNext',
      '--target',
      'ES2023',
      '--strict',
      '--skipLibCheck',
      '--types',
      'node',
    ];
    const { out } = call(process.execPath, [...args, '--ignoreConfig', '--pretty', 'false', 'wrong.mts']);
    expect(out.match(/wrong\.mts\(\d+/g)).toEqual(['wrong.mts(2', 'wrong.mts(3', 'wrong.mts(4']);
  });
});

describe('an own analytic with an ordered carry', () => {
  it('gives on the CPU what the rule says', () => {
    const { rows, got, want, columns, backend } = task('reference');
    expect(rows).toBeGreaterThan(20);
    expect(got).toEqual(want);
    for (const side of ['up', 'down', 'flat']) expect(got[side], side).toBeGreaterThan(0);
    expect(columns).toEqual([
      'instrument',
      'time',
      'up',
      'down',
      'flat',
      'trades',
      'last_sign',
      'delta',
      'imbalance',
      'running',
      'largest',
    ]);
    expect(backend).toBe('cpu');
  });

  it('gives the same bytes whatever the tiles and cuts', () => {
    const { tiles, mismatches } = task('cuts-cpu');
    expect(mismatches).toBe(0);
    expect(tiles[0]).toBe(1);
    expect(tiles[1]).toBeGreaterThan(500);
    expect(tiles[3]).toBe(7);
  });
});

describeGpuProcess('an own analytic from WGSL text', () => {
  it('gives on WebGPU what the CPU gives, whatever the tiles, cuts and workgroups', () => {
    const { tiles, mismatches } = task('cuts-webgpu');
    expect(mismatches).toBe(0);
    expect(tiles[1]).toBeGreaterThan(5);
  });

  it('is verified, and so is every analytic of trades that ships; a lost carry is caught', () => {
    const { ok, mismatches, tables, worst, analytic, shipped, caught } = task('verify');
    expect({ ok, mismatches, worst, analytic }).toEqual({ ok: true, mismatches: 0, analytic: 'tick-rule' });
    expect(tables.map((table: { name: string }) => table.name)).toEqual(['bars-5m', 'bars-1h']);
    expect(shipped).toEqual(Object.fromEntries([...tradeAnalytics().keys()].map((name) => [name, true])));
    expect(caught.ok).toBe(false);
    expect(caught.worst.instrument).not.toBe('');
  });

  it('verifies the one of the README', () => {
    writeFileSync(
      join(home, 'readme-verify.mjs'),
      `import { openTrades, verify } from 'steelyard';
       import { buyShare } from './build/readme-2.js';
       const { frame } = await openTrades(['market/trades.arrow']);
       console.log(JSON.stringify((await verify(buyShare, frame, {}, { adapter: 'any', tileRows: 999 })).ok));`,
    );
    expect(node('readme-verify.mjs').trim().split('\n').at(-1)).toBe('true');
  });
});

describe('loading', () => {
  it('works by require() from CommonJS', () => {
    writeFileSync(
      join(home, 'load.cjs'),
      "const s = require('steelyard'); console.log(typeof s.run, s.registry.size, require('steelyard/package.json').name);",
    );
    expect(node('--no-warnings', 'load.cjs')).toBe(`function ${registry.size} steelyard\n`);
  });

  it('works where the optional package webgpu is missing: the CPU runs, the GPU says what to install', () => {
    const text = `import { register } from 'node:module';
      register('data:text/javascript,' + encodeURIComponent(\`export async function resolve(name, context, next) {
        if (name === 'webgpu') throw Object.assign(new Error('Cannot find package webgpu'), { code: 'ERR_MODULE_NOT_FOUND' });
        return next(name, context);
      }\`));
      const { doctor, generateMarket, openTrades, run, volumeImbalance, writeMarket } = await import('steelyard');
      const { path } = await writeMarket('market', { instruments: 3, trades: 300, seed: 1 });
      const { frame } = await openTrades([path]);
      const auto = await run(volumeImbalance, frame);
      const error = await run(volumeImbalance, frame, {}, { backend: 'webgpu' }).catch((e) => e);
      const report = await doctor();
      console.log(JSON.stringify([auto.backend, error.name, error.message, report.auto.backend, report.install.length]));`;
    writeFileSync(join(home, 'no-webgpu.mjs'), text);
    const [backend, name, message, auto, hints] = JSON.parse(
      node('no-webgpu.mjs').trim().split('\n').at(-1)!,
    );
    expect({ backend, name, auto }).toEqual({ backend: 'cpu', name: 'DeviceError', auto: 'cpu' });
    expect(message).toMatch(/webgpu/);
    expect(hints).toBeGreaterThan(0);
  });

  it('loads no heavy package before it is used', () => {
    writeFileSync(
      join(home, 'light.mjs'),
      `import { register } from 'node:module';
       register('data:text/javascript,' + encodeURIComponent(\`export async function resolve(name, context, next) {
         if (/^(apache-arrow|@duckdb|webgpu|commander)/.test(name)) throw new Error('loaded ' + name);
         return next(name, context);
       }\`));
       const { checkParams, generateMarket } = await import('steelyard');
       console.log(generateMarket({ instruments: 2, trades: 10 }).rows);`,
    );
    expect(node('light.mjs')).toBe('10\n');
  });
});

describe('the installed command', () => {
  it('helps, lists and describes', () => {
    expect(bin('--help')).toMatchObject({ code: 0, out: expect.stringContaining('Usage: steelyard') });
    const list = bin('list');
    expect(list.code).toBe(0);
    expect(
      list.out
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual([...registry.keys()]);
    expect(bin('describe', 'value-area')).toMatchObject({
      code: 0,
      out: expect.stringContaining('--row-ticks'),
    });
    expect(bin('--version').out.trim()).toBe(
      JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
    );
  });
});

describe('README.md', () => {
  it.each(code.map((_, i) => i + 1))('example %i runs', (i) => {
    expect(node(`build/readme-${i}.js`).length).toBeGreaterThan(5);
  });

  const commands = blocks('sh')
    .flatMap((block) => block.trim().split('\n'))
    .filter((line) => line.startsWith('steelyard '));

  it('shows commands', () => {
    expect(commands.length).toBeGreaterThan(6);
  });

  it.each(commands.filter((line) => !line.startsWith('steelyard verify')))('%s', async (line) => {
    await sampleTrades();
    const words = line.match(/"[^"]*"|\S+/g)!.map((word) => word.replaceAll('"', ''));
    const { code: exit, err } = bin(...words.slice(1));
    expect(exit, err).toBe(0);
    // nothing of the sample may end in the ledger: the command would show less than it says
    expect(err).not.toMatch(/rejected|[1-9]\d* in the ledger/);
    const out = /--out (\S+)/.exec(line)?.[1];
    if (out !== undefined && out !== '-') expect(existsSync(join(home, out))).toBe(true);
  });

  describeGpuProcess('on an adapter', () => {
    it.each(commands.filter((line) => line.startsWith('steelyard verify')))('%s', async (line) => {
      await sampleTrades();
      expect(bin(...line.split(/\s+/).slice(1))).toMatchObject({
        code: 0,
        out: expect.stringContaining('agree'),
      });
    });
  });

  it.skipIf(!existsSync(capture))('opens with what the command prints (skipped without the capture)', () => {
    copyFileSync(capture, join(home, 'capture.gz'));
    const [, command, columns, shown] = /^\$ steelyard ([^\n]*) \| cut -d, -f(\S+)\n(.*?)^```$/ms.exec(
      readFileSync(join(root, 'README.md'), 'utf8'),
    )!;
    const { code: exit, out } = bin(...command!.split(' '));
    expect(exit).toBe(0);
    const cut = out
      .trim()
      .split('\n')
      .map((line) =>
        columns!
          .split(',')
          .map((n) => line.split(',')[Number(n) - 1])
          .join(','),
      );
    expect(cut).toEqual(shown!.trim().split('\n'));
  });

  it('links to files that exist', () => {
    for (const file of ['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md'])
      for (const [, target] of readFileSync(join(root, file), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g))
        expect(existsSync(join(root, target!)), `${file}: ${target}`).toBe(true);
  });
});

/** Trades of two instruments at ticks of 0.01, as the files that the README's commands name. */
async function sampleTrades(): Promise<void> {
  if (existsSync(join(home, 'trades.parquet'))) return;
  const next = random(4);
  const lines = ['ts,sym,px,qty,taker,id'];
  for (let i = 0; i < 3000; i++) {
    const time = new Date(Date.UTC(2024, 0, 2) + i * 9000).toISOString();
    const price = (100 + Math.floor(next() * 500) / 100).toFixed(2);
    lines.push(
      [
        time,
        i % 3 ? 'AAA' : 'BBB',
        price,
        (1 + Math.floor(next() * 900)) / 10,
        next() < 0.6 ? 'buy' : 'sell',
        i,
      ].join(','),
    );
  }
  writeFileSync(join(home, 'trades.csv'), `${lines.join('\n')}\n`);
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create()).connect();
  const path = (name: string): string => join(home, name).replaceAll("'", "''");
  await connection.run(
    `COPY (SELECT ts AS time, sym AS symbol, px AS price, qty AS size, taker AS side, id FROM read_csv('${path('trades.csv')}')) TO '${path('trades.parquet')}' (FORMAT parquet)`,
  );
  connection.closeSync();
  mkdirSync(join(home, 'lake/okx'), { recursive: true });
  copyFileSync(join(home, 'trades.parquet'), join(home, 'lake/okx/trades.parquet'));
  sampleArchives();
}

/** A Binance archive, a tardis.dev file and a Bybit archive, a few documented lines each. */
function sampleArchives(): void {
  const content =
    '26129,2300.01,0.5,100,101,1704412800000,true\n26130,2300.02,1.5,102,102,1704412800100,false\n';
  const name = 'ETHUSDT-aggTrades-2024-01-05';
  writeFileSync(join(home, `${name}.zip`), zipOf([{ name: `${name}.csv`, content }]));
  mkdirSync(join(home, 'books'));
  const head = 'exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount';
  const row = 'deribit,BTC-PERPETUAL,1585699200245000,1585699200355684,true,ask,6421.5,18640';
  writeFileSync(join(home, 'books/deribit.csv.gz'), gzipSync(`${head}\n${row}\n`));
  const message = (type: string, ts: number, u: number, b: string[][], a: string[][]): string =>
    JSON.stringify({ topic: 'orderbook.500.XRPUSDT', type, ts, data: { s: 'XRPUSDT', b, a, u, seq: u } });
  const messages = [
    message('snapshot', 1733011200691, 7, [['1.9531', '6203']], [['1.9532', '100']]),
    message('delta', 1733011200791, 8, [['1.9531', '6198']], []),
  ];
  const data = { name: '2024-12-01_XRPUSDT_ob500.data', content: `${messages.join('\n')}\n` };
  writeFileSync(join(home, 'books.data.zip'), zipOf([data]));
}
