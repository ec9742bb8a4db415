// Analytics of the build that fail in a thread; see threads.test.ts.
import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const dist = (file) => import(new URL(`../../dist/${file}`, import.meta.url).href);
const { registry } = await dist('index.js');
const { InputError } = await dist('core/errors.js');
const plain = registry.get('volume-imbalance');
/** Costly, so that threads are started. */
const unruly = (exportName, reference) => ({
  ...plain,
  ...{ name: exportName, exportName, reference, module: import.meta.url, cost: () => 1e9 },
});

export const failing = unruly('failing', (tile, params, carry) => {
  const { symbol } = tile.inputs.trades.instruments.at(-1);
  if (symbol > 'S00000') throw new InputError('failing instrument', symbol, 'must be the first');
  return plain.reference(tile, params, carry);
});

export const overflowing = unruly('overflowing', () => new Uint32Array(-1));

export const endless = unruly('endless', () => {
  for (;;);
});

/** Threads end as the environment says: ENDS = exit, memory or always; but for always, only the one that makes the file MARKER. */
export const ending = unruly('ending', (tile, params, carry) => {
  const { ENDS } = process.env;
  if (!isMainThread && (ENDS === 'always' || isFirst())) {
    if (ENDS === 'memory') for (const held = []; ; ) held.push({ held });
    process.exit(7);
  }
  return plain.reference(tile, params, carry);
});

function isFirst() {
  try {
    writeFileSync(process.env.MARKER, '', { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}
