import { parentPort } from 'node:worker_threads';
import { errorAnswer } from '../core/worker-answer.js';
import { buffersOf } from '../ingest/replay/index.js';
import { type InstrumentReplayJob, replayInstrument } from './replay-instrument.js';

parentPort?.on('message', async (job: InstrumentReplayJob) => {
  try {
    const result = await replayInstrument(job);
    parentPort!.postMessage({ result }, buffersOf(result.states));
  } catch (error) {
    parentPort!.postMessage(errorAnswer(error));
  }
});
