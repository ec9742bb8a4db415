import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.js';
import { atomically, atomicallyInFolder, removeTemporaries, writeError } from '../../src/table/atomic.js';
import { destination } from '../../src/table/write-tables.js';
import { scratch } from './support.js';

const folder = scratch();
const fresh = (name: string): string => {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
};

describe('atomically', () => {
  it('shows the file only when it is whole, and replaces at the rename', async () => {
    const path = join(fresh('whole'), 'a.csv');
    writeFileSync(path, 'old');
    await atomically(path, async (temporary) => {
      await writeFile(temporary, 'half');
      expect(readFileSync(path, 'utf8')).toBe('old');
      await writeFile(temporary, 'new');
    });
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(join(folder, 'whole'))).toEqual(['a.csv']);
  });

  it('leaves the old file and no other when writing fails', async () => {
    const path = join(fresh('fails'), 'a.csv');
    writeFileSync(path, 'old');
    const failing = atomically(path, async (temporary) => {
      await writeFile(temporary, 'half');
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    });
    await expect(failing).rejects.toThrow(
      `output ${path} cannot be written: no space left on the device (ENOSPC)`,
    );
    expect(readdirSync(join(folder, 'fails'))).toEqual(['a.csv']);
    expect(readFileSync(path, 'utf8')).toBe('old');
  });

  it('names a folder that is not there, and a target that is one', async () => {
    const write = (path: string): Promise<void> => writeFile(path, 'x');
    await expect(atomically(join(folder, 'none', 'a.csv'), write)).rejects.toThrow(
      /the folder does not exist/,
    );
    await expect(atomically(fresh('taken'), write)).rejects.toThrow(/a folder of that name exists/);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('makes a new folder appear whole, and in an old one touches only its own files', async () => {
    const made = join(folder, 'made');
    await atomicallyInFolder(made, {
      'a.csv': async (path) => {
        await writeFile(path, 'a');
        expect(existsSync(made)).toBe(false);
      },
      'b.csv': (path) => writeFile(path, 'b'),
    });
    expect(readdirSync(made)).toEqual(['a.csv', 'b.csv']);
    writeFileSync(join(made, 'mine.txt'), 'mine');
    const failing = atomicallyInFolder(made, {
      'a.csv': (path) => writeFile(path, 'changed'),
      'b.csv': () => Promise.reject(new InputError('x', 1, 'is bad')),
    });
    await expect(failing).rejects.toThrow('x 1 is bad');
    expect(readdirSync(made)).toEqual(['a.csv', 'b.csv', 'mine.txt']);
    expect(readFileSync(join(made, 'a.csv'), 'utf8')).toBe('a');
    await atomicallyInFolder(made, { 'a.csv': (path) => writeFile(path, 'changed') });
    expect(readFileSync(join(made, 'a.csv'), 'utf8')).toBe('changed');
    expect(readdirSync(made)).toEqual(['a.csv', 'b.csv', 'mine.txt']);
  });

  it('replaces no file of a folder where one target is a folder', async () => {
    const made = fresh('half');
    writeFileSync(join(made, 'a.csv'), 'old');
    mkdirSync(join(made, 'b.csv'));
    const write = (path: string): Promise<void> => writeFile(path, 'new');
    await expect(atomicallyInFolder(made, { 'a.csv': write, 'b.csv': write })).rejects.toThrow(
      /b\.csv cannot be written: a folder of that name exists/,
    );
    expect(readFileSync(join(made, 'a.csv'), 'utf8')).toBe('old');
    expect(readdirSync(made)).toEqual(['a.csv', 'b.csv']);
  });

  it('names the cause where not even a temporary can be', async () => {
    const file = join(fresh('file'), 'a.csv');
    writeFileSync(file, 'x');
    const write = (path: string): Promise<void> => writeFile(path, 'x');
    await expect(atomically(join(file, 'x.csv'), write)).rejects.toThrow(
      /a part of the path is not a folder/,
    );
    await expect(atomically(join(folder, `${'x'.repeat(300)}.csv`), write)).rejects.toThrow(
      /the name is too long/,
    );
    const longest = join(folder, 'file', `${'é'.repeat(125)}.csv`);
    await atomically(longest, write);
    expect(readFileSync(longest, 'utf8')).toBe('x');
    removeTemporaries();
  });

  it('makes one line of what DuckDB says, but not of its bugs', () => {
    const said = (message: string): unknown => writeError('a.parquet', new Error(message));
    expect(said('Parser Error: syntax error at end of input\n\nLINE 1: …')).toMatchObject({
      message: 'output a.parquet cannot be written: syntax error at end of input',
    });
    expect(said('IO Error: Could not write file "x": No space left on device')).toMatchObject({
      message: 'output a.parquet cannot be written: no space left on device',
    });
    expect(said('INTERNAL Error: assertion')).toMatchObject({ message: 'INTERNAL Error: assertion' });
  });

  it('leaves bugs as they are', () => {
    const bug = new TypeError('x is not a function');
    expect(writeError('a', bug)).toBe(bug);
  });
});

describe('destination', () => {
  it.each([
    ['-', { kind: 'stdout' }],
    ['a/b.arrow', { kind: 'file', path: 'a/b.arrow', format: 'arrow' }],
    ['b.PARQUET', { kind: 'file', path: 'b.PARQUET', format: 'parquet' }],
    ['b.csv', { kind: 'file', path: 'b.csv', format: 'csv' }],
    ['results', { kind: 'folder', path: 'results', format: 'arrow' }],
    ['v1.2/', { kind: 'folder', path: 'v1.2', format: 'arrow' }],
    ['/', { kind: 'folder', path: '/', format: 'arrow' }],
  ])('reads %s', (out, expected) => {
    expect(destination(out)).toEqual(expected);
  });

  it('refuses an unknown extension', () => {
    expect(() => destination('a.xlsx')).toThrow(/^--out a.xlsx must end in .arrow/);
  });
});

describe('a destination', () => {
  it('takes the format for a folder only', () => {
    expect(destination('results', 'csv', 'parquet')).toMatchObject({ format: 'csv' });
    expect(destination('results', undefined, 'csv')).toMatchObject({ format: 'csv' });
    expect(destination('b.csv', 'csv')).toMatchObject({ kind: 'file', format: 'csv' });
    expect(destination('-', 'csv')).toEqual({ kind: 'stdout' });
    expect(() => destination('b.csv', 'parquet')).toThrow('--format parquet contradicts b.csv, which is csv');
    expect(() => destination('-', 'arrow')).toThrow('--format arrow contradicts --out -, which is CSV');
    expect(() => destination('')).toThrow(/^--out "" must name a file or a folder/);
  });
});

describe('a process that ends while it writes', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('removes the half-written file on %s', (signal, code) => {
    const built = new URL('../../dist/table/atomic.js', import.meta.url).href;
    const path = join(fresh(signal), 'a.csv');
    const script = `
      import { writeFile } from 'node:fs/promises';
      import { atomically } from ${JSON.stringify(built)};
      process.on('SIGINT', () => process.exit(130));
      process.on('SIGTERM', () => process.exit(143));
      await atomically(${JSON.stringify(path)}, async (p) => {
        await writeFile(p, 'half');
        process.kill(process.pid, '${signal}');
        await new Promise((resolve) => setTimeout(resolve, 10000));
      });`;
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect([child.status, child.stderr]).toEqual([code, '']);
    expect(readdirSync(join(folder, signal))).toEqual([]);
  });
});
