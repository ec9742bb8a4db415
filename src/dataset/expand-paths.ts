import { readdir, stat } from 'node:fs/promises';
import { InputError } from '../core/errors.js';

/** Alternatives that braces of one path may stand for. */
const MOST_ALTERNATIVES = 10_000;

/**
 * Paths with `*` (any characters of one name), `?` (one of them), `**` (any folders, none too) and `{a,b}` in them
 * become the files and folders they match, sorted by path. As in a shell, names that begin with a dot are matched only
 * by a pattern that does; links to folders are followed by `*`, never by `**`. A path that exists as it stands is
 * taken as it stands, whatever characters it has. Throws an InputError for a pattern that matches nothing.
 */
export async function expandPaths(paths: readonly string[]): Promise<string[]> {
  const out: string[] = [];
  for (const path of paths) {
    if (!/[*?{]/.test(path) || (await kindOf(path)) !== undefined) {
      out.push(path);
      continue;
    }
    const found = new Set<string>();
    for (const pattern of alternatives(path)) {
      const parts = pattern
        .split('/')
        .filter((part, i, all) => (part !== '' || i === 0) && !(part === '**' && all[i - 1] === '**'));
      // '' before the first slash: the path is absolute
      const root = parts[0] === '' ? '/' : '';
      await walk(root, parts[0] === '' ? parts.slice(1) : parts, found);
    }
    if (found.size === 0) throw new InputError('input', path, 'matches no file');
    out.push(...[...found].sort());
  }
  return out;
}

/** The patterns that a path's braces stand for; braces that do not close, or hold no comma, are characters. */
export function alternatives(path: string): string[] {
  let open = [path];
  const done: string[] = [];
  while (open.length > 0) {
    const next: string[] = [];
    for (const text of open) {
      const cut = firstBraces(text);
      if (cut === undefined) done.push(text);
      else for (const choice of cut.choices) next.push(cut.before + choice + cut.after);
    }
    if (next.length + done.length > MOST_ALTERNATIVES)
      throw new InputError('input', path, `must stand for at most ${MOST_ALTERNATIVES} paths`);
    open = next;
  }
  return done;
}

function firstBraces(text: string): { before: string; choices: string[]; after: string } | undefined {
  for (let from = text.indexOf('{'); from >= 0; from = text.indexOf('{', from + 1)) {
    let depth = 0;
    const cuts = [from];
    for (let i = from; i < text.length; i++) {
      if (text[i] === '{') depth++;
      else if (text[i] === ',' && depth === 1) cuts.push(i);
      else if (text[i] === '}' && --depth === 0) {
        if (cuts.length === 1) break;
        cuts.push(i);
        const choices = cuts.slice(1).map((cut, c) => text.slice(cuts[c]! + 1, cut));
        return { before: text.slice(0, from), choices, after: text.slice(i + 1) };
      }
    }
  }
  return undefined;
}

async function kindOf(path: string): Promise<'folder' | 'other' | undefined> {
  try {
    return (await stat(path === '' ? '.' : path)).isDirectory() ? 'folder' : 'other';
  } catch {
    return undefined;
  }
}

/** Adds what the parts match below `base`, which is '' or ends in a slash. */
async function walk(base: string, parts: readonly string[], found: Set<string>): Promise<void> {
  const [part, ...rest] = parts;
  if (part === undefined) {
    if (base !== '') found.add(base === '/' ? base : base.slice(0, -1));
    return;
  }
  if (part === '**') {
    await walk(base, rest, found);
    for (const entry of await entriesOf(base)) {
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) await walk(`${base}${entry.name}/`, parts, found);
      else if (rest.length === 0) found.add(base + entry.name);
    }
    return;
  }
  if (!/[*?]/.test(part)) {
    const path = base + part;
    const kind = await kindOf(path);
    if (kind === 'folder') await walk(`${path}/`, rest, found);
    else if (kind === 'other' && rest.length === 0) found.add(path);
    return;
  }
  for (const entry of await entriesOf(base)) {
    if (!matches(entry.name, part)) continue;
    const path = base + entry.name;
    if (rest.length === 0) found.add(path);
    else if ((await kindOf(path)) === 'folder') await walk(`${path}/`, rest, found);
  }
}

async function entriesOf(base: string) {
  try {
    return await readdir(base === '' ? '.' : base, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** A name against `*` and `?`, in time proportional to their product at worst. */
export function matches(name: string, pattern: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  const text = [...name];
  const glob = [...pattern];
  let [t, g, star, retry] = [0, 0, -1, 0];
  while (t < text.length) {
    if (g < glob.length && glob[g] === '*') {
      star = g++;
      retry = t;
    } else if (g < glob.length && (glob[g] === '?' || glob[g] === text[t])) {
      t++;
      g++;
    } else if (star >= 0) {
      g = star + 1;
      t = ++retry;
    } else return false;
  }
  while (glob[g] === '*') g++;
  return g === glob.length;
}
