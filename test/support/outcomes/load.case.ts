import { expect, it } from 'vitest';

if (process.env.OUTCOME === 'fail') throw new Error('this file does not load');

it('loads', () => expect(1).toBe(1));
