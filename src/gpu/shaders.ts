import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { DeviceError } from '../core/errors.js';
import type { ShaderSource } from '../core/plan.js';

/** Beside src/ and dist/ alike. */
const LIB = new URL('../../shaders/lib/', import.meta.url);
const IMPORT = /^[ \t]*\/\/#import[ \t]+(.*?)[ \t]*$/;
const NAME = /^[a-z][a-z0-9_-]*$/;

/** A shader with its imports put in place, and where each line came from. */
export interface LoadedShader {
  readonly name: string;
  readonly code: string;
  /** Original place of assembled line i (from 0). */
  readonly origins: readonly { readonly file: string; readonly line: number }[];
}

/** Identifies a source for caches: the URL, or the text itself. */
export const sourceKey = (source: ShaderSource): string =>
  'file' in source ? `file ${source.file.href}` : `text ${source.text}`;

/**
 * Reads a shader and replaces each `//#import <name>` line by `shaders/lib/<name>.wgsl`, each library once,
 * where it is first asked for. Errors: DeviceError naming file and line for an unknown import or a cycle.
 */
export async function loadShader(name: string, source: ShaderSource): Promise<LoadedShader> {
  const lines: string[] = [];
  const origins: { file: string; line: number }[] = [];
  const done = new Set<string>();
  const open: string[] = [];

  const append = async (text: string, file: string): Promise<void> => {
    const own = text.split(/\r\n|\r|\n/);
    for (let i = 0; i < own.length; i++) {
      const wanted = IMPORT.exec(own[i]!)?.[1];
      if (wanted === undefined) {
        lines.push(own[i]!);
        origins.push({ file, line: i + 1 });
        continue;
      }
      const at = `${file}:${i + 1}`;
      if (open.includes(wanted))
        throw new DeviceError(`${at}: import ${wanted} is a cycle: ${[...open, wanted].join(' -> ')}`);
      if (done.has(wanted)) continue;
      done.add(wanted);
      open.push(wanted);
      await append(await readLib(wanted, at), `shaders/lib/${wanted}.wgsl`);
      open.pop();
    }
  };

  if ('file' in source) {
    const file = basename(source.file.pathname);
    await append(await read(source.file, `shader ${name}`), file);
  } else await append(source.text, `${name}.wgsl`);
  return { name, code: lines.join('\n'), origins };
}

async function readLib(name: string, at: string): Promise<string> {
  if (!NAME.test(name))
    throw new DeviceError(`${at}: import ${name || '(empty)'} must be a name in shaders/lib`);
  return read(new URL(`${name}.wgsl`, LIB), `${at}: import ${name}`);
}

async function read(url: URL, subject: string): Promise<string> {
  try {
    return await readFile(url, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'error';
    throw new DeviceError(`${subject}: cannot read ${basename(url.pathname)} (${code})`, { cause });
  }
}

/** `file:line:column` of a place in the assembled code; lines count from 1. */
export function originalPlace(shader: LoadedShader, line: number, column: number): string {
  const origin = shader.origins[line - 1];
  return origin ? `${origin.file}:${origin.line}:${column}` : shader.name;
}
