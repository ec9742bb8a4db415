import { linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../core/errors.js';
import { writeError } from '../table/atomic.js';

/**
 * Locks a dataset's folder for one writer; returns the unlock. A lock whose process has died is taken over; one of a
 * living process, or of another machine, is an InputError naming it.
 */
export function lockDataset(folder: string): () => void {
  const path = join(folder, '.lock');
  const own = JSON.stringify({ pid: process.pid, started: startOf(process.pid), host: hostname() });
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, own);
    for (let tries = 0; ; tries++) {
      try {
        // a link appears with its whole content, or not at all
        linkSync(draft, path);
        break;
      } catch (error) {
        const { code } = error as { code?: string };
        // who had the lock took the draft of another machine's process, not yet written, for one that was left
        if (code === 'ENOENT' && tries < 100) {
          writeFileSync(draft, own);
          continue;
        }
        if (code !== 'EEXIST') throw error;
        const holder = holderOf(path);
        if (holder === undefined && tries < 100) continue;
        if (holder !== undefined && !alive(holder) && takeAway(path)) continue;
        throw new InputError(
          'dataset',
          folder,
          `is being written by process ${holder?.pid ?? '?'} on ${holder?.host ?? '?'}: wait for it, or remove its .lock if that process is gone`,
        );
      }
    }
  } catch (error) {
    throw writeError(folder, error);
  } finally {
    rmSync(draft, { force: true });
  }
  const unlock = (): void => {
    process.off('exit', unlock);
    rmSync(path, { force: true });
  };
  process.on('exit', unlock);
  removeDrafts(folder);
  return unlock;
}

/** Removes what processes left that were killed while they locked: drafts, and locks set aside. Only who has the lock may. */
function removeDrafts(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = /^\.lock\.(?:dead\.)?(\d+)$/.exec(name)?.[1];
    if (pid === undefined) continue;
    const path = join(folder, name);
    // one that was never written to its end tells no more than its name
    const holder = holderOf(path) ?? { pid: Number(pid), started: startOf(Number(pid)), host: hostname() };
    if (!alive(holder)) rmSync(path, { force: true });
  }
}

/** Removes a dead process's lock; false if another process has locked meanwhile. */
function takeAway(path: string): boolean {
  const aside = `${path}.dead.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    // someone else took it away
    return true;
  }
  const holder = holderOf(aside);
  const mistaken = holder !== undefined && alive(holder);
  // not the lock that was looked at: give it back
  if (mistaken) linkSync(aside, path);
  rmSync(aside, { force: true });
  return !mistaken;
}

interface Holder {
  readonly pid: number;
  readonly started: string;
  readonly host: string;
}

/** Who holds a dataset's lock, and whether that process lives; undefined if nobody does, or nobody that can be read. */
export function lockHolder(folder: string): { pid: number; host: string; alive: boolean } | undefined {
  const holder = holderOf(join(folder, '.lock'));
  if (typeof holder?.pid !== 'number' || typeof holder.host !== 'string') return undefined;
  return { pid: holder.pid, host: holder.host, alive: alive(holder) };
}

function holderOf(path: string): Holder | undefined {
  try {
    const { pid, started, host } = JSON.parse(readFileSync(path, 'utf8')) as Holder;
    return { pid, started, host };
  } catch {
    return undefined;
  }
}

/** A process number alone can be used again: its start time tells. */
function alive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
  return startOf(holder.pid) === holder.started;
}

/** When a process started, in the kernel's ticks; '' where the system does not tell. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // the name may hold blanks and parentheses: fields are counted behind its last one
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
