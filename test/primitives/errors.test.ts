import { expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.js';

it('a message is one short line, whatever it names', () => {
  const { message } = new InputError('a\u0000b\r\nc', 'x'.repeat(1e6), `is one of ${'y'.repeat(1e6)}`);
  expect(message).toMatch(/^a b c x{200} is one of y+ …$/);
  expect(message).toHaveLength(1202);
  expect(new InputError('a', 1, 'b'.repeat(1000)).message).toBe(`a 1 ${'b'.repeat(1000)}`);
});
