import { type ChildProcess, fork } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nativeDataset } from '../../src/engine/native-dataset.js';
import { temporaryFolder } from '../../src/engine/temporary-folder.js';
import { scratch } from '../support/scratch.js';

const files = scratch();
const CHILD = fileURLToPath(new URL('./native-child.mjs', import.meta.url));
// a kline of a minute
const klines = files.write(
  'BTCUSDT-1m-2024-01-05.csv',
  '1704412800000,44151.1,44160,44150,44155.5,12.5,1704412859999,551938.75,100,6.25,275969.375,0\n',
);

let folders = 0;
let own = '';
beforeEach(() => {
  own = files.path(`tmp-${++folders}`);
  mkdirSync(own);
  vi.stubEnv('TMPDIR', own);
});
afterEach(() => vi.unstubAllEnvs());

/** A process that has made a dataset, and the temporary folder that holds it. */
async function child(): Promise<{ process: ChildProcess; left: string }> {
  const process = fork(CHILD, [klines], { env: { ...globalThis.process.env, TMPDIR: own } });
  const folder = await new Promise<string>((resolve, reject) => {
    process.once('message', (message: { folder: string }) => resolve(message.folder));
    process.once('exit', () => reject(new Error('the child died before its dataset was made')));
  });
  return { process, left: dirname(folder) };
}

const kill = (process: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    process.once('exit', () => resolve());
    process.kill('SIGKILL');
  });

/** A folder that a killed process has left, put down under other names as well. */
async function left(): Promise<string> {
  const killed = await child();
  await kill(killed.process);
  expect(dirname(killed.left)).toBe(own);
  expect(existsSync(join(killed.left, 'dataset', 'manifest.json'))).toBe(true);
  return killed.left;
}

/** A copy of what was left, its lock changed. */
function copyOf(folder: string, name: string, lock: object): string {
  const copy = `${folder}${name}`;
  cpSync(folder, copy, { recursive: true });
  const before = JSON.parse(readFileSync(join(folder, '.lock'), 'utf8'));
  writeFileSync(join(copy, '.lock'), JSON.stringify({ ...before, ...lock }));
  return basename(copy);
}

describe('a temporary dataset', () => {
  it('of a killed process goes when the next is made, one of a living process stays', async () => {
    const killed = await left();
    const living = await child();
    try {
      expect(existsSync(killed)).toBe(false);
      const next = await nativeDataset([klines], ['bars'], {});
      expect(readdirSync(own).sort()).toEqual([basename(living.left), basename(dirname(next.folder))].sort());
      await next.close();
      expect(readdirSync(own)).toEqual([basename(living.left)]);
    } finally {
      await kill(living.process);
    }
  });

  it('goes where its process number is used again, by the time that process started', async () => {
    const killed = await left();
    copyOf(killed, '-again', { pid: process.pid });
    const { close } = await temporaryFolder();
    await close();
    expect(readdirSync(own)).toEqual([]);
  });

  it('stays where it is not surely ours: another host, no lock, a link, another namespace or user', async () => {
    const killed = await left();
    const kept = [copyOf(killed, '-host', { host: 'elsewhere.invalid' })];
    const unlocked = `${killed}-unlocked`;
    cpSync(killed, unlocked, { recursive: true });
    rmSync(join(unlocked, '.lock'));
    const torn = `${killed}-torn`;
    cpSync(killed, torn, { recursive: true });
    writeFileSync(join(torn, '.lock'), '{"pid":');
    const elsewhere = join(own, 'steelyard-native-1-abcdef');
    cpSync(killed, elsewhere, { recursive: true });
    const linked = files.path(`linked-${folders}`);
    cpSync(killed, linked, { recursive: true });
    const link = `${killed}-link`;
    symlinkSync(linked, link);
    kept.push(...[unlocked, torn, elsewhere, link].map((path) => basename(path)));
    // only root can give a folder away
    if (process.getuid?.() === 0) {
      const foreign = `${killed}-foreign`;
      cpSync(killed, foreign, { recursive: true });
      chownSync(foreign, 65_534, 65_534);
      kept.push(basename(foreign));
    }
    const { close } = await temporaryFolder();
    await close();
    expect(readdirSync(own).sort()).toEqual(kept.sort());
    expect(existsSync(join(linked, 'dataset', 'manifest.json'))).toBe(true);
  });

  it('that cannot be removed stops nothing', async () => {
    const killed = await left();
    chmodSync(killed, 0o500);
    const { folder, close } = await temporaryFolder();
    expect(readdirSync(folder)).toEqual([]);
    await close();
    expect(existsSync(folder)).toBe(false);
    if (existsSync(killed)) chmodSync(killed, 0o700);
  });

  it('made many at once: each is whole, all that was left is gone', async () => {
    const killed = await left();
    for (let i = 0; i < 20; i++) copyOf(killed, `-${i}`, {});
    const made = await Promise.all(Array.from({ length: 8 }, child));
    const next = await temporaryFolder();
    try {
      expect(readdirSync(own).sort()).toEqual(
        [...made.map((one) => one.left), dirname(next.folder)].map((path) => basename(path)).sort(),
      );
      for (const one of made) expect(existsSync(join(one.left, 'dataset', 'manifest.json'))).toBe(true);
    } finally {
      await next.close();
      for (const one of made) await kill(one.process);
    }
  });
});

it('a folder of temporary files that is not there is an error of the system', async () => {
  vi.stubEnv('TMPDIR', join(own, 'nowhere'));
  await expect(temporaryFolder()).rejects.toThrow(/no such file or directory/);
});
