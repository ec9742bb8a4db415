import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { resultOf, type WorkerAnswer } from '../../core/worker-answer.js';

/**
 * Has `threads` workers of one module answer jobs, each the next as it is free; `done` gets the results as they come, with the place
 * of their job. The first error stops all, and no worker is left running.
 */
export async function inWorkers<Job, Result>(
  module: URL,
  jobs: readonly Job[],
  threads: number,
  done: (result: Result, at: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  let next = 0;
  const pool = Array.from({ length: Math.min(threads, jobs.length) }, () => new Worker(module));
  const stop = new AbortController();
  const halt = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  try {
    await Promise.all(
      pool.map(async (worker) => {
        while (next < jobs.length) {
          halt.throwIfAborted();
          const at = next++;
          worker.postMessage(jobs[at]);
          // an uncaught error of the worker rejects
          const [answer] = await once(worker, 'message', { signal: halt });
          done(resultOf(answer as WorkerAnswer<Result>), at);
        }
      }),
    );
  } finally {
    stop.abort();
    await Promise.all(pool.map((worker) => worker.terminate()));
  }
}
