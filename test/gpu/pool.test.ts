import { describe, expect, it } from 'vitest';
import { openGpu } from '../../src/gpu/device.js';
import { createPool, sizeClass } from '../../src/gpu/pool.js';
import { STORAGE, UNIFORM } from '../../src/gpu/usage.js';

describe('size classes', () => {
  it('hold what was asked for, in whole words, wasting at most a quarter', () => {
    const max = 2 ** 32 - 1;
    for (let bytes = 0; bytes < 5000; bytes++) {
      const size = sizeClass(bytes, max);
      expect(size).toBeGreaterThanOrEqual(bytes);
      expect(size % 4).toBe(0);
      expect(size).toBeLessThanOrEqual(Math.max(256, bytes * 1.25 + 4));
    }
  });

  it('never pass the largest buffer of the device, unless asked to', () => {
    expect(sizeClass(900, 1000)).toBe(1000);
    expect(sizeClass(998, 1001)).toBe(1000);
    expect(sizeClass(2 ** 32 - 4, 2 ** 32 - 1)).toBe(2 ** 32 - 4);
  });
});

describe('pool', () => {
  it('reuses by usage and class, and drops what idles', async () => {
    const gpu = await openGpu({ adapter: 'any', allowNull: true });
    const pool = createPool(gpu.device);
    const first = pool.acquire(STORAGE, 1000);
    const other = pool.acquire(STORAGE, 1000);
    expect(other).not.toBe(first);
    pool.release(first);
    expect(pool.acquire(UNIFORM, 1000)).not.toBe(first);
    expect(pool.acquire(STORAGE, 5000)).not.toBe(first);
    expect(pool.acquire(STORAGE, 980)).toBe(first);
    expect(pool.stats()).toEqual({ buffers: 4, bytes: 1024 * 3 + 5120 });
    pool.release(other);
    for (let i = 0; i < 8; i++) pool.sweep();
    expect(pool.stats().buffers).toBe(4);
    pool.sweep();
    expect(pool.stats().buffers).toBe(3);
    pool.release(first);
    pool.trim();
    expect(pool.stats().buffers).toBe(2);
    pool.release(other);
    expect(pool.stats().buffers, 'a destroyed buffer is not taken back').toBe(2);
    await gpu.close();
  });
});
