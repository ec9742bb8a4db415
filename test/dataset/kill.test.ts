import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readManifest } from '../../src/dataset/manifest.js';
import { integerIn, random } from '../support/random.js';
import { scratch } from '../support/scratch.js';
import { folderHashes, importFiles } from './support.js';

const files = scratch();
const CHILD = fileURLToPath(new URL('./import-child.mjs', import.meta.url));
const FORMAT = 'binance-aggtrades';
const DAY = 86_400_000;
const FIRST = Date.UTC(2024, 0, 5);
const ROWS = 12_000;
const MINUTE = 60_000;
/** Below what a batch holds: every batch becomes a run. */
const SMALL = 1;

/** Trades of a symbol over two days from `day` on, a duplicate, a conflict and a bad line among them. */
function trades(symbol: string, day: number, seed: number): string {
  const next = random(seed);
  const lines: string[] = [];
  for (let i = 0; i < ROWS; i++) {
    const time = FIRST + day * DAY + Math.floor((i / ROWS) * 2 * DAY) + integerIn(next, 0, 9000);
    const price = (2000 + integerIn(next, -999, 999) / 100).toFixed(2);
    lines.push(
      `${seed * ROWS + i},${price},${integerIn(next, 1, 1e6) / 1000},1,1,${Math.min(time, FIRST + (day + 2) * DAY - 1)},true,True`,
    );
    if (i % 1000 === 7) lines.push(lines.at(-1)!);
    if (i % 1000 === 8) lines.push(lines.at(-1)!.replace(/,\d+\.\d+,/, ',1999.5,'));
    if (i % 1000 === 9) lines.push('no record');
  }
  return files.write(`${symbol}-aggTrades-2024-01-${String(5 + day).padStart(2, '0')}.csv`, lines.join('\n'));
}

const before = [trades('ETHUSDT', 0, 1), trades('XRPUSDT', 1, 2)];
const paths = [trades('BTCUSDT', 0, 3), trades('ETHUSDT', 1, 4), trades('SOLUSDT', 1, 5)];

interface Job {
  readonly folder: string;
  readonly paths: readonly string[];
  readonly dieAt?: number;
  readonly wait?: boolean;
}

const start = (job: Job): ChildProcess =>
  fork(CHILD, [JSON.stringify({ format: FORMAT, bufferBytes: SMALL, ...job })], { stdio: 'inherit' });

const heard = (child: ChildProcess, key: string): Promise<Record<string, number>> =>
  new Promise((resolve, reject) => {
    child.on('message', (message: Record<string, number>) => {
      if (key in message) resolve(message);
    });
    child.once('exit', () => reject(new Error(`the child died before it said ${key}`)));
  });

const ended = (child: ChildProcess): Promise<NodeJS.Signals | null> =>
  new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));

/** Runs to the end; changes of the file system, and milliseconds between start and end. */
async function whole(job: Job): Promise<{ changes: number; manifestAt: number; ms: number; kept: number }> {
  const child = start(job);
  const end = heard(child, 'changes');
  await heard(child, 'started');
  const from = performance.now();
  const { changes, manifestAt, kept } = await end;
  const ms = performance.now() - from;
  expect(await ended(child)).toBeNull();
  return { changes: changes!, manifestAt: manifestAt!, ms, kept: kept! };
}

let folders = 0;
async function datasetOf(earlier: readonly string[]): Promise<string> {
  const folder = files.path(`d${++folders}`);
  if (earlier.length > 0) {
    const made = files.path(`base-${earlier.length}`);
    if (!existsSync(made)) await importFiles(made, FORMAT, earlier);
    cpSync(made, folder, { recursive: true });
  }
  return folder;
}

