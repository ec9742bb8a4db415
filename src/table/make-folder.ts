import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it that are missing. Not by `mkdir(…, { recursive: true })`: below a folder that
 * takes no new ones and answers ENOENT, as /proc does, that never returns.
 */
export async function makeFolder(folder: string): Promise<void> {
  const missing: string[] = [];
  for (let at = resolve(folder); !existsSync(at); at = dirname(at)) missing.push(at);
  for (const path of missing.reverse())
    await mkdir(path).catch((error: { code?: string }) => {
      // another process may have made it meanwhile
      if (error.code !== 'EEXIST') throw error;
    });
}
