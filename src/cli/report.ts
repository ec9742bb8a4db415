import { writeSync } from 'node:fs';
import { CommanderError } from 'commander';
import { SteelyardError } from '../core/errors.js';

/** Prints an error as one line on standard error and returns the exit code. */
export function report(error: unknown): number {
  const [message, code] = explain(error);
  // a progress line may be on screen
  const clear = process.stderr.isTTY ? '\r\u001b[K' : '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not reach the terminal
  const line = message.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  try {
    writeSync(2, `${clear}steelyard: ${line}\n`);
    if (process.env.STEELYARD_DEBUG && error instanceof Error) writeSync(2, `${error.stack}\n`);
  } catch {
    // nobody reads standard error
  }
  return code;
}

function explain(error: unknown): [message: string, code: number] {
  if (error instanceof SteelyardError) return [error.message, error.exitCode];
  if (error instanceof CommanderError)
    return [error.message.replace(/^error: /, '').replace(/\n\(D(id you mean .*)\)$/s, '; d$1'), 2];
  if (error instanceof Error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (error.name === 'AbortError') return ['stopped', 130];
    // the file system's own words name call and path
    if (code && /^E[A-Z]+$/.test(code)) return [error.message, 2];
    return [`unexpected ${error.name}: ${error.message}${hint()}`, 70];
  }
  return [`unexpected error: ${String(error)}${hint()}`, 70];
}

const hint = (): string => (process.env.STEELYARD_DEBUG ? '' : ' (set STEELYARD_DEBUG=1 for the stack)');