describe.each([
  ['a new dataset', []],
  ['a dataset with rows of the same days', before],
] as const)('an import into %s that is killed', (_what, earlier) => {
  it(
    'at 20 random moments: run again, it gives the bytes of one that was left alone',
    async () => {
      const alone = await datasetOf(earlier);
      const { ms, kept } = await whole({ folder: alone, paths });
      expect(kept).toBeGreaterThan(3 * ROWS - 100);
      const expected = folderHashes(alone);
      expect(Object.keys(expected).length).toBeGreaterThan(5);
      const next = random(earlier.length + 1);
      let killed = 0;
      for (let moment = 0; moment < 20; moment++) {
        const folder = await datasetOf(earlier);
        const child = start({ folder, paths });
        const end = ended(child);
        await heard(child, 'started');
        // one in each twentieth of the time it takes
        await new Promise((resolve) => setTimeout(resolve, ((moment + next()) / 20) * ms));
        child.kill('SIGKILL');
        if ((await end) === 'SIGKILL') killed++;
        await importFiles(folder, FORMAT, paths, { bufferBytes: SMALL });
        expect([moment, folderHashes(folder)]).toEqual([moment, expected]);
        rmSync(folder, { recursive: true });
      }
      // a fast machine may finish before the last
      expect(killed).toBeGreaterThan(10);
    },
    5 * MINUTE,
  );

  it(
    'before a change of the file system, those of the commit among them',
    async () => {
      const alone = await datasetOf(earlier);
      const { changes, manifestAt } = await whole({ folder: alone, paths });
      const expected = folderHashes(alone);
      // all of the commit, some of what comes before and of the cleaning up behind it
      const steps = Array.from({ length: changes }, (_, i) => i + 1).filter(
        (step) => Math.abs(step - manifestAt + 4) <= 8 || step % 7 === 0,
      );
      const readable: number[] = [];
      for (const dieAt of steps) {
        const folder = await datasetOf(earlier);
        const old = earlier.length > 0 ? await readManifest(folder) : undefined;
        expect([dieAt, await ended(start({ folder, paths, dieAt }))]).toEqual([dieAt, 'SIGKILL']);
        // what a reader sees is the old dataset or the new one
        const seen = await readManifest(folder);
        if (seen !== undefined) {
          if (dieAt <= manifestAt) expect(seen).toEqual(old);
          else readable.push(dieAt);
          for (const { path } of seen.partitions) expect(existsSync(join(folder, path))).toBe(true);
        }
        await importFiles(folder, FORMAT, paths, { bufferBytes: SMALL });
        expect([dieAt, folderHashes(folder)]).toEqual([dieAt, expected]);
        rmSync(folder, { recursive: true });
      }
      expect(readable.length).toBeGreaterThan(0);
    },
    5 * MINUTE,
  );
});

