import { parentPort } from 'node:worker_threads';
import { errorAnswer } from '../../core/worker-answer.js';
import { buffersOf } from './book-rows.js';
import { replayBook } from './replay.js';
import type { ReplayJob } from './replay-job.js';

parentPort?.on('message', ({ columns, options, until }: ReplayJob) => {
  try {
    const result = replayBook(columns, options, until);
    parentPort!.postMessage({ result }, buffersOf(result.states));
  } catch (error) {
    parentPort!.postMessage(errorAnswer(error));
  }
});
