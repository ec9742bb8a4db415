import { Worker } from 'node:worker_threads';
import type { TileResult } from '../core/analytic.js';
import { resultOf, type WorkerAnswer } from '../core/worker-answer.js';
import type { FromThread, TileJob } from './tile-job.js';

/** A thread that gave no answer; `started` unless it, or the analytic in it, could not be loaded: no other thread can then. */
export class ThreadEnded extends Error {
  constructor(
    reason: string,
    readonly started: boolean,
  ) {
    super(reason);
  }
}

/** A worker thread, which runs a tile at a time and keeps the process alive only while it does. */
export class TileThread {
  readonly #worker: Worker;
  #started = false;
  #reason = '';
  #busy:
    | { readonly resolve: (result: TileResult) => void; readonly reject: (error: unknown) => void }
    | undefined;

  constructor() {
    this.#worker = new Worker(new URL('./tile-worker.js', import.meta.url), threadOptions());
    this.#worker.unref();
    this.#worker.on('message', (message: FromThread) => this.#hear(message));
    this.#worker.on('error', ({ message }) => {
      this.#reason = message;
    });
    this.#worker.on('exit', (code) => {
      this.#fail(new ThreadEnded(this.#reason || `exit code ${code}`, this.#started));
    });
  }

  /** Errors: those of the analytic, ThreadEnded, and the reason for which the thread was stopped. */
  run(job: TileJob): Promise<TileResult> {
    return new Promise((resolve, reject) => {
      this.#busy = { resolve, reject };
      this.#worker.ref();
      try {
        this.#worker.postMessage(job);
      } catch (error) {
        // parameters that cannot be sent, such as functions
        this.#fail(error);
      }
    });
  }

  /** Ends the thread; its tile is rejected with the reason. */
  async stop(reason: unknown): Promise<void> {
    this.#fail(reason);
    await this.#worker.terminate();
  }

  #hear(message: FromThread): void {
    if ('ready' in message) this.#started = true;
    else if ('unloaded' in message) this.#fail(new ThreadEnded(message.unloaded, false));
    else this.#answer(message);
  }

  #answer(answer: WorkerAnswer<TileResult>): void {
    const busy = this.#free();
    try {
      busy?.resolve(resultOf(answer));
    } catch (error) {
      busy?.reject(error);
    }
  }

  #fail(error: unknown): void {
    this.#free()?.reject(error);
  }

  #free() {
    const busy = this.#busy;
    this.#busy = undefined;
    this.#worker.unref();
    return busy;
  }
}

/** A thread takes the flags of the process, loaders among them, but none that say what its main program is. */
function threadOptions(): { execArgv?: string[] } {
  const main = /^(--input-type|-e$|--eval|-p$|--print|-pe$)/;
  return process.execArgv.some((flag) => main.test(flag)) ? { execArgv: [] } : {};
}
