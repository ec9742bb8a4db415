import { afterAll, beforeAll, describe } from 'vitest';
import { type Gpu, openGpu } from '../../src/gpu/device.js';

/** In the titles of all tests that need an adapter: test/run.mjs counts the skipped ones by it. */
export const GPU_TAG = '[gpu]';

/** Whether the test driver found an adapter (see test/support/driver.mjs). */
export const gpuAvailable = (): boolean => (process.env.STEELYARD_GPU ?? 'none') !== 'none';

let users = 0;
let opening: Promise<Gpu> | undefined;

/**
 * A `describe` that is skipped, and counted, without an adapter. `gpu()` is one device for the whole file,
 * open while any such block runs.
 */
export function describeGpu(name: string, body: (gpu: () => Gpu) => void): void {
  const title = `${GPU_TAG} ${name}`;
  describe.skipIf(!gpuAvailable())(title, () => {
    let gpu: Gpu | undefined;
    users++;
    beforeAll(async () => {
      opening ??= openGpu({ adapter: 'any', timestamps: true });
      gpu = await opening;
    });
    afterAll(async () => {
      if (--users > 0) return;
      const last = opening;
      opening = undefined;
      await (await last)?.close();
    });
    body(() => {
      if (!gpu) throw new Error('the GPU is open inside tests only');
      return gpu;
    });
  });
}
