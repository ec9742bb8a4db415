import { type Dirent, lstatSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDataset, lockHolder } from '../dataset/lock.js';

/** What is kept, beside the lock, in a folder of ours. */
const CONTENT = 'dataset';

/**
 * An empty folder among the system's temporary files, gone after `close` and when the process ends. It lies in one that
 * the process has locked, so that what a killed process has left can be told: that goes first.
 */
export async function temporaryFolder(): Promise<{ folder: string; close: () => Promise<void> }> {
  const prefix = `steelyard-native-${processNamespace()}-`;
  removeLeft(prefix);
  const own = await mkdtemp(join(tmpdir(), prefix));
  // a signal ends the process without unwinding
  const remove = (): void => rmSync(own, { recursive: true, force: true });
  process.on('exit', remove);
  const unlock = lockDataset(own);
  const folder = join(own, CONTENT);
  await mkdir(folder);
  const close = async (): Promise<void> => {
    unlock();
    process.off('exit', remove);
    await rm(own, { recursive: true, force: true });
  };
  return { folder, close };
}

/**
 * Where process numbers count: containers may share a folder and a host's name, and a living process of another one
 * would look dead. '0' where the system has no such thing.
 */
function processNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

/** Removes what killed processes of this user have left. Whatever cannot be read or removed is left to its owner. */
function removeLeft(prefix: string): void {
  let entries: Dirent[] = [];
  try {
    entries = readdirSync(tmpdir(), { withFileTypes: true });
  } catch {
    // not to be listed: nothing can be told
  }
  for (const entry of entries) {
    // a link is not a directory here
    if (!entry.name.startsWith(prefix) || !entry.isDirectory()) continue;
    const path = join(tmpdir(), entry.name);
    try {
      if (lstatSync(path).uid !== (process.getuid?.() ?? 0) || lockHolder(path)?.alive !== false) continue;
      // the lock last: another start goes on if this one is killed
      rmSync(join(path, CONTENT), { recursive: true, force: true });
      rmSync(path, { recursive: true, force: true });
    } catch {
      // another start was faster, or it cannot be removed
    }
  }
}
