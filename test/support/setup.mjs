import { prepareDriver } from './driver.mjs';

/** Vitest's global setup: chooses a GPU driver unless test/run.mjs has done so; the workers inherit it. */
export default function setup() {
  if (process.env.STEELYARD_GPU !== undefined) return;
  Object.assign(process.env, prepareDriver().env);
}
