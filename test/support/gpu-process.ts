import { describe } from 'vitest';
import { GPU_TAG, gpuAvailable } from './gpu.js';

/** As `describeGpu`, for tests whose device is opened by a child process; the driver is inherited by it. */
export function describeGpuProcess(name: string, body: () => void): void {
  describe.skipIf(!gpuAvailable())(`${GPU_TAG} ${name}`, body);
}
