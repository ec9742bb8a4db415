// A worker as a user of the build would write one: imports an analytic by its location and runs tiles of it.
import { parentPort, workerData } from 'node:worker_threads';

const { loadAnalytic } = await import(`${workerData.dist}cpu/load-analytic.js`);
const { runTileOnCpu } = await import(`${workerData.dist}cpu/run-tile.js`);

parentPort.on('message', async ({ location, tile, params, carry }) => {
  try {
    const { outputs, carry: next } = runTileOnCpu(await loadAnalytic(location), tile, params, carry);
    const shared = Object.values(tile.inputs)[0].columns.tick?.buffer instanceof SharedArrayBuffer;
    parentPort.postMessage({ outputs, carry: next, shared });
  } catch (error) {
    parentPort.postMessage({ error: `${error.name}: ${error.message}` });
  }
});
