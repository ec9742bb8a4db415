import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { InputError } from '../core/errors.js';

/** Files by the flag or argument that names them: `inputs` are read, `outputs` replaced. */
export interface NamedPaths {
  readonly inputs: Readonly<Record<string, readonly string[]>>;
  readonly outputs: Readonly<Record<string, readonly string[]>>;
}

/**
 * Throws an InputError if an output would replace an input or another output, whatever links and folders the names
 * go through.
 */
export function separatePaths({ inputs, outputs }: NamedPaths): void {
  const taken = new Map<string, string>();
  for (const [name, paths] of Object.entries(inputs)) for (const path of paths) taken.set(real(path), name);
  for (const [name, paths] of Object.entries(outputs))
    for (const path of paths) {
      const file = real(path);
      const other = taken.get(file);
      if (other !== undefined)
        throw new InputError(name, path, `must be another file than ${other}: it would be overwritten`);
      taken.set(file, name);
    }
}

/** Throws an InputError if one of `outputs` lies in the folder `input`: nothing but its own files belongs there. */
export function outsideOf(input: string, name: string, outputs: readonly string[]): void {
  for (const path of outputs) {
    const below = relative(real(input), real(path));
    if (below === '' || !(below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below)))
      throw new InputError(name, path, `must lie outside of ${input}`);
  }
}

/** The path without links; of a file that is not there yet, by its nearest folder that is. */
function real(path: string): string {
  const full = resolve(path);
  if (existsSync(full)) return realpathSync.native(full);
  const parent = dirname(full);
  return parent === full ? full : join(real(parent), basename(full));
}
