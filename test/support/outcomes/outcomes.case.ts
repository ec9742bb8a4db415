import { expect, it } from 'vitest';
import { describeGpu } from '../gpu.js';

it('passes', () => expect(1).toBe(1));

it('fails if asked to', () => expect(process.env.OUTCOME).not.toBe('fail'));

it.skip('is skipped', () => undefined);

describeGpu('needs an adapter', () => {
  it('runs on one', () => expect(process.env.STEELYARD_GPU).not.toBe('none'));
});
