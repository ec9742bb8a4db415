import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { registry } from '../src/analytics/index.js';
import { goldenCases } from './support/golden.js';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Rooms by floor; a room may import its own files and rooms of lower floors. */
const FLOORS: Readonly<Record<string, number>> = {
  core: 0,
  stats: 1,
  table: 2,
  ingest: 2,
  analytics: 2,
  gpu: 2,
  cpu: 2,
  dataset: 3,
  engine: 4,
  study: 5,
  plot: 5,
  cli: 6,
  'index.ts': 7,
};
/** Loaded only when used: `import type` or `await import()` inside a function. */
const LAZY = ['apache-arrow', '@duckdb/node-api', '@duckdb/node-bindings', 'webgpu', 'yauzl'];
const SOURCE_LINES = 250;
const SHADER_LINES = 150;

interface Import {
  readonly from: string;
  /** Path inside src, or the package's name. */
  readonly to: string;
  readonly own: boolean;
  readonly type: boolean;
  readonly lazy: boolean;
}

interface Source {
  readonly imports: readonly Import[];
  readonly topLevelAwait: boolean;
  readonly lines: number;
}

const listFiles = (folder: string, extension: string): string[] =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith(extension))
        .map((file) => file.split(sep).join('/'))
        .sort()
    : [];
const lineCount = (text: string): number => text.replace(/\n$/, '').split('\n').length;

