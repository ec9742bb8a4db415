import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Transpiles rooms of src/ to JavaScript that a child process can run without a build: what is tested is
 * the source as it stands. Returns the folder and its removal.
 */
export function transpile(rooms: readonly string[]): { folder: string; remove: () => void } {
  const folder = join(ROOT, 'node_modules', '.cache', 'steelyard', `transpiled-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const room of rooms) {
    mkdirSync(join(folder, room), { recursive: true });
    for (const file of readdirSync(join(ROOT, 'src', room))) {
      if (!file.endsWith('.ts')) continue;
      const { outputText } = ts.transpileModule(readFileSync(join(ROOT, 'src', room, file), 'utf8'), {
        compilerOptions: {
          module: ts.ModuleKind.ESNext,
          target: ts.ScriptTarget.ES2023,
          verbatimModuleSyntax: true,
        },
      });
      writeFileSync(join(folder, room, file.replace(/\.ts$/, '.js')), outputText);
    }
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
