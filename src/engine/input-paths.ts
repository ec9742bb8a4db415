import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../core/errors.js';

const KNOWN = /\.(arrows?|feather|ipc|parquet|csv|tsv|json|ndjson|jsonl|gz)$/i;
const EXTENSIONS = /\.(arrows?|feather|ipc|parquet|csv|tsv|txt|json|ndjson|jsonl|gz)$/i;

/** Files named by `paths`; a directory stands for the files of known extension below it, sorted by path. */
export async function inputPaths(paths: readonly string[]): Promise<string[]> {
  const out: string[] = [];
  for (const path of paths) {
    const entry = await stat(path).catch(() => undefined);
    if (entry === undefined) throw new InputError('input', path, 'does not exist');
    if (!entry.isDirectory()) {
      out.push(path);
      continue;
    }
    const below = await readdir(path, { recursive: true, withFileTypes: true });
    const files = below
      .filter((file) => file.isFile() && KNOWN.test(file.name))
      .map((file) => join(file.parentPath, file.name));
    if (files.length === 0)
      throw new InputError('input folder', path, 'holds no .arrow, .feather, .parquet, .csv or .json file');
    out.push(...files.sort());
  }
  if (out.length === 0) throw new InputError('input', '(none)', 'must name at least one file');
  return out;
}

/** A file's name without its folders and known extensions. */
export function bareName(file: string): string {
  let name = file;
  while (EXTENSIONS.test(name)) name = name.replace(EXTENSIONS, '');
  return name === '' ? file : name;
}
