import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InputError } from '../core/errors.js';
import { expandPaths } from '../dataset/expand-paths.js';

export { bareName } from '../table/bare-name.js';

const KNOWN = /\.(arrows?|feather|ipc|parquet|csv|tsv|json|ndjson|jsonl|gz)$/i;

/**
 * Files named by `paths`; a directory stands for the files of known extension below it, sorted by path, links
 * to files among them (links to folders are not followed), and a pattern for what it matches: see `expandPaths`. A
 * file that is named twice counts once. `known` says which names below a directory are taken.
 */
export async function inputPaths(paths: readonly string[], names: RegExp = KNOWN): Promise<string[]> {
  const out: string[] = [];
  const known = new Set<string>();
  const add = async (path: string): Promise<void> => {
    const real = await realpath(path);
    if (!known.has(real)) out.push(path);
    known.add(real);
  };
  for (const path of await expandPaths(paths)) {
    const entry = await stat(path).catch(() => undefined);
    if (entry === undefined) throw new InputError('input', path, 'does not exist');
    if (entry.isDirectory()) for (const file of await filesBelow(path, names)) await add(file);
    else if (entry.isFile()) await add(path);
    else throw new InputError('input', path, 'must be a file or a folder: pipes and devices are not read');
  }
  if (out.length === 0) throw new InputError('input', '(none)', 'must name at least one file');
  return out;
}

async function filesBelow(path: string, names: RegExp): Promise<string[]> {
  const below = await readdir(path, { recursive: true, withFileTypes: true });
  const files: string[] = [];
  for (const entry of below) {
    if (!names.test(entry.name) || !(entry.isFile() || entry.isSymbolicLink())) continue;
    const file = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) {
      const target = await stat(file).catch(() => undefined);
      if (target === undefined) throw new InputError('input', file, 'is a link to nothing');
      if (!target.isFile()) continue;
    }
    files.push(file);
  }
  if (files.length === 0)
    throw new InputError(
      'input folder',
      path,
      names === KNOWN
        ? 'holds no .arrow, .feather, .parquet, .csv or .json file'
        : `holds no file whose name fits ${names.source}`,
    );
  return files.sort();
}

/** File names as shown: without folders, unless two inputs would then look the same. */
export function inputNames(files: readonly string[]): string[] {
  const names = files.map((file) => basename(file));
  const times = new Map<string, number>();
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
  return names.map((name, i) => (times.get(name) === 1 ? name : files[i]!));
}
