import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
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

/** Removes what unfinished writes left; runs by itself when the process exits. */
export function removeTemporaries(): void {
  for (const path of temporaries) rmSync(path, { recursive: true, force: true });
  temporaries.clear();
}

async function staged(target: string, write: (path: string) => Promise<void>): Promise<string> {
  if (!watching) {
    watching = true;
    process.on('exit', removeTemporaries);
  }
  // hidden and without the target's extension, so that no glob over results meets it
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString('hex')}.tmp`);
  temporaries.add(temporary);
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
  await rm(temporary, { recursive: true, force: true });
  temporaries.delete(temporary);
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
};

/** A failed write as one line; errors that are steelyard's own, and bugs, pass through. */
export function writeError(target: string, error: unknown): unknown {
  if (error instanceof SteelyardError || !(error instanceof Error)) return error;
  if (error.name === 'AbortError') return error;
  const code = (error as NodeJS.ErrnoException).code;
  if (code && CAUSES[code])
    return new InputError('output', target, `cannot be written: ${CAUSES[code]} (${code})`);
  // DuckDB gives no code: "IO Error: Could not write file "…": No space left on device"
  if (/^IO Error/.test(error.message)) {
    const cause = error.message.split(': ').at(-1)!.trim();
    return new InputError(
      'output',
      target,
      `cannot be written: ${cause.charAt(0).toLowerCase()}${cause.slice(1)}`,
    );
  }
  return error;
}