describe('imports that meet', () => {
  it('killed, then another import, then the first again: as if nothing had happened', async () => {
    const [other, first] = [before, paths];
    const alone = await datasetOf([]);
    await importFiles(alone, FORMAT, other);
    await importFiles(alone, FORMAT, first);
    const { manifestAt } = await whole({ folder: await datasetOf([]), paths: first });
    for (const dieAt of [manifestAt >> 1, manifestAt]) {
      const folder = await datasetOf([]);
      expect(await ended(start({ folder, paths: first, dieAt }))).toBe('SIGKILL');
      expect(await readManifest(folder)).toBeUndefined();
      await importFiles(folder, FORMAT, other);
      await importFiles(folder, FORMAT, first);
      expect(folderHashes(folder)).toEqual(folderHashes(alone));
    }
  });

  it('at once: the second is refused in a line, the first is undisturbed', async () => {
    const folder = await datasetOf([]);
    const child = start({ folder, paths, wait: true });
    const end = heard(child, 'changes');
    await heard(child, 'reading');
    const second = importFiles(folder, FORMAT, before);
    await expect(second).rejects.toThrow(
      `dataset ${folder} is being written by process ${child.pid} on ${hostname()}: wait for it`,
    );
    child.send('go');
    await end;
    const alone = await datasetOf([]);
    await importFiles(alone, FORMAT, paths);
    expect(folderHashes(folder)).toEqual(folderHashes(alone));
  });

  it("a dead process's lock is taken over", async () => {
    const folder = await datasetOf(before);
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(join(folder, '.lock'), JSON.stringify({ pid, started: '1', host: hostname() }));
    await importFiles(folder, FORMAT, paths);
    expect(existsSync(join(folder, '.lock'))).toBe(false);
    // one of another machine may be alive
    writeFileSync(join(folder, '.lock'), JSON.stringify({ pid, started: '1', host: 'elsewhere.invalid' }));
    await expect(importFiles(folder, FORMAT, paths)).rejects.toThrow('on elsewhere.invalid: wait for it');
    expect(existsSync(join(folder, '.lock'))).toBe(true);
  });

  it('what processes left that were killed while they locked goes with the next import, and nothing else', async () => {
    const folder = await datasetOf(before);
    const { pid: dead } = spawnSync(process.execPath, ['-e', '']);
    const holder = (pid: number, host = hostname()) => JSON.stringify({ pid, started: '1', host });
    const left = (name: string, content: string) => writeFileSync(join(folder, name), content);
    left(`.lock.${dead}`, holder(dead));
    // killed before it had written a word, or half of them; its number was given to another process since
    left(`.lock.${dead + 1_000_000_000}`, '');
    left(`.lock.${dead + 1_000_000_001}`, '{"pid":');
    left(`.lock.${process.ppid}`, holder(process.ppid));
    left(`.lock.dead.${dead}`, holder(dead));
    const others = ['.lock.1', '.lock.2000000000', '.lock.txt', '.locked'];
    left('.lock.1', '');
    left('.lock.2000000000', holder(2_000_000_000, 'elsewhere.invalid'));
    left('.lock.txt', holder(dead));
    left('.locked', holder(dead));
    await importFiles(folder, FORMAT, paths);
    expect(
      readdirSync(folder)
        .filter((name) => name.startsWith('.lock'))
        .sort(),
    ).toEqual(others.sort());
  });
});

describe('an import touches what it concerns', () => {
  const partitions = async (folder: string) =>
    Object.fromEntries(
      (await readManifest(folder))!.partitions.map(({ path, rows }) => [
        path,
        { rows, changed: statSync(join(folder, path)).mtimeMs },
      ]),
    );

  it('other days stay as they are; the same again changes no byte; a revision replaces its days', async () => {
    const folder = await datasetOf([]);
    await importFiles(folder, FORMAT, [paths[0]!]);
    const first = await partitions(folder);
    const days = Object.keys(first).map((path) => path.split('/')[2]!.slice(0, 10));
    expect(days).toEqual(['2024-01-05', '2024-01-06']);

    // another symbol, from the second day on
    await importFiles(folder, FORMAT, [paths[1]!]);
    const second = await partitions(folder);
    const kept = Object.keys(first).filter((path) => path in second);
    expect(kept.map((path) => path.split('/')[2]!.slice(0, 10))).toEqual(['2024-01-05']);
    expect(second[kept[0]!]).toEqual(first[kept[0]!]);

    const bytes = folderHashes(folder);
    const again = await importFiles(folder, FORMAT, [paths[0]!, paths[1]!]);
    expect([again.known.length, again.written.length]).toEqual([2, 0]);
    expect(folderHashes(folder)).toEqual(bytes);
    expect(await partitions(folder)).toEqual(second);

    // a revision of one of the second symbol's days
    const revised = files.write(
      'ETHUSDT-aggTrades-2024-01-06-revised.csv',
      `${1e6},2000.00,1,1,1,${FIRST + DAY},true,True\n`,
    );
    const report = await importFiles(folder, FORMAT, [revised], { replace: true });
    const third = await partitions(folder);
    expect(report.written.map(({ day }) => day)).toEqual(['2024-01-06']);
    const gone = Object.keys(second).filter((path) => !(path in third));
    expect(gone.map((path) => path.split('/')[2]!.slice(0, 10))).toEqual(['2024-01-06']);
    for (const path of Object.keys(third).filter((path) => path in second))
      expect(third[path]).toEqual(second[path]);
    // BTCUSDT's rows of that day, and the one new row
    const now = report.written[0]!;
    expect(now.rows).toBe(first[Object.keys(first).find((path) => path.includes('2024-01-06'))!]!.rows + 1);
  });
});
