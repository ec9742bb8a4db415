import { Worker } from 'node:worker_threads';
import type { TileResult } from '../core/analytic.js';
import { PlanError } from '../core/errors.js';
import { resultOf, type WorkerAnswer } from '../core/worker-answer.js';
import { FORGET, type TileJob } from './tile-job.js';

/** Workers are modules of the build: from TypeScript sources there are none. */
export const haveWorkers = !import.meta.url.endsWith('.ts');

/** Threads without a tile. They are kept for later runs, and do not keep the process alive. */
const idle: Worker[] = [];

/** What a worker is told and tells. */
export interface WorkerTileOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called in one line where a thread ended and its tile runs again. */
  readonly warn?: ((line: string) => void) | undefined;
}

/** A thread that ended without an answer. */
class ThreadEnded extends Error {}

/**
 * One tile in a worker thread. A thread that ends, out of memory or by a crash, is reported, and its tile runs once more
 * in a new one. Errors: those of the analytic; PlanError where the second thread ends too; the signal's reason.
 */
export async function runTileInWorker(
  job: TileJob,
  { signal, warn }: WorkerTileOptions = {},
): Promise<TileResult> {
  try {
    return await answerOf(idle.pop() ?? startWorker(), job, signal);
  } catch (error) {
    if (!(error instanceof ThreadEnded)) throw error;
    warn?.(`a thread of ${job.location.exportName} ended (${error.message}): its tile runs again`);
  }
  try {
    return await answerOf(startWorker(), job, signal);
  } catch (error) {
    if (!(error instanceof ThreadEnded)) throw error;
    const [input] = Object.values(job.tile.inputs);
    throw new PlanError(
      `${job.location.exportName} tile of rows`,
      input!.rows,
      `must fit a thread: two ended (${error.message}); take fewer rows a tile`,
    );
  }
}

/** Has the threads let go of the memory of earlier tiles. */
export function forgetTiles(): void {
  for (const worker of idle) worker.postMessage(FORGET);
}

function startWorker(): Worker {
  const worker = new Worker(new URL('./tile-worker.js', import.meta.url));
  // an idle thread that ends is no longer there to take; a busy one has listeners of its own
  worker.on('error', () => {});
  worker.on('exit', () => {
    const at = idle.indexOf(worker);
    if (at >= 0) idle.splice(at, 1);
  });
  return worker;
}

function answerOf(worker: Worker, job: TileJob, signal: AbortSignal | undefined): Promise<TileResult> {
  return new Promise((resolve, reject) => {
    let reason = '';
    const settle = (): void => {
      worker.off('message', answered);
      worker.off('error', failed);
      worker.off('exit', ended);
      signal?.removeEventListener('abort', aborted);
    };
    const answered = (answer: WorkerAnswer<TileResult>): void => {
      settle();
      worker.unref();
      idle.push(worker);
      try {
        resolve(resultOf(answer, job.location.exportName));
      } catch (error) {
        reject(error);
      }
    };
    const failed = (error: Error): void => {
      reason = error.message;
    };
    const ended = (code: number): void => {
      settle();
      reject(new ThreadEnded(reason || `exit code ${code}`));
    };
    const aborted = (): void => {
      settle();
      worker.terminate();
      reject(signal!.reason);
    };
    if (signal?.aborted) {
      idle.push(worker);
      reject(signal.reason);
      return;
    }
    worker.on('message', answered);
    worker.on('error', failed);
    worker.on('exit', ended);
    signal?.addEventListener('abort', aborted);
    worker.ref();
    worker.postMessage(job);
  });
}
