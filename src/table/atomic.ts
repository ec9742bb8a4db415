import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, rmSync, statSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError, SteelyardError } from '../core/errors.js';

/** Temporary files and folders alive now: removed when the process ends early. */
const temporaries = new Set<string>();
let watching = false;

/**
 * Has `write` fill a temporary file beside `target` and renames it there at the end. On any failure nothing is
 * left and nothing under the final name has changed; the failure becomes an InputError naming path and cause.
 */
export async function atomically(target: string, write: (path: string) => Promise<void>): Promise<void> {
  await commit(target, await staged(target, write));
}

/**
 * The same for several files of one folder: all are written before the first is renamed. A folder that does not
 * exist yet appears whole; in one that exists only the named files are replaced.
 */
export async function atomicallyInFolder(
  folder: string,
  files: Readonly<Record<string, (path: string) => Promise<void>>>,
): Promise<void> {
  if (existsSync(folder)) {
    if (!(await stat(folder)).isDirectory()) throw new InputError('output', folder, 'must be a folder');
    const done: [string, string][] = [];
    try {
      for (const [name, write] of Object.entries(files)) {
        const target = join(folder, name);
        done.push([target, await staged(target, write)]);
      }
      // a rename that fails half way would leave new files beside old ones
      for (const [target] of done) checkWritable(target);
    } catch (error) {
      for (const [, temporary] of done) await discard(temporary);
      throw error;
    }
    for (const [target, temporary] of done) await commit(target, temporary);
    return;
  }
  const temporary = await staged(folder, async (path) => {
    await mkdir(path);
    for (const [name, write] of Object.entries(files)) await write(join(path, name));
  });
  await commit(folder, temporary);
}

/** Has `use` work in a folder beside `target` that is gone at the end, also at an early end of the process. */
export async function inScratchFolder<T>(target: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = temporaryBeside(target);
  try {
    await mkdir(folder);
    return await use(folder);
  } catch (error) {
    throw writeError(target, error);
  } finally {
    await discard(folder);
  }
}

/** Throws the InputError that renaming a file to `target` would end in, as far as that shows beforehand. */
export function checkWritable(target: string): void {
  try {
    if (lstatSync(target, { throwIfNoEntry: false })?.isDirectory()) throw failure('EISDIR');
    const parent = statSync(dirname(target), { throwIfNoEntry: false });
    if (!parent) throw failure('ENOENT');
    if (!parent.isDirectory()) throw failure('ENOTDIR');
  } catch (error) {
    throw writeError(target, error);
  }
}

const failure = (code: string): Error => Object.assign(new Error(code), { code });

/** Removes what unfinished writes left; runs by itself when the process exits. */
export function removeTemporaries(): void {
  for (const path of temporaries) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // `force` covers a missing file, not a path that never could be one; an exit handler must not throw
    }
  }
  temporaries.clear();
}

/** A path that nothing has yet, removed when the process exits. */
function temporaryBeside(target: string): string {
  if (!watching) {
    watching = true;
    process.on('exit', removeTemporaries);
  }
  // hidden and without the target's extension, so that no glob over results meets it; cut, so that a name of
  // the greatest length has room
  const name = basename(target).slice(0, 60);
  const temporary = join(dirname(target), `.${name}.${randomBytes(4).toString('hex')}.tmp`);
  temporaries.add(temporary);
  return temporary;
}

async function staged(target: string, write: (path: string) => Promise<void>): Promise<string> {
  const temporary = temporaryBeside(target);
  try {
    await write(temporary);
    return temporary;
  } catch (error) {
    await discard(temporary);
    throw writeError(target, error);
  }
}

async function commit(target: string, temporary: string): Promise<void> {
  try {
    await rename(temporary, target);
    temporaries.delete(temporary);
  } catch (error) {
    await discard(temporary);
    throw writeError(target, error);
  }
}

async function discard(temporary: string): Promise<void> {
  try {
    await rm(temporary, { recursive: true, force: true });
    temporaries.delete(temporary);
  } catch {
    // the failure that led here is the one to report; the exit handler tries once more
  }
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the device',
  EDQUOT: 'disk quota exceeded',
  EFBIG: 'file too large for the file system or the limit set',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'read-only file system',
  ENOENT: 'the folder does not exist',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'a folder of that name exists',
  ENAMETOOLONG: 'the name is too long',
  EEXIST: 'a file of that name exists',
  ENOTEMPTY: 'a folder of that name exists and is not empty',
};

/** A failed write as one line; errors that are steelyard's own, and bugs, pass through. */
export function writeError(target: string, error: unknown): unknown {
  if (error instanceof SteelyardError || !(error instanceof Error)) return error;
  if (error.name === 'AbortError') return error;
  const code = (error as NodeJS.ErrnoException).code;
  if (code && CAUSES[code])
    return new InputError('output', target, `cannot be written: ${CAUSES[code]} (${code})`);
  // DuckDB gives no code: "IO Error: Could not write file "…": No space left on device"
  const duckdb = /^(?!INTERNAL|FATAL)[A-Z][A-Za-z -]* Error: /i.exec(error.message);
  if (duckdb && error.name === 'Error') {
    const [line = ''] = error.message.split('\n');
    const cause = /^IO Error/.test(line) ? line.split(': ').at(-1)!.trim() : line.slice(duckdb[0].length);
    return new InputError(
      'output',
      target,
      `cannot be written: ${cause.charAt(0).toLowerCase()}${cause.slice(1)}`,
    );
  }
  return error;
}