/** Imports and awaits of a TypeScript text that stands at `file` inside src. */
function parse(file: string, text: string): Source {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  let topLevelAwait = false;
  const add = (specifier: string, type: boolean, lazy: boolean): void => {
    const own = specifier.startsWith('.');
    const to = own
      ? relative('/src', join('/src', dirname(file), specifier))
          .split(sep)
          .join('/')
          .replace(/\.js$/, '.ts')
      : specifier;
    imports.push({ from: file, to, own, type, lazy });
  };
  const literal = (node: ts.Node | undefined): string | undefined =>
    node && ts.isStringLiteralLike(node) ? node.text : undefined;
  const typeOnly = (names: ts.NamedImportBindings | ts.NamedExportBindings | undefined): boolean =>
    names !== undefined &&
    (ts.isNamedImports(names) || ts.isNamedExports(names)) &&
    names.elements.length > 0 &&
    names.elements.every((element) => element.isTypeOnly);
  const visit = (node: ts.Node, inFunction: boolean): void => {
    if (ts.isImportDeclaration(node)) {
      const clause = node.importClause;
      const type =
        clause !== undefined &&
        (clause.phaseModifier === ts.SyntaxKind.TypeKeyword ||
          (clause.name === undefined && typeOnly(clause.namedBindings)));
      add(literal(node.moduleSpecifier)!, type, false);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier)
      add(literal(node.moduleSpecifier)!, node.isTypeOnly || typeOnly(node.exportClause), false);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(literal(node.argument.literal)!, true, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const specifier = literal(node.arguments[0]);
      // a module named by a variable is not ours to check
      if (specifier !== undefined) add(specifier, false, inFunction);
    } else if (ts.isAwaitExpression(node) && !inFunction) topLevelAwait = true;
    else if (ts.isForOfStatement(node) && node.awaitModifier && !inFunction) topLevelAwait = true;
    const inner = inFunction || ts.isFunctionLike(node);
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(tree, false);
  return { imports, topLevelAwait, lines: lineCount(text) };
}

const files = listFiles('src', '.ts');
const sources = new Map(
  files.map((file) => [file, parse(file, readFileSync(join(root, 'src', file), 'utf8'))]),
);
const allImports = [...sources.values()].flatMap((source) => source.imports);
const room = (file: string): string => file.split('/')[0]!;
const shown = ({ from, to }: Import): string => `${from} -> ${to}`;

/** Imports that do not go down: to a higher floor, or to another room of the same one. */
const upward = (imports: readonly Import[]): string[] =>
  imports
    .filter(
      ({ own, from, to }) => own && room(from) !== room(to) && !(FLOORS[room(to)]! < FLOORS[room(from)]!),
    )
    .map(shown);

/** One cycle of files, as a path, or undefined. */
function cycle(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const state = new Map<string, 'open' | 'done'>();
  const path: string[] = [];
  const visit = (file: string): string[] | undefined => {
    if (state.get(file) === 'done') return undefined;
    if (state.get(file) === 'open') return [...path.slice(path.indexOf(file)), file];
    state.set(file, 'open');
    path.push(file);
    for (const next of graph.get(file) ?? []) {
      const found = visit(next);
      if (found) return found;
    }
    path.pop();
    state.set(file, 'done');
    return undefined;
  };
  for (const file of graph.keys()) {
    const found = visit(file);
    if (found) return found;
  }
  return undefined;
}

const eager = (imports: readonly Import[]): string[] =>
  imports
    .filter(
      ({ to, own, type, lazy }) =>
        !own && !type && !lazy && LAZY.some((name) => to === name || to.startsWith(`${name}/`)),
    )
    .map(shown);

describe('this test', () => {
  const parsed = (text: string, at = 'gpu/made-up.ts') => parse(at, text);

  it('sees every way to import', () => {
    const text = `import a from '../core/a.js'; import '../table/b.js'; import type { C } from './c.js';
      import { type D } from './d.js'; import { type E, e } from './e.js'; export { f } from './f.js';
      export * from './g.js'; export type { H } from './h.js'; let x: import('./i.js').I;
      const j = import('./j.js'); async function k() { await import('./k.js'); } import l, { type L } from './l.js';`;
    const found = parsed(text).imports.map(
      ({ to, type, lazy }) => `${to}${type ? ' type' : ''}${lazy ? ' lazy' : ''}`,
    );
    expect(found).toEqual([
      'core/a.ts',
      'table/b.ts',
      'gpu/c.ts type',
      'gpu/d.ts type',
      'gpu/e.ts',
      'gpu/f.ts',
      'gpu/g.ts',
      'gpu/h.ts type',
      'gpu/i.ts type lazy',
      'gpu/j.ts',
      'gpu/k.ts lazy',
      'gpu/l.ts',
    ]);
  });

  it('refuses what goes up or sideways, types included', () => {
    const text = `import '../core/a.js'; import '../table/b.js'; import type { R } from '../engine/run.js';
      async function f() { await import('../cli/main.js'); } import './x.js'; import '../index.js';`;
    expect(upward(parsed(text).imports)).toEqual([
      'gpu/made-up.ts -> table/b.ts',
      'gpu/made-up.ts -> engine/run.ts',
      'gpu/made-up.ts -> cli/main.ts',
      'gpu/made-up.ts -> index.ts',
    ]);
    expect(
      upward(parsed("import '../gpu/device.js'; import '../core/a.js';", 'engine/x.ts').imports),
    ).toEqual([]);
  });

  it('finds cycles', () => {
    expect(
      cycle(
        new Map([
          ['a', ['b']],
          ['b', ['c']],
          ['c', ['b']],
        ]),
      ),
    ).toEqual(['b', 'c', 'b']);
    expect(
      cycle(
        new Map([
          ['a', ['b', 'c']],
          ['b', ['c']],
          ['c', []],
        ]),
      ),
    ).toBeUndefined();
  });

  it('tells a top-level await from one in a function', () => {
    for (const text of [
      'await f();',
      'const x = await f();',
      'for await (const x of y) f(x);',
      'if (a) { await b; }',
    ])
      expect(parsed(text).topLevelAwait, text).toBe(true);
    for (const text of [
      'async () => { await f(); }',
      'class A { async m() { await f(); } }',
      'async function g() { for await (const x of y) f(x); }',
    ])
      expect(parsed(text).topLevelAwait, text).toBe(false);
  });

  it('tells a heavy import from a lazy or a type-only one', () => {
    const text = `import { Table } from 'apache-arrow'; import type { Vector } from 'apache-arrow'; import 'webgpu';
      import { x } from '@duckdb/node-api/lib/x.js'; async function f() { await import('webgpu'); } import 'webgpus';`;
    expect(eager(parsed(text).imports).map((line) => line.split(' ').at(-1))).toEqual([
      'apache-arrow',
      'webgpu',
      '@duckdb/node-api/lib/x.js',
    ]);
  });
});

describe('floors', () => {
  it('every file stands in a known room', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => FLOORS[room(file)] === undefined)).toEqual([]);
  });

  it('every relative import names a file of src, with its extension', () => {
    expect(allImports.filter(({ own, to }) => own && !sources.has(to)).map(shown)).toEqual([]);
  });

  it('imports run downward only', () => {
    expect(upward(allImports)).toEqual([]);
  });

  it('no cycles', () => {
    const graph = new Map(
      [...sources].map(([file, { imports }]) => [file, imports.filter(({ own }) => own).map(({ to }) => to)]),
    );
    expect(cycle(graph)).toBeUndefined();
  });

  it('core depends on nothing', () => {
    expect(allImports.filter(({ from, own }) => room(from) === 'core' && !own).map(shown)).toEqual([]);
  });

  it('heavy packages are loaded when used, not before', () => {
    expect(eager(allImports)).toEqual([]);
  });

  it('commander stays in the cli', () => {
    expect(
      allImports.filter(({ from, to }) => to === 'commander' && room(from) !== 'cli').map(shown),
    ).toEqual([]);
  });

  it('packages are the declared ones', () => {
    const { dependencies, optionalDependencies } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    );
    const declared = Object.keys({ ...dependencies, ...optionalDependencies });
    const used = allImports.filter(({ own, to }) => !own && !to.startsWith('node:'));
    expect(
      used.filter(({ to }) => !declared.some((name) => to === name || to.startsWith(`${name}/`))).map(shown),
    ).toEqual([]);
  });

  it('no await at the top level: require() could not load the library', () => {
    expect(files.filter((file) => sources.get(file)!.topLevelAwait)).toEqual([]);
  });

  it('index.ts only re-exports', () => {
    const tree = ts.createSourceFile(
      'index.ts',
      readFileSync(join(root, 'src/index.ts'), 'utf8'),
      ts.ScriptTarget.Latest,
    );
    expect(tree.statements.filter((statement) => !ts.isExportDeclaration(statement)).length).toBe(0);
  });
});

