import { it } from 'vitest';
import { bulkVolume } from '../../src/core/side-rules/bulk-volume.js';
import { type Cell, expectClose, vectors } from '../support/vectors.js';

interface Case {
  readonly close: readonly number[];
  readonly volume: readonly number[];
  readonly window: number;
  readonly expect: readonly Cell[];
}

it.each(vectors<Case>('bulk-volume'))('$note', ({ close, volume, window, expect: want, note }) => {
  expectClose(bulkVolume(close, volume, { window }), want, note);
});
