import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { InputError } from '../../core/errors.js';

/** What a worker answers: the result, or an error in parts, as classes do not survive the way. */
export type WorkerAnswer<Result> =
  | { readonly result: Result }
  | { readonly input: { readonly subject: string; readonly found: string; readonly bound: string } }
  | { readonly failure: string };

/** The answer that an error becomes. */
export function errorAnswer(error: unknown): WorkerAnswer<never> {
  if (error instanceof InputError)
    return { input: { subject: error.subject, found: String(error.found ?? ''), bound: error.bound } };
  return { failure: String(error instanceof Error ? error.stack : error) };
}

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

function resultOf<Result>(answer: WorkerAnswer<Result>): Result {
  if ('result' in answer) return answer.result;
  if ('input' in answer) throw new InputError(answer.input.subject, answer.input.found, answer.input.bound);
  throw new Error(`replay worker failed: ${answer.failure}`);
}