describe('analytics', () => {
  const folders = readdirSync(join(root, 'src/analytics'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const shaders = listFiles('shaders', '.wgsl').filter((file) => !file.includes('/'));

  it('one never imports another; only the registry knows them all', () => {
    const inside = allImports.filter(({ from, own }) => own && /^analytics\/.+\//.test(from));
    expect(inside.length).toBeGreaterThan(0);
    expect(
      inside
        .filter(({ from, to }) => room(to) === 'analytics' && to.split('/')[1] !== from.split('/')[1])
        .map(shown),
    ).toEqual([]);
  });

  it('reference, fast and plan never reach each other, not even through a shared file', () => {
    const twin = /^analytics\/[^/]+\/(reference|fast|plan)\.ts$/;
    const reach = (file: string, seen = new Set<string>()): Set<string> => {
      for (const { to, own, type } of sources.get(file)?.imports ?? [])
        if (own && !type && !seen.has(to)) {
          seen.add(to);
          reach(to, seen);
        }
      return seen;
    };
    const twins = files.filter((file) => twin.test(file));
    expect(twins.length).toBeGreaterThanOrEqual(2 * folders.length - 1);
    expect(
      twins.flatMap((file) => [...reach(file)].filter((to) => twin.test(to)).map((to) => `${file} -> ${to}`)),
    ).toEqual([]);
    const direct = allImports.filter(({ from, to }) => twin.test(from) && twin.test(to));
    expect(direct.map(shown)).toEqual([]);
  });

  it('folder = registry = golden = test', () => {
    const stems = (list: readonly string[], extension: string): string[] =>
      list.map((file) => file.slice(0, -extension.length));
    expect([...registry.keys()].sort()).toEqual(folders);
    const golden = stems(listFiles('data/golden', '.json'), '.json');
    expect(golden.filter((name) => !name.startsWith('vectors/'))).toEqual(folders);
    expect(stems(listFiles('test/analytics', '.test.ts'), '.test.ts')).toEqual(folders);
    for (const [name, analytic] of registry) {
      expect(analytic.name).toBe(name);
      expect(goldenCases(name).length, name).toBeGreaterThan(0);
    }
  });

  it('golden vector = the test of that name that reads it', () => {
    const readers = ['test/primitives', 'test/stats', 'test/acceptance'].flatMap((folder) =>
      listFiles(folder, '.test.ts').flatMap((file) => {
        const read =
          readFileSync(join(root, folder, file), 'utf8').match(/(?<=\bvectors<\w+>\(')[^']+/g) ?? [];
        return read.map((name) => (`${name}.test.ts` === file ? name : `${name} in ${file}`));
      }),
    );
    expect(readers.length).toBeGreaterThan(0);
    expect(listFiles('data/golden/vectors', '.json')).toEqual(readers.map((name) => `${name}.json`).sort());
  });

  it('shaders are those of the analytics with a kernel; a host-only analytic has none', () => {
    const withKernel = [...registry.values()]
      .filter((analytic) => analytic.kernel)
      .map((analytic) => analytic.name);
    expect([...new Set(shaders.map((file) => file.split('.')[0]!))].sort()).toEqual(withKernel.sort());
    const used = [...registry.values()].flatMap((analytic) =>
      Object.values(analytic.kernel?.shaders ?? {}).map((source) =>
        'file' in source ? relative(join(root, 'shaders'), fileURLToPath(source.file)) : 'text',
      ),
    );
    expect([...new Set(used)].sort()).toEqual(shaders);
  });

  it('the plan alone declares the kernel', () => {
    for (const [name, analytic] of registry)
      expect(existsSync(join(root, 'src/analytics', name, 'plan.ts')), name).toBe(
        analytic.kernel !== undefined,
      );
  });
});

describe('budgets', () => {
  it(`source files have at most ${SOURCE_LINES} lines`, () => {
    expect(files.filter((file) => sources.get(file)!.lines > SOURCE_LINES)).toEqual([]);
  });

  it(`shaders have at most ${SHADER_LINES} lines`, () => {
    const shaders = listFiles('shaders', '.wgsl');
    expect(shaders.length).toBeGreaterThan(0);
    expect(
      shaders.filter((file) => lineCount(readFileSync(join(root, 'shaders', file), 'utf8')) > SHADER_LINES),
    ).toEqual([]);
  });

  it('shaders/lib holds functions: no bindings, no entry points, each one used', () => {
    const lib = listFiles('shaders/lib', '.wgsl');
    expect(lib.length).toBeGreaterThan(0);
    for (const file of lib) {
      const code = readFileSync(join(root, 'shaders/lib', file), 'utf8').replace(/\/\/.*$/gm, '');
      expect(code, file).not.toMatch(/@group|@binding|@compute|@workgroup_size|var\s*<\s*(storage|uniform)/);
    }
    const text = listFiles('shaders', '.wgsl')
      .map((file) => readFileSync(join(root, 'shaders', file), 'utf8'))
      .join('\n');
    const imported = new Set(
      [...text.matchAll(/^[ \t]*\/\/#import[ \t]+(\S+)/gm)].map((match) => `${match[1]}.wgsl`),
    );
    expect(lib.filter((file) => !imported.has(file))).toEqual([]);
  });
});

describe('tracked files', () => {
  const tracked = existsSync(join(root, '.git'))
    ? execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
        cwd: root,
        encoding: 'utf8',
      })
        .split('\0')
        .filter((file) => file !== '' && existsSync(join(root, file)))
    : [];

  it.skipIf(tracked.length === 0)('name no path of one machine and no registry host', () => {
    // put together here, so that this file does not name them either
    const paths = ['work', 'root', 'tmp', 'home', 'Users']
      .map((name) => `(?<![\\w.~*\\\\])/${name}/`)
      .join('|');
    const hosts = ['registry', 'npm', 'mirror', 'deb', 'packages'].map((name) => `://${name}[.]`).join('|');
    const forbidden = new RegExp(`${paths}|${hosts}|npmj[s][.]|yarnpk[g]`);
    expect(`see ${['', 'work', 'main'].join('/')}`).toMatch(forbidden);
    const found: string[] = [];
    for (const file of tracked) {
      const bytes = readFileSync(join(root, file));
      if (bytes.includes(0)) continue;
      bytes
        .toString('utf8')
        .split('\n')
        .forEach((line, i) => {
          if (forbidden.test(line)) found.push(`${file}:${i + 1}: ${line.trim().slice(0, 120)}`);
        });
    }
    expect(found).toEqual([]);
  });

  it('package-lock.json records no download address', () => {
    expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved"\s*:\s*"https?:/);
    expect(readFileSync(join(root, '.npmrc'), 'utf8')).toContain('omit-lockfile-registry-resolved=true');
  });
});
