import { parentPort } from 'node:worker_threads';
import { InputError } from '../../core/errors.js';
import { type ReplayResult, replayBook } from './replay.js';
import type { ReplayAnswer, ReplayJob } from './replay-job.js';

function answer({ columns, options, until }: ReplayJob): ReplayAnswer {
  try {
    return { result: replayBook(columns, options, until) };
  } catch (error) {
    if (error instanceof InputError)
      return { input: { subject: error.subject, found: String(error.found ?? ''), bound: error.bound } };
    return { failure: String(error instanceof Error ? error.stack : error) };
  }
}

/** The columns of a result move to the receiver instead of being copied. */
const buffersOf = ({ states }: ReplayResult): ArrayBuffer[] => [
  ...new Set([states.state, ...Object.values(states.columns)].map(({ buffer }) => buffer as ArrayBuffer)),
];

parentPort?.on('message', (job: ReplayJob) => {
  const message = answer(job);
  parentPort!.postMessage(message, 'result' in message ? buffersOf(message.result) : []);
});
